// A map of rows as the page shows it: which rows are there, what they have in common, and which of them lie in a rectangle.
import type { Recipe } from '../config/recipe'
import type { RowMap } from '../config/row-map'
import { rowKeysFrom } from '../recipe/row-key'
import type { RowSample } from '../recipe/row-sample'
import { dropPicked } from '../recipe/steps/drop-picked'
import type { WorkbenchState } from './workbench-state'

export interface MadeMap {
  sample: RowSample
  points: RowMap
  /** The name of the base. */
  model: string
  /** What the rows were made from (see `basisOf`). */
  basis: string
}

/** A column is named by `column`. */
export interface MapColour {
  by: 'part' | 'origin' | 'loss' | 'column'
  column?: string
}

/** Rows with something in common: a value, or a loss from `from` to `to`. */
interface RowClass {
  value?: string
  from?: number
  to?: number
  count: number
}

export interface RowClasses {
  classes: readonly RowClass[]
  /** The class of each point; −1 = none of these. */
  of: readonly number[]
  /** Points in none of the classes. */
  others: number
}

export interface Rectangle {
  left: number
  right: number
  bottom: number
  top: number
}

/** The most classes of values, and the number of ranges of losses. */
const [mostValues, lossRanges] = [6, 5]

/** The row of the point at `place`. */
export const rowAt = ({ sample, points }: MadeMap, place: number) => sample.rows[points.lines[place] - 1]

/** What a map depends on: files and steps, but no rows that were dropped from it. */
export function basisOf({ files, recipe }: Pick<WorkbenchState, 'files' | 'recipe'>): string {
  const steps = recipe.now.steps.filter(({ step }) => step !== dropPicked.name)
  return JSON.stringify([files.map(({ id, part, how }) => [id, part, how]), steps])
}

/** The keys of rows that the recipe drops because they were picked. */
export function pickedKeys({ steps }: Recipe): Set<string> {
  return new Set(steps.flatMap(({ step, data, digest }) => (step === dropPicked.name && !digest ? rowKeysFrom(data) : [])))
}

/** The points that are still among the rows. */
export function pointsLeft(made: MadeMap, dropped: ReadonlySet<string>): number[] {
  return made.points.lines.flatMap((_, place) => (dropped.has(rowAt(made, place).key) ? [] : [place]))
}

export function inside({ x, y }: RowMap, places: readonly number[], { left, right, bottom, top }: Rectangle): number[] {
  return places.filter((place) => x[place] >= left && x[place] <= right && y[place] >= bottom && y[place] <= top)
}

function valueOf(made: MadeMap, place: number, { by, column }: MapColour): string {
  const { part, origin, cells } = rowAt(made, place)
  if (by === 'part') return part
  if (by === 'origin') return origin.by === 'file' ? (origin.file ?? 'file') : origin.by
  return cells[made.sample.columns.indexOf(column ?? '')] ?? ''
}

/** The classes of the points by what they are coloured by: the most frequent values, or as many rows in each range of losses. */
export function classesOf(made: MadeMap, colour: MapColour): RowClasses {
  if (colour.by === 'loss') return lossClasses(made.points.losses)
  const values = made.points.lines.map((_, place) => valueOf(made, place, colour))
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const top = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostValues)
  const names = top.map(([value]) => value)
  const classes = top.map(([value, count]): RowClass => ({ value, count }))
  return { classes, of: values.map((value) => names.indexOf(value)), others: values.length - classes.reduce((sum, c) => sum + c.count, 0) }
}

function lossClasses(losses: readonly number[]): RowClasses {
  const sorted = losses.filter(Number.isFinite).sort((a, b) => a - b)
  const bounds = Array.from({ length: lossRanges }, (_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / lossRanges) - 1])
  const tops = [...new Set(bounds.filter((bound) => bound !== undefined))]
  const of = losses.map((loss) => (Number.isFinite(loss) ? tops.findIndex((top) => loss <= top) : -1))
  const classes = tops.map((to, i): RowClass => ({ from: tops[i - 1] ?? sorted[0], to, count: of.filter((c) => c === i).length }))
  return { classes, of, others: of.filter((c) => c < 0).length }
}
