// The columns of the table of runs: facts, settings and figures. Where several runs are shown, those in which they differ.
import { columnsOf } from '../config/figures'
import type { FieldValue, Settings } from '../config/field'
import { type AnyMetric, isMeasured } from '../config/metrics'
import { kindOfFamily } from '../formats/families/registry'
import { type Run, adapterBytes, figuresOf, knowsTraining } from './run'

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
type FigureColumn = ColumnOf<'figure'> & { label: string; metric: AnyMetric }
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
const figureColumns = [...describing, ...ranking].map(({ figure: { key, label }, metric }): FigureColumn => ({
  id: key,
  of: 'figure',
  label,
  metric,
  isNumber: true,
  value: (run) => figuresOf(run)[key],
}))

/** All columns for `runs`: facts of their set-up, settings, other facts, figures. */
function allColumns(runs: readonly Run[]): RunColumn[] {
  const settings = Object.entries(Object.assign({}, ...runs.map(settingsOf)) as Record<string, FieldValue>).map(settingColumn)
  const kinds = runs.map(({ model }) => kindOfFamily(model.family))
  const ofSetUp = (column: RunColumn): boolean => column.of === 'fact' && setUp.includes(column.key)
  return [
    ...factColumns.filter(ofSetUp),
    ...settings,
    ...factColumns.filter((column) => !ofSetUp(column)),
    ...figureColumns.filter(({ metric }) => kinds.some((kind) => isMeasured(metric, kind))),
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

/** How the runs were set up differently: the columns whose values are said beside each run. */
function differencesOf(runs: readonly Run[]): RunColumn[] {
  const known = runs.length > 1 ? allColumns(runs) : []
  return known.filter(
    (column) => (column.of === 'setting' || (column.of === 'fact' && setUp.includes(column.key))) && differs(runs, column),
  )
}

/** For each run by its id, the columns in which it was set up differently: from the others, or from the run `baseline` where that is one of them. */
export function differencesById(runs: readonly Run[], baseline: string | undefined): Map<string, RunColumn[]> {
  const columns = differencesOf(runs)
  const base = runs.find(({ id }) => id === baseline)
  const apart = (column: RunColumn, run: Run): boolean => {
    const value = column.value(run)
    return value !== undefined && (!base || value !== column.value(base))
  }
  return new Map(runs.map((run) => [run.id, columns.filter((column) => apart(column, run))]))
}

/** Two records say the same about how a run was set up. */
const sameSetUp = (one: Run, other: Run): boolean =>
  one.id === other.id &&
  one.config === other.config &&
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
