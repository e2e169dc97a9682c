// A comparison as it is being set up: which methods, and what is the same for all of them. Its runs are ordinary runs that know
// which comparison they belong to, so curves, adapters and survival are those of every run.
import { type StoreApi, createStore } from 'zustand/vanilla'
import { templateProblem } from '../config/class-templates'
import { type ComparisonColumn, comparedRows, comparisonTraining } from '../config/comparison'
import { type Field, type FieldValue, type Settings, defaults, fieldProblem } from '../config/field'
import { FormatError, phraseOf } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { answerField } from '../config/answer-length'
import type { AskedBase } from '../config/answered-rows'
import { plainNumber } from '../config/number-text'
import { autoHow } from '../config/read-how'
import { fileSource } from '../data/data-source'
import { readAny } from '../data/in/read-any'
import { givenAnswer } from '../scores/other-answers'
import { type Axis, type Variant, parseAxis, sharedAxisFields, variantsOf } from '../config/variants'
import { type RunConfig, defaultTraining, parseTraining, trainingFields } from '../config/run-config'
import type { DataReport, MethodReport, ModelReport, PickedFile } from '../worker/api'
import type { DataState } from './data-state'
import { type Undecided, undecided } from './missing'
import type { PartOfComparison } from './run'
import { type SetupState, fieldProblems } from './setup-state'

export interface AxisDraft {
  setting: string
  text: string
}

/** Files of a comparison. The page does not keep them: after a reload the comparison continues without them, and says so (`unmeasuredFiles`). */
interface ComparisonFiles {
  /** Answers of other models. */
  others: readonly { name: string; given: readonly { prompt: string; answer: string }[] }[]
  /** What the models should still know. */
  retained?: PickedFile
  /** Why a file cannot be used. */
  problem?: Phrase
}

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
  /** Settings that are varied: what (`seed`, `lora.r`), and the values as they are typed. */
  axes: readonly AxisDraft[]
  /** Most tokens of an answer. */
  maxTokens: number
  /** How the base is asked without training, as it is typed: numbers of solved examples, and task descriptions, one on each line. */
  shots: string
  basePrompts: string
  /** Texts with `{}` for the name of a class, as they are typed, one on each line. */
  templates: string
  files: ComparisonFiles
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
  help: 'Held-out rows that the base and every run answer. The answers are judged by the scores that suit the data. 0 = none.',
  default: 16,
  min: 0,
  max: 100_000,
  integer: true,
} as const satisfies Field

/** The model reads the names of classes, so it sorts pictures without training. */
export const readsNames = (report: ModelReport | undefined): boolean => report?.pictures?.classes.length === 0

/** The data has completions that an answer can be compared with. */
export function hasCompletions(report: DataReport | undefined): boolean {
  return report !== undefined && !report.pictures && report.format !== 'text' && report.format !== 'tokens'
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

/** Tokens that every run leaves for a row in the model's context. */
function commonLength(state: ComparisonState, setup: SetupState, model: ModelReport): number {
  const { variants } = comparisonVariants(state, setup)
  const virtual = variants.map(({ method, settings }) =>
    Number(settings.virtualTokens ?? setup.drafts[method.name]?.virtualTokens ?? method.virtualTokens),
  )
  return model.context - Math.max(0, ...virtual.filter(Number.isFinite))
}

export type ComparisonMissing =
  'model' | 'data' | 'counting' | 'nothingToTrain' | Undecided | 'evaluation' | 'methods' | 'fields' | 'values'

/** The length that the chosen methods leave for rows, if it is shorter than the chosen length. */
export function shortenedLength(state: ComparisonState, setup: SetupState, model: ModelReport): number | undefined {
  if (model.pictures) return undefined
  const methods = chosenMethods(state, setup)
  const room = commonLength(state, setup, model)
  return methods.length > 0 && Number(state.training.maxLength) > room ? room : undefined
}

/** The length at which all of its runs cut rows; undefined if there is no such length. */
export function comparisonLength(state: ComparisonState, setup: SetupState, model: ModelReport): number | undefined {
  // Pictures are as long as their patches, and prompts beside them have no positions.
  if (model.pictures) return model.context
  const field = setup.trainingFields.find((f) => f.key === 'maxLength')
  if (field && fieldProblem(field, state.training.maxLength)) return undefined
  const length = Math.min(Number(state.training.maxLength), commonLength(state, setup, model))
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
  if (bad || !Array.isArray(askedBases(state)) || !Array.isArray(zeroShotTemplates(state)) || fieldProblem(answerField, state.maxTokens))
    return 'fields'
  return comparisonVariants(state, setup).problem ? 'values' : undefined
}

/** How the base is asked without training, beside how the data say; a phrase says what is wrong. */
export function askedBases({ shots, basePrompts }: Pick<ComparisonState, 'shots' | 'basePrompts'>): AskedBase[] | Phrase {
  const counts = shots.trim() === '' ? [0] : shots.split(',').map((part) => plainNumber(part))
  if (counts.some((count) => !Number.isInteger(count) || count < 0 || count > 100))
    return say`solved examples: expected whole numbers from 0 to 100 with commas between them, got ${shots}. Correct them.`
  const tasks = [
    undefined,
    ...basePrompts
      .split('\n')
      .map((task) => task.trim())
      .filter((task) => task !== ''),
  ]
  const all = tasks.flatMap((taskDescription) =>
    [...new Set(counts)].map((count): AskedBase => ({ shots: count, ...(taskDescription !== undefined && { taskDescription }) })),
  )
  return all.filter(({ taskDescription, shots: count }) => taskDescription !== undefined || count > 0)
}

/** The templates in which the base reads the names of classes; a phrase says what is wrong. */
export function zeroShotTemplates({ templates }: Pick<ComparisonState, 'templates'>): string[] | Phrase {
  const all = [...new Set(templates.split('\n').map((line) => line.trim()))].filter((line) => line !== '')
  return templateProblem(all) ?? all
}

/** The same; none where something is wrong. */
export function basesToAsk(state: Pick<ComparisonState, 'shots' | 'basePrompts'>): AskedBase[] {
  const bases = askedBases(state)
  return Array.isArray(bases) ? bases : []
}

/** Settings that can be varied with the chosen methods: those of all, and those of each method. */
export function axisChoices(state: ComparisonState, setup: SetupState): { setting: string; field: Field; method?: MethodReport }[] {
  const own = chosenMethods(state, setup).flatMap((method) =>
    method.fields.map((field) => ({ setting: `${method.name}.${field.key}`, field, method })),
  )
  const shared = sharedAxisFields(setup.trainingFields).map((field) => ({ setting: field.key, field }))
  // What is varied most often comes first.
  return [...shared.filter(({ setting }) => setting === 'seed'), ...own, ...shared.filter(({ setting }) => setting !== 'seed')]
}

/** The runs of a comparison, or why there are none. */
export function comparisonVariants(
  state: ComparisonState,
  setup: SetupState,
): { variants: Variant<MethodReport>[]; problem?: { at?: number; words: Phrase } } {
  const methods = chosenMethods(state, setup)
  const axes: Axis[] = []
  for (const [at, { setting, text }] of state.axes.entries())
    try {
      axes.push(parseAxis(`${setting}=${text}`, methods, setup.trainingFields))
    } catch (error) {
      return { variants: [], problem: { at, words: phraseOf(error) } }
    }
  try {
    return { variants: variantsOf(methods, axes, setup.trainingFields) }
  } catch (error) {
    return { variants: [], problem: { words: phraseOf(error) } }
  }
}

interface ComparisonConfig {
  method: MethodReport
  config: RunConfig
  variant: Variant<MethodReport>
}

/** The configuration of each run: its method's settings and learning rate, what its variant changes, all else the same. None while that is not valid. */
export function comparisonConfigs(state: ComparisonState, setup: SetupState, model: ModelReport): ComparisonConfig[] {
  const invalid = chosenMethods(state, setup).some((method) => rateProblem(learningRate(state, method)))
  if (invalid || fieldProblems(sharedFields(setup), state.training).length > 0) return []
  const training = parseTraining(state.training, {}, setup.trainingFields)
  const maxLength = model.pictures ? training.maxLength : Math.min(training.maxLength, commonLength(state, setup, model))
  return comparisonVariants(state, setup).variants.map((variant) => {
    const { method, settings } = variant
    const own = { ...training, learningRate: learningRate(state, method), ...variant.training }
    return {
      method,
      variant,
      config: {
        method: method.name,
        methodSettings: { ...defaults(method.fields), ...setup.drafts[method.name], ...settings },
        // The same rows are evaluated for every run, so their number does not fit each run by itself.
        training: parseTraining({ ...own, evalRows: training.evalRows || comparedRows, maxLength }, {}, setup.trainingFields),
      },
    }
  })
}

/** The shared settings before anything was changed. */
export const sharedStart = (fields: readonly Field[]): Settings => defaultTraining(comparisonTraining, fields)

/** The files that a comparison uses beside its data. */
function createFiles(store: StoreApi<ComparisonState>) {
  const started = new Map<string, ComparisonFiles>()

  /** Reads the answers of another model. */
  async function readAnswers({ file }: PickedFile): Promise<void> {
    const set = (change: (files: ComparisonFiles) => Partial<ComparisonFiles>): void =>
      store.setState(({ files }) => ({ files: { ...files, problem: undefined, ...change(files) } }))
    try {
      const given: ReturnType<typeof givenAnswer>[] = []
      for await (const { line, value, problem } of readAny(fileSource(file), autoHow)) {
        if (problem) throw new FormatError(say`${file.name}, line ${line}: ${problem}. Correct the line.`)
        given.push(givenAnswer(say`${file.name}, line ${line}`, value))
      }
      set(({ others }) => ({ others: [...others.filter(({ name }) => name !== file.name), { name: file.name, given }] }))
    } catch (error) {
      set(() => ({ problem: phraseOf(error) }))
    }
  }

  return {
    readAnswers,
    /** Uses no other model's answers with this name. */
    dropAnswers(name: string): void {
      store.setState(({ files }) => ({ files: { ...files, others: files.others.filter((other) => other.name !== name) } }))
    },
    setRetained(retained: PickedFile | undefined): void {
      store.setState(({ files }) => ({ files: { ...files, retained } }))
    },
    /** The comparison uses the files that are chosen now. Returns their names; none = no file. */
    begin(id: string): PartOfComparison['files'] {
      const { files } = store.getState()
      started.set(id, files)
      if (files.others.length === 0 && !files.retained) return undefined
      return { others: files.others.map(({ name }) => name), retained: files.retained?.file.name }
    },
    filesOf: (id: string | undefined): ComparisonFiles | undefined => (id === undefined ? undefined : started.get(id)),
  }
}

export function createComparisonStore(fields: readonly Field[] = trainingFields) {
  const store = createStore<ComparisonState>(() => ({
    chosen: [],
    training: sharedStart(fields),
    rates: {},
    exactMatchRows: exactMatchField.default,
    advanced: false,
    axes: [],
    maxTokens: answerField.default,
    shots: '',
    basePrompts: '',
    templates: '',
    files: { others: [] },
  }))
  return {
    store,
    ...createFiles(store),
    setAsked(change: Partial<Pick<ComparisonState, 'shots' | 'basePrompts' | 'templates' | 'maxTokens'>>): void {
      store.setState(change)
    },
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
    vary(axes: readonly AxisDraft[]): void {
      store.setState({ axes })
    },
    setTarget(targetPerplexity: number | undefined): void {
      store.setState({ targetPerplexity })
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
