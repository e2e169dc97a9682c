// Method and settings of the run that is being set up. Each change of them is followed by an estimate of what the run would take.
import { createStore } from 'zustand/vanilla'
import { type Field, type FieldValue, defaults } from '../config/field'
import { type Effort, effortTraining } from '../config/efforts'
import { type RunConfig, trainingFields } from '../config/run-config'
import type { AdapterReport, EngineApi, MethodReport, WayToFit } from '../worker/api'
import { createEstimating } from './estimating'
import {
  type SetupState,
  startTraining,
  withConfig,
  withDefaults,
  withDraft,
  withMethod,
  withMethodAfresh,
  withMethods,
  withWay,
} from './setup-state'

export function createSetupStore(engine: EngineApi, ready: () => boolean, fields: readonly Field[] = trainingFields) {
  const store = createStore<SetupState>(() => ({
    trainingFields: fields,
    methods: [],
    drafts: {},
    training: startTraining(fields, undefined),
    ownTraining: {},
    advanced: false,
    estimating: false,
  }))
  const estimate = createEstimating(engine, store, ready)

  function change(to: (state: SetupState) => Partial<SetupState>): void {
    store.setState(to)
    estimate()
  }

  const methodNamed = (name: string): MethodReport | undefined => store.getState().methods.find((m) => m.name === name)

  function choose(name: string, as = withMethod): void {
    const method = methodNamed(name)
    if (method) change((state) => as(state, method))
  }

  const setDraft = (method: string, key: string, value: FieldValue): void => change((state) => withDraft(state, method, key, value))

  return {
    store,
    estimate,
    /** Gets the methods for the loaded model. The choice stays if that method still exists. */
    async loadMethods(): Promise<void> {
      const result = await engine.methods()
      if (!result.ok) return store.setState({ error: result.error.phrase })
      store.setState((state) => withMethods(state, result.value))
      const first = result.value.find((m) => !m.unavailable) ?? result.value[0]
      const kept = methodNamed(store.getState().method ?? '')
      // A model of another kind may leave nothing of the choice.
      if (first && (!kept || (kept.unavailable !== undefined && first.unavailable === undefined))) choose(first.name)
      else estimate()
    },
    /** Gets the settings of all methods, whose labels tables of runs show before a model is open. */
    async loadFields(): Promise<void> {
      const result = await engine.methodFields()
      if (result.ok) store.setState({ methodFields: result.value })
    },
    setContext: (context: number | undefined): void => store.setState({ context }),
    /** Chooses a method. The training settings stay, except those for which methods have their own defaults. */
    choose: (name: string): void => choose(name),
    /** Chooses a method with default training settings. */
    chooseAfresh: (name: string): void => choose(name, withMethodAfresh),
    setMethodValue(key: string, value: FieldValue): void {
      const { method } = store.getState()
      if (method) setDraft(method, key, value)
    },
    /** A setting of any method, chosen now or not. */
    setDraft,
    /** Sets how much the run does. */
    setEffort: (effort: Effort): void => change(({ training }) => ({ training: { ...training, ...effortTraining(effort) } })),
    setTrainingValue: (key: string, value: FieldValue): void => change(({ training }) => ({ training: { ...training, [key]: value } })),
    /** Takes a whole configuration, of a saved run or the demo. */
    take: (config: RunConfig): void => change((state) => withConfig(state, config)),
    /** Changes the run so that it fits. Its base is changed by `studio.takeWay`. */
    takeWay: (way: WayToFit['change']): void => change((state) => withWay(state, way)),
    /** Training will continue from an adapter, with its method and settings and with default training settings. */
    goOn(from: { runId: string; name: string }, adapter: Pick<AdapterReport, 'method' | 'settings'>): void {
      choose(adapter.method, withMethodAfresh)
      const own = methodNamed(adapter.method)?.fields ?? []
      change(() => ({ from: { ...from, settings: { ...defaults(own), ...adapter.settings } } }))
    },
    startFresh: (): void => change(() => ({ from: undefined })),
    /** Back to the chosen method's defaults. */
    reset: (): void => change(withDefaults),
    setAdvanced(advanced: boolean): void {
      store.setState({ advanced })
    },
  }
}
export type SetupSlice = ReturnType<typeof createSetupStore>
