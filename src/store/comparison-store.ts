// A comparison as it is being set up: which methods, and what is the same for all of them. Its runs are ordinary runs that know
// which comparison they belong to, so curves, adapters and survival are those of every run.
import { createStore } from 'zustand/vanilla'
import { type ComparisonColumn, comparedRows, comparisonTraining } from '../config/comparison'
import { type Field, type FieldValue, type Settings, defaults, fieldProblem } from '../config/field'
import { type RunConfig, defaultTraining, parseTraining, trainingFields } from '../config/run-config'
import type { DataReport, MethodReport, ModelReport } from '../worker/api'
import type { DataState } from './data-state'
import { type Undecided, undecided } from './missing'
import { type SetupState, fieldProblems } from './setup-state'

export interface ComparisonState {
  /** Names of methods. */
  chosen: string[]
  /** Everything but the learning rate, which is each method's own. */
  training: Settings
  /** Learning rates that were changed. */
  rates: Record<string, number>
  /** Held-out rows to answer; 0 = none. */
  exactMatchRows: number
  advanced: boolean
  /** The comparison that is looked at; absent = the newest. */
  shown?: string
  sort?: { column: ComparisonColumn; descending: boolean }
  /** The perplexity until which the table gives the time. */
  targetPerplexity?: number
}

const rateField = trainingFields.find((f) => f.key === 'learningRate')!
/** The training settings that are the same for all methods. */
export const sharedFields = ({ trainingFields: fields }: SetupState): Field[] => fields.filter((f) => f.key !== rateField.key)
export const exactMatchField = {
  key: 'exactMatchRows',
  type: 'number',
  label: 'Rows to answer',
  help: 'Held-out rows that every method answers after training, compared with their completions. 0 = none.',
  default: 16,
  min: 0,
  max: 100_000,
  integer: true,
} as const satisfies Field

/** The data has completions that an answer can be compared with. */
export function hasCompletions(report: DataReport | undefined): boolean {
  return report !== undefined && report.format !== 'text' && report.format !== 'tokens'
}

export function learningRate(state: ComparisonState, method: MethodReport): number {
  return state.rates[method.name] ?? method.training.learningRate ?? rateField.default
}

export function rateProblem(rate: number): boolean {
  return fieldProblem(rateField, rate) !== undefined
}

/** The chosen methods that can run, in the order of the registry. */
export function chosenMethods(state: ComparisonState, setup: SetupState): MethodReport[] {
  return setup.methods.filter((m) => state.chosen.includes(m.name) && !m.unavailable)
}

/** Tokens that every one of these methods leaves for a row in the model's context. */
function commonLength(methods: readonly MethodReport[], setup: SetupState, model: ModelReport): number {
  const virtual = methods.map((m) => Number(setup.drafts[m.name]?.virtualTokens ?? m.virtualTokens))
  return model.context - Math.max(0, ...virtual.filter(Number.isFinite))
}

export type ComparisonMissing = 'model' | 'data' | 'counting' | 'nothingToTrain' | Undecided | 'evaluation' | 'methods' | 'fields'

/** The length that the chosen methods leave for rows, if it is shorter than the chosen length. */
export function shortenedLength(state: ComparisonState, setup: SetupState, model: ModelReport): number | undefined {
  const methods = chosenMethods(state, setup)
  const room = commonLength(methods, setup, model)
  return methods.length > 0 && Number(state.training.maxLength) > room ? room : undefined
}

/** The length at which all of its runs cut rows; undefined if there is no such length. */
export function comparisonLength(state: ComparisonState, setup: SetupState, model: ModelReport): number | undefined {
  const field = setup.trainingFields.find((f) => f.key === 'maxLength')
  if (field && fieldProblem(field, state.training.maxLength)) return undefined
  const length = Math.min(Number(state.training.maxLength), commonLength(chosenMethods(state, setup), setup, model))
  return length > 0 ? length : undefined
}

/** What is missing before it can start, or undefined. `cut`: the data at the length of the comparison. */
export function comparisonMissing(
  state: ComparisonState,
  setup: SetupState,
  model: ModelReport | undefined,
  data: DataState,
  cut: DataReport | undefined,
): ComparisonMissing | undefined {
  if (!model) return 'model'
  if (!data.report) return 'data'
  if (comparisonLength(state, setup, model) === undefined) return 'fields'
  if (!cut) return 'counting'
  if (cut.trainRows === 0) return 'nothingToTrain'
  const undecidedPart = undecided(data, cut)
  if (undecidedPart) return undecidedPart
  if (cut.evalRows === 0) return 'evaluation'
  const methods = chosenMethods(state, setup)
  if (methods.length === 0) return 'methods'
  const bad =
    fieldProblems(sharedFields(setup), state.training).length > 0 ||
    fieldProblem(exactMatchField, state.exactMatchRows) !== undefined ||
    methods.some((m) => rateProblem(learningRate(state, m)) || fieldProblems(m.fields, setup.drafts[m.name] ?? {}).length > 0)
  return bad ? 'fields' : undefined
}

/** A run's configuration for each chosen method: its own settings and learning rate, all else the same. None while that is not valid. */
export function comparisonConfigs(
  state: ComparisonState,
  setup: SetupState,
  model: ModelReport,
): { method: MethodReport; config: RunConfig }[] {
  if (fieldProblems(sharedFields(setup), state.training).length > 0) return []
  const methods = chosenMethods(state, setup)
  const training = parseTraining(state.training, {}, setup.trainingFields)
  const maxLength = Math.min(training.maxLength, commonLength(methods, setup, model))
  return methods.map((method) => ({
    method,
    config: {
      method: method.name,
      methodSettings: { ...defaults(method.fields), ...setup.drafts[method.name] },
      // The same rows are evaluated for every run, so their number does not fit each run by itself.
      training: { ...training, evalRows: training.evalRows || comparedRows, maxLength, learningRate: learningRate(state, method) },
    },
  }))
}

/** The shared settings before anything was changed. */
export const sharedStart = (fields: readonly Field[]): Settings => defaultTraining(comparisonTraining, fields)

export function createComparisonStore(fields: readonly Field[] = trainingFields) {
  const store = createStore<ComparisonState>(() => ({
    chosen: [],
    training: sharedStart(fields),
    rates: {},
    exactMatchRows: exactMatchField.default,
    advanced: false,
  }))
  return {
    store,
    toggle(name: string): void {
      const { chosen } = store.getState()
      store.setState({ chosen: chosen.includes(name) ? chosen.filter((c) => c !== name) : [...chosen, name] })
    },
    choose(names: string[]): void {
      store.setState({ chosen: names })
    },
    setTrainingValue(key: string, value: FieldValue): void {
      store.setState((s) => ({ training: { ...s.training, [key]: value } }))
    },
    setRate(name: string, rate: number): void {
      store.setState((s) => ({ rates: { ...s.rates, [name]: rate } }))
    },
    setExactMatchRows(rows: number): void {
      store.setState({ exactMatchRows: rows })
    },
    setAdvanced(advanced: boolean): void {
      store.setState({ advanced })
    },
    show(id: string | undefined): void {
      store.setState({ shown: id })
    },
    /** Sorts by a column; the same again turns the order round. */
    sortBy(column: ComparisonColumn): void {
      store.setState(({ sort }) => ({ sort: { column, descending: sort?.column === column && !sort.descending } }))
    },
  }
}
export type ComparisonSlice = ReturnType<typeof createComparisonStore>
