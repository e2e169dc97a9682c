// How the data of a run were made: kept with the run, in run.json and in the model card.
import { type Settings, usableSettings } from './field'
import { recordOf, stringifyJson } from './exact-json'
import { type ReadHow, givenHow, readHowFields } from './read-how'
import { type Maker, type Recipe, type RecipeReport, type RecipeStep, digestFrom, makers } from './recipe'
import { sha256Text } from './sha256'

interface FileOfData {
  name: string
  /** What a person chose about how it is read; absent = all of it was guessed. */
  read?: Partial<ReadHow>
}

export interface RecipeOfData extends Recipe {
  /** The files that the rows are from. */
  files: readonly FileOfData[]
  /** Rows by their maker, after the steps. */
  makers: RecipeReport['makers']
}

/** The recipe as it travels with a run: the data of its steps are training data, so a digest takes their place. */
export async function withoutData<R extends Recipe>(recipe: R): Promise<R> {
  return { ...recipe, steps: await Promise.all(recipe.steps.map(digested)) }
}

async function digested({ data, ...step }: RecipeStep): Promise<RecipeStep> {
  const count = [data ?? []].flat().length
  if (count === 0) return step
  return { ...step, digest: { count, sha256: await sha256Text(stringifyJson(data)) } }
}

/** What a run keeps of the recipe that made its rows. */
export async function recipeMade(recipe: Recipe, { files, makers }: Pick<RecipeReport, 'files' | 'makers'>): Promise<RecipeOfData> {
  const { steps, licence } = await withoutData(recipe)
  return {
    steps,
    ...(licence !== undefined && { licence }),
    files: files.map(({ name, read }) => ({ name, ...(read && { read }) })),
    makers,
  }
}

/** What a run keeps of rows that no recipe made, where their licence is known. */
export const licenceAlone = (licence: string, file: string): RecipeOfData => ({ steps: [], licence, files: [{ name: file }], makers: {} })

const isSetting = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)

function stepFrom(value: unknown): RecipeStep | undefined {
  const { step, settings, data, digest: kept } = recordOf(value) ?? {}
  const digest = digestFrom(kept)
  const given = Object.entries(recordOf(settings) ?? {})
  if (typeof step !== 'string' || (kept !== undefined && !digest) || !given.every(([, setting]) => isSetting(setting))) return undefined
  return { step, settings: Object.fromEntries(given) as Settings, ...(data !== undefined && { data }), ...(digest && { digest }) }
}

/** Older versions kept the name alone. */
function fileFrom(value: unknown): FileOfData | undefined {
  const { name, read } = typeof value === 'string' ? { name: value } : (recordOf(value) ?? {})
  if (typeof name !== 'string') return undefined
  const given = givenHow(usableSettings(readHowFields, read))
  return { name, ...(Object.keys(given).length > 0 && { read: given }) }
}

/** From the record of a run; undefined if it is not usable. The steps may be those of another version. */
export function recipeOfData(value: unknown): RecipeOfData | undefined {
  const { steps, files, makers: counts, licence } = recordOf(value) ?? {}
  if (!Array.isArray(steps) || !Array.isArray(files)) return undefined
  const parsed = steps.map(stepFrom).filter((step) => step !== undefined)
  const named = files.map(fileFrom).filter((file) => file !== undefined)
  if (parsed.length !== steps.length || named.length !== files.length) return undefined
  const found = makers.flatMap((maker): [Maker, number][] => {
    const count = recordOf(counts)?.[maker]
    return typeof count === 'number' ? [[maker, count]] : []
  })
  return { steps: parsed, files: named, makers: Object.fromEntries(found), ...(typeof licence === 'string' && { licence }) }
}

/** Rows of earlier data that were mixed in: how many, and how many were asked for per new row. */
export interface ReplayOfData {
  name: string
  rows: number
  share: number
}

/** From the record of a run; undefined if it is not usable. */
export function replayOfData(value: unknown): ReplayOfData | undefined {
  const { name, rows, share } = recordOf(value) ?? {}
  return typeof name === 'string' && typeof rows === 'number' && typeof share === 'number' ? { name, rows, share } : undefined
}
