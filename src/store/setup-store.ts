// Method and settings as they are being chosen, and what a run with them would take.
import { createStore } from 'zustand/vanilla'
import { type Field, type FieldValue, type Settings, defaults, parseSettings, usableSettings } from '../config/field'
import { type RunConfig, defaultTraining, parseTraining, trainingFields } from '../config/run-config'
import type { AdapterReport, EngineApi, MemoryReport, MethodReport } from '../worker/api'

export interface SetupState {
  /** What can be set of the training. */
  trainingFields: readonly Field[]
  methods: MethodReport[]
  method?: string
  /** What was entered, per method; may be out of bounds while typing. */
  drafts: Record<string, Settings>
  training: Settings
  advanced: boolean
  /** The adapter that training goes on from; its method and settings are fixed. */
  from?: { runId: string; name: string; settings: Settings }
  memory?: MemoryReport
  estimating: boolean
  error?: string
  /** Keys of the training settings that the sentence asks to change. */
  errorSettings?: readonly string[]
}

/** The sentence why `value` cannot stand in `field`, or undefined. */
export function fieldProblem(field: Field, value: FieldValue | undefined): string | undefined {
  try {
    parseSettings(field.label, [field], { [field.key]: value })
    return undefined
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const start = message.indexOf('expected')
    return message.slice(start < 0 ? 0 : start, message.indexOf(', got'))
  }
}

export function fieldProblems(fields: readonly Field[], values: Settings): Field[] {
  return fields.filter((field) => fieldProblem(field, values[field.key]) !== undefined)
}

export function chosenMethod(state: SetupState): MethodReport | undefined {
  return state.methods.find((m) => m.name === state.method)
}

/** The chosen method's settings: those of the adapter that is gone on with, or what was entered. */
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

const estimateDelayMs = 150

export function createSetupStore(engine: EngineApi, ready: () => boolean, fields: readonly Field[] = trainingFields) {
  const store = createStore<SetupState>(() => ({
    trainingFields: fields,
    methods: [],
    drafts: {},
    training: startTraining(fields, undefined),
    advanced: false,
    estimating: false,
  }))
  let timer: ReturnType<typeof setTimeout> | undefined
  let current = 0

  async function estimateNow(): Promise<void> {
    const ticket = ++current
    const config = chosenConfig(store.getState())
    if (!config || !ready()) {
      store.setState({ memory: undefined, estimating: false })
      return
    }
    store.setState({ estimating: true })
    const result = await engine.estimate(config)
    if (ticket !== current) return
    if (result.ok) store.setState({ memory: result.value, estimating: false, error: undefined, errorSettings: undefined })
    else store.setState({ memory: undefined, estimating: false, error: result.error.message, errorSettings: result.error.settings })
  }

  /** Estimates soon; several changes in a row give one estimate. */
  function estimate(): void {
    clearTimeout(timer)
    store.setState({ estimating: true })
    timer = setTimeout(() => void estimateNow(), estimateDelayMs)
  }

  /** The methods for the loaded model; the choice and what was entered stay where they still exist. */
  async function loadMethods(): Promise<void> {
    const result = await engine.methods()
    if (!result.ok) {
      store.setState({ error: result.error.message })
      return
    }
    const { drafts, method } = store.getState()
    const known = Object.fromEntries(result.value.map((m) => [m.name, { ...defaults(m.fields), ...drafts[m.name] }]))
    const kept = result.value.find((m) => m.name === method)
    const first = result.value.find((m) => !m.unavailable) ?? result.value[0]
    store.setState({ methods: result.value, drafts: known, error: undefined })
    if (!kept && first) choose(first.name)
    else estimate()
  }

  /** Takes a method with its own defaults for training; maximum length and seed stay, since data and comparisons hang on them. */
  function choose(name: string): void {
    const { methods, training } = store.getState()
    const method = methods.find((m) => m.name === name)
    if (!method) return
    store.setState({
      method: name,
      from: undefined,
      training: { ...startTraining(fields, method), maxLength: training.maxLength, seed: training.seed },
    })
    estimate()
  }

  /** A setting of any method, chosen now or not. */
  function setDraft(method: string, key: string, value: FieldValue): void {
    store.setState(({ drafts }) => ({ drafts: { ...drafts, [method]: { ...drafts[method], [key]: value } } }))
    estimate()
  }

  return {
    store,
    loadMethods,
    choose,
    estimate,
    setMethodValue(key: string, value: FieldValue): void {
      const { method } = store.getState()
      if (method) setDraft(method, key, value)
    },
    setDraft,
    setTrainingValue(key: string, value: FieldValue): void {
      store.setState({ training: { ...store.getState().training, [key]: value } })
      estimate()
    },
    /** Takes a whole configuration, of a kept run or the demo. */
    take(config: RunConfig): void {
      const { drafts, methods } = store.getState()
      const own = methods.find((m) => m.name === config.method)?.fields ?? []
      store.setState({
        method: config.method,
        from: undefined,
        drafts: { ...drafts, [config.method]: usableSettings(own, config.methodSettings) },
        // A run kept by an earlier version lacks newer settings, and may have settings that no longer exist.
        training: usableSettings(fields, config.training),
      })
      estimate()
    },
    /** Training will go on from an adapter, with its method and settings and fresh training settings. */
    goOn(from: { runId: string; name: string }, adapter: Pick<AdapterReport, 'method' | 'settings'>): void {
      choose(adapter.method)
      const own = store.getState().methods.find((m) => m.name === adapter.method)?.fields ?? []
      store.setState({ from: { ...from, settings: { ...defaults(own), ...adapter.settings } } })
      estimate()
    },
    startFresh(): void {
      store.setState({ from: undefined })
      estimate()
    },
    /** Back to the chosen method's defaults. */
    reset(): void {
      const state = store.getState()
      const method = chosenMethod(state)
      if (!method) return
      const drafts = state.from ? state.drafts : { ...state.drafts, [method.name]: defaults(method.fields) }
      store.setState({ drafts, training: startTraining(fields, method) })
      estimate()
    },
    setAdvanced(advanced: boolean): void {
      store.setState({ advanced })
    },
  }
}
export type SetupSlice = ReturnType<typeof createSetupStore>
