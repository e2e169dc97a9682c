// The columns of the table of runs: facts, settings and figures. Where several runs are shown, those in which they differ.
import { type Column, columnsOf } from '../config/figures'
import type { FieldValue, Settings } from '../config/field'
import { type AnyMetric, type Figure, isMeasured } from '../config/metrics'
import { trainingFields } from '../config/run-config'
import { kindOfFamily } from '../formats/families/registry'
import { type Run, adapterBytes, figuresOf, isTrained, knowsTraining, stepsOf } from './run'

const runFacts = ['method', 'model', 'base', 'data', 'trainable', 'memory', 'adapter', 'trainingTime'] as const
export type RunFact = (typeof runFacts)[number]

interface ColumnOf<Of extends string> {
  of: Of
  /** Unique among all columns. */
  id: string
  /** Its values are numbers. */
  isNumber: boolean
  value(run: Run): FieldValue | undefined
}
type FactColumn = ColumnOf<'fact'> & { key: RunFact }
/** A setting of the method or of training, by the key of its field. */
type SettingColumn = ColumnOf<'setting'> & { key: string }
export type FigureColumn = ColumnOf<'figure'> & { label: string; metric: AnyMetric; take: Figure['take'] }
export type RunColumn = FactColumn | SettingColumn | FigureColumn

const facts: Record<RunFact, (run: Run) => FieldValue | undefined> = {
  method: ({ methodLabel }) => methodLabel,
  model: ({ model }) => model.name,
  base: ({ model }) => model.base,
  data: ({ data }) => data.name || undefined,
  trainable: ({ summary, memory }) => (summary?.memory ?? memory)?.trainableParameters,
  // A trainer on the CPU has no peak of graphics memory.
  memory: ({ summary, memory }) => (summary?.peakGpuBytes ?? summary?.memory.totalBytes ?? memory?.totalBytes) || undefined,
  adapter: adapterBytes,
  trainingTime: ({ last }) => (last && Number.isFinite(last.elapsedMs) ? last.elapsedMs : undefined),
}
/** Facts that are results, as figures are. */
const results: readonly RunFact[] = ['trainingTime']
/** Facts that say how a run was set up, as its settings do. */
const setUp: readonly RunFact[] = ['method', 'model', 'base', 'data']

const factColumns: readonly FactColumn[] = runFacts.map((key) => ({
  id: key,
  of: 'fact',
  key,
  isNumber: !setUp.includes(key),
  value: facts[key],
}))

/** The settings of a run by the keys of their fields. Where only its method is known, its training settings are not. */
const settingsOf = (run: Run): Record<string, FieldValue> => ({
  ...(knowsTraining(run) ? run.config.training : {}),
  ...run.config.methodSettings,
})

/** One of them. Many columns ask many runs, so this copies no settings. */
function settingOf(run: Run, key: string): FieldValue | undefined {
  if (key === 'steps' && isTrained(run)) return stepsOf(run)
  const { methodSettings, training }: { methodSettings: Settings; training: Settings } = run.config
  return methodSettings[key] ?? (knowsTraining(run) ? training[key] : undefined)
}

const settingColumns = new Map<string, RunColumn>()

/** The same object for each key, so that a table knows its columns again. */
function settingColumn([key, value]: [string, FieldValue]): RunColumn {
  const column = settingColumns.get(key) ?? {
    id: `set.${key}`,
    of: 'setting',
    key,
    isNumber: typeof value === 'number',
    value: (run) => settingOf(run, key),
  }
  settingColumns.set(key, column)
  return column
}

const { describing, ranking } = columnsOf('runs')
const figureColumn = ({ figure: { key, label, take }, metric }: Column): FigureColumn => ({
  id: key,
  of: 'figure',
  label,
  metric,
  take,
  isNumber: true,
  value: (run) => figuresOf(run)[key],
})
const [describingColumns, rankingColumns] = [describing.map(figureColumn), ranking.map(figureColumn)]

const trainingKeys: ReadonlySet<string> = new Set(trainingFields.map(({ key }) => key))

/** The settings of `runs`: those that all have, and those that only some of their methods have. */
function settingsIn(runs: readonly Run[]): { common: RunColumn[]; own: RunColumn[] } {
  const all = Object.entries(Object.assign({}, ...runs.map(settingsOf)) as Record<string, FieldValue>)
  const isCommon = (key: string): boolean => trainingKeys.has(key) || runs.every((run) => key in run.config.methodSettings)
  return {
    common: all.filter(([key]) => isCommon(key)).map(settingColumn),
    own: all.filter(([key]) => !isCommon(key)).map(settingColumn),
  }
}

const isSetUp = (column: RunColumn): boolean => column.of === 'fact' && setUp.includes(column.key)
const isResult = (column: RunColumn): boolean => column.of === 'fact' && results.includes(column.key)

/**
 * All columns for `runs`. Results come first, so that they are in sight beside the names; then how the runs were set up, and what they took.
 * Settings that only some of the methods have are last, because they are empty in most rows.
 */
function allColumns(runs: readonly Run[]): RunColumn[] {
  const { common, own } = settingsIn(runs)
  const kinds = runs.map(({ model }) => kindOfFamily(model.family))
  const measured = ({ metric }: FigureColumn): boolean => kinds.some((kind) => isMeasured(metric, kind))
  return [
    ...rankingColumns.filter(measured),
    ...factColumns.filter(isResult),
    ...factColumns.filter(isSetUp),
    ...common,
    ...factColumns.filter((column) => !isSetUp(column) && !isResult(column)),
    ...describingColumns.filter(measured),
    ...own,
  ]
}

/** Runs that have the value differ in it. A setting that a method does not have is no difference, and a figure that was not measured is one. */
function differs(runs: readonly Run[], column: RunColumn): boolean {
  const values = runs.map(column.value)
  const found = new Set(column.of === 'setting' ? values.filter((value) => value !== undefined) : values)
  return found.size > 1
}

/** The columns in which `runs` differ, and those in which they do not. One run alone has its facts and figures as columns. */
export function columnsFor(runs: readonly Run[]): { shown: RunColumn[]; same: RunColumn[] } {
  const all = allColumns(runs)
  const isShown = (column: RunColumn): boolean => (runs.length > 1 ? differs(runs, column) : column.of !== 'setting')
  return { shown: all.filter(isShown), same: all.filter((column) => !isShown(column)) }
}

const methodOf = ({ config }: Run): string => config.method

/** How runs of one method were set up differently: the columns whose values are said beside each run. */
function differencesOf(runs: readonly Run[]): RunColumn[] {
  const known = (runs.length > 1 ? allColumns(runs) : []).filter((column) => column.of === 'setting' || isSetUp(column))
  // What comes last may be cut, so the method's own settings are before those of training.
  const isTraining = (column: RunColumn): boolean => column.of === 'setting' && trainingKeys.has(column.key)
  return [...known.filter((column) => !isTraining(column)), ...known.filter(isTraining)].filter((column) => differs(runs, column))
}

/**
 * For each run by its id, the columns that set it apart from the visible runs of its method, or from the run `baseline` where that is one of
 * them. Runs of different methods are told apart by their names.
 */
export function differencesById(runs: readonly Run[], baseline: string | undefined): Map<string, RunColumn[]> {
  const visible = runs.filter((run) => run.visible)
  const columnsOfMethod = new Map(
    [...new Set(visible.map(methodOf))].map((method) => [method, differencesOf(visible.filter((run) => methodOf(run) === method))]),
  )
  const base = runs.find(({ id }) => id === baseline)
  return new Map(
    runs.map((run) => {
      const from = base && methodOf(base) === methodOf(run) ? base : undefined
      const apart = (column: RunColumn): boolean => {
        const value = column.value(run)
        return value !== undefined && (!from || value !== column.value(from))
      }
      return [run.id, (columnsOfMethod.get(methodOf(run)) ?? []).filter(apart)]
    }),
  )
}

/** Two records say the same about how a run was set up. */
const sameSetUp = (one: Run, other: Run): boolean =>
  one.id === other.id &&
  one.visible === other.visible &&
  one.config === other.config &&
  stepsOf(one) === stepsOf(other) &&
  one.methodLabel === other.methodLabel &&
  one.model === other.model &&
  one.data === other.data &&
  knowsTraining(one) === knowsTraining(other)

/** A function that gives the same list as before while nothing but steps and results has changed in its runs. */
export function createSetUps(): (runs: readonly Run[]) => readonly Run[] {
  let before: readonly Run[] = []
  return (runs) => {
    const same = runs.length === before.length && runs.every((run, i) => sameSetUp(run, before[i]))
    if (!same) before = runs
    return before
  }
}
