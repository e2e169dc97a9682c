// Method and settings as they are chosen, and how each choice changes them. Plain data and functions of it.
import { type Field, type FieldValue, type Settings, defaults, fieldProblem, usableSettings } from '../config/field'
import type { Phrase } from '../config/phrase'
import { type RunConfig, defaultTraining, parseTraining } from '../config/run-config'
import type { MemoryReport, MethodReport, WayToFit } from '../worker/api'

export interface SetupState {
  /** The training settings of the form. */
  trainingFields: readonly Field[]
  methods: MethodReport[]
  /** The settings of all methods, also of those that the loaded model does not have; absent until they are read. */
  methodFields?: readonly Field[]
  method?: string
  /** The entered settings of each method. They may be out of bounds while a person types. */
  drafts: Record<string, Settings>
  training: Settings
  /** The training settings for which methods have defaults of their own (the learning rate), as they were changed for each method. */
  ownTraining: Record<string, Settings>
  advanced: boolean
  /** The adapter from which training continues. Its method and settings are fixed. */
  from?: { runId: string; name: string; settings: Settings }
  /** Tokens that the loaded model takes at most. */
  context?: number
  memory?: MemoryReport
  /** Changes that would each make the run fit; absent until they are found. */
  ways?: readonly WayToFit[]
  estimating: boolean
  error?: Phrase
  /** Keys of the training settings that the sentence asks to change. */
  errorSettings?: readonly string[]
}

export function fieldProblems(fields: readonly Field[], values: Settings): Field[] {
  return fields.filter((field) => fieldProblem(field, values[field.key]) !== undefined)
}

export function chosenMethod(state: SetupState): MethodReport | undefined {
  return state.methods.find((m) => m.name === state.method)
}

/** The chosen method's settings: those of the adapter that is trained further, or the entered ones. */
export function methodValues(state: SetupState): Settings {
  return state.from?.settings ?? state.drafts[state.method ?? ''] ?? {}
}

/** Fields whose entered value cannot be used. */
export function invalidFields(state: SetupState): Field[] {
  const method = chosenMethod(state)
  return [...(method ? fieldProblems(method.fields, methodValues(state)) : []), ...fieldProblems(state.trainingFields, state.training)]
}

/** The configuration as chosen, or undefined while something is missing or out of bounds. */
export function chosenConfig(state: SetupState): RunConfig | undefined {
  const method = chosenMethod(state)
  if (!method || invalidFields(state).length > 0) return undefined
  return {
    method: method.name,
    methodSettings: { ...methodValues(state) },
    training: parseTraining(state.training, {}, state.trainingFields),
    ...(state.from && { from: state.from.runId }),
  }
}

/** The training settings that a method starts with. */
export function startTraining(fields: readonly Field[], method: MethodReport | undefined): Settings {
  return defaultTraining(method?.training, fields)
}

/** The same for the loaded model, whose rows are no longer than it takes. */
export function usualTraining({ trainingFields, context }: SetupState, method: MethodReport | undefined): Settings {
  const usual = startTraining(trainingFields, method)
  return context === undefined ? usual : { ...usual, maxLength: Math.min(Number(usual.maxLength), context) }
}

/** Sets the methods of the loaded model. The settings entered for them stay; a rate that was not changed becomes that of the new model. */
export function withMethods(state: SetupState, methods: MethodReport[]): Partial<SetupState> {
  const { drafts, training } = state
  const [before, now] = [chosenMethod(state), methods.find((m) => m.name === state.method)].map((m) => m?.training.learningRate)
  const rate = before !== undefined && now !== undefined && training.learningRate === before && { learningRate: now }
  return {
    methods,
    training: { ...training, ...rate },
    drafts: Object.fromEntries(methods.map((m) => [m.name, { ...defaults(m.fields), ...drafts[m.name] }])),
    error: undefined,
  }
}

/** The training settings in which a method differs from others, with their defaults. */
const ownDefaults = (method: MethodReport | undefined): Settings => ({ ...method?.training })

/**
 * Chooses a method. Settings for which it or the last method has a default of its own (the learning rate) become those that were entered for it
 * before, or its defaults. All others stay.
 */
export function withMethod(state: SetupState, method: MethodReport): Partial<SetupState> {
  const { trainingFields, training, ownTraining } = state
  const last = chosenMethod(state)
  const changed = Object.keys(ownDefaults(last)).filter((key) => training[key] !== ownDefaults(last)[key])
  const kept = last ? { ...ownTraining, [last.name]: Object.fromEntries(changed.map((key) => [key, training[key]])) } : ownTraining
  const usual = startTraining(trainingFields, method)
  const own = Object.keys({ ...ownDefaults(last), ...ownDefaults(method) }).map((key) => [key, usual[key]])
  return {
    method: method.name,
    from: undefined,
    ownTraining: kept,
    training: { ...training, ...Object.fromEntries(own), ...kept[method.name] },
  }
}

/** Chooses a method with default training settings, except for those on which data and comparisons depend. */
export function withMethodAfresh(state: SetupState, method: MethodReport): Partial<SetupState> {
  const { maxLength, seed } = state.training
  return { ...withMethod(state, method), training: { ...startTraining(state.trainingFields, method), maxLength, seed } }
}

/** A setting of any method, chosen now or not. */
export function withDraft({ drafts }: SetupState, method: string, key: string, value: FieldValue): Partial<SetupState> {
  return { drafts: { ...drafts, [method]: { ...drafts[method], [key]: value } } }
}

/** A whole configuration. A run kept by an earlier version lacks newer settings, and may have settings that no longer exist. */
export function withConfig({ drafts, methods, trainingFields }: SetupState, config: RunConfig): Partial<SetupState> {
  const own = methods.find((m) => m.name === config.method)?.fields ?? []
  return {
    method: config.method,
    from: undefined,
    drafts: { ...drafts, [config.method]: usableSettings(own, config.methodSettings) },
    training: usableSettings(trainingFields, config.training),
  }
}

/** The chosen method with its defaults, and those for training. */
export function withDefaults(state: SetupState): Partial<SetupState> {
  const method = chosenMethod(state)
  if (!method) return {}
  const drafts = state.from ? state.drafts : { ...state.drafts, [method.name]: defaults(method.fields) }
  const { [method.name]: _, ...ownTraining } = state.ownTraining
  return { drafts, ownTraining, training: usualTraining(state, method) }
}

/** The run with a change that makes it fit. Of another method, the settings are its own, and the training settings stay apart from its defaults. */
export function withWay(state: SetupState, { method: name, methodSettings, training }: WayToFit['change']): Partial<SetupState> {
  const method = name === undefined ? chosenMethod(state) : state.methods.find((m) => m.name === name)
  if (!method) return {}
  const own = name === undefined ? {} : { ...defaults(method.fields) }
  return {
    method: method.name,
    drafts: { ...state.drafts, [method.name]: { ...(name === undefined ? state.drafts[method.name] : own), ...methodSettings } },
    training: { ...state.training, ...(name !== undefined && method.training), ...training },
  }
}
