// How a person looks at the table of runs: what is searched, how rows are sorted and grouped, and which run the others are compared with.
import { createStore } from 'zustand/vanilla'
import { bestOf } from '../config/figures'
import type { FigureColumn, RunColumn } from './run-columns'
import { type Run, evaluationsOf } from './run'

export const runGroups = ['none', 'method', 'model', 'data', 'status', 'tags', 'comparison'] as const
export type RunGroup = (typeof runGroups)[number]

interface RunsView {
  /** Words that the name, the tags, the notes or the settings of a run must all have. */
  find: string
  starred: boolean
  group: RunGroup
  /** Absent = the newest run first. */
  sort?: { column: string; descending: boolean }
  /** The run that others are compared with. */
  baseline?: string
}

export function createRunsView() {
  const store = createStore<RunsView>(() => ({ find: '', starred: false, group: 'none' }))
  return {
    store,
    set: (change: Partial<RunsView>): void => store.setState(change),
    /** Sorts by a column, a second time in the other direction, and a third time not at all. */
    sortBy(column: string): void {
      store.setState(({ sort }) => {
        if (sort?.column !== column) return { sort: { column, descending: false } }
        return { sort: sort.descending ? undefined : { column, descending: true } }
      })
    },
  }
}

const wordsOf = ({ name, tags = [], notes = '', methodLabel, model, data, status, config }: Run): string =>
  [
    name,
    ...tags,
    notes,
    methodLabel,
    model.name,
    data.name,
    status,
    ...Object.entries({ ...config.training, ...config.methodSettings }).map(([key, value]) => `${key}=${value}`),
  ]
    .join('\n')
    .toLowerCase()

function isFound(run: Run, { find, starred }: RunsView): boolean {
  if (starred && !run.starred) return false
  const words = find.toLowerCase().split(/\s+/).filter(Boolean)
  const all = words.length > 0 ? wordsOf(run) : ''
  return words.every((word) => all.includes(word))
}

/** Runs without a value come last in both directions. */
function sorted(runs: readonly Run[], column: RunColumn | undefined, descending: boolean): Run[] {
  const newest = runs.toReversed()
  if (!column) return newest
  return newest.sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)]
    const [noX, noY] = [x, y].map((value) => value === undefined || Number.isNaN(value))
    if (noX || noY || x === undefined || y === undefined) return Number(noX) - Number(noY)
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), undefined, { numeric: true })
    return descending ? -order : order
  })
}

/** What the runs of a group share; empty for runs that have none of it. */
function groupOf(run: Run, group: RunGroup): string {
  switch (group) {
    case 'none':
      return ''
    case 'method':
      return run.methodLabel
    case 'model':
      return run.model.name
    case 'data':
      return run.data.name
    case 'status':
      return run.status
    case 'tags':
      return (run.tags ?? []).join(', ')
    case 'comparison':
      return run.comparison?.id ?? ''
  }
}

/** The runs that are found, sorted, in groups by what they share. */
export function arranged(runs: readonly Run[], view: RunsView, columns: readonly RunColumn[]): { shared: string; runs: Run[] }[] {
  const { sort, group } = view
  const found = sorted(
    runs.filter((run) => isFound(run, view)),
    columns.find(({ id }) => id === sort?.column),
    sort?.descending ?? false,
  )
  const groups = new Map<string, Run[]>()
  for (const run of found) {
    const shared = groupOf(run, group)
    groups.set(shared, [...(groups.get(shared) ?? []), run])
  }
  return [...groups].map(([shared, own]) => ({ shared, runs: own }))
}

/** What runs share whose figures can be compared: the base model and all rows, with those that an evaluation takes. Undefined where it is not known. */
function comparableBy({ summary }: Run): string | undefined {
  if (summary?.data.rowsFingerprint === undefined) return undefined
  const { model, data, memory } = summary
  return JSON.stringify([model.fingerprint ?? model.name, data.rowsFingerprint, memory.evalRows?.used])
}

/** The value that the run is ranked by: a finite one that its training has led to. */
function rankedBy(run: Run, column: FigureColumn): number | undefined {
  const { best, last } = evaluationsOf(run)
  const measuredAt = column.metric.of === 'evaluation' ? (column.take === 'best' ? best : last)?.step : undefined
  const value = column.value(run)
  return measuredAt !== 0 && typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** The runs with the best value among comparable ones; none where only one of these has a value. */
function bestIn(runs: readonly Run[], column: FigureColumn): string[] {
  const values = new Map(runs.map((run) => [run.id, rankedBy(run, column)]))
  const known = [...values.values()].filter((value) => value !== undefined)
  const best = known.length > 1 ? bestOf(column.metric.better, known) : undefined
  return best === undefined ? [] : [...values].filter(([, value]) => value === best).map(([id]) => id)
}

/** For each figure that runs are ranked by, the ids of the visible runs that are best of those that can be compared with them. */
export function bestsOf(runs: readonly Run[], columns: readonly RunColumn[]): Record<string, readonly string[]> {
  const groups = new Map<string, Run[]>()
  for (const run of runs) {
    const shared = run.visible ? comparableBy(run) : undefined
    if (shared !== undefined) groups.set(shared, [...(groups.get(shared) ?? []), run])
  }
  const ranked = columns.filter((column) => column.of === 'figure').filter(({ metric }) => metric.better)
  return Object.fromEntries(ranked.map((column) => [column.id, [...groups.values()].flatMap((own) => bestIn(own, column))]))
}
