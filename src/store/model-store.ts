// The model that is loaded, or on its way. A failed load leaves what was there.
import { createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import type { BaseFormat } from '../config/run-config'
import type { EngineApi, ModelReport, PickedFile, Progress } from '../worker/api'
import { isModelCore } from './route-files'

export interface ModelState {
  loading: boolean
  progress?: Progress
  report?: ModelReport
  /** The files of `report`, for holding the base in another format. */
  files: PickedFile[]
  /** Name of what is being loaded. */
  pendingName?: string
  error?: Phrase
}

function nameOf(files: readonly PickedFile[]): string {
  const core = files.find((f) => isModelCore(f.path)) ?? files[0]
  if (!core) return ''
  const parts = core.path.split('/')
  return parts.length > 1 ? (parts[parts.length - 2] ?? '') : (parts[0] ?? '')
}

export function createModelStore(engine: EngineApi) {
  const store = createStore<ModelState>(() => ({ loading: false, files: [] }))
  let current = 0

  /** Loads `files`; true when the model is there. A load under way is cancelled first. */
  async function load(files: PickedFile[], base: BaseFormat): Promise<boolean> {
    const ticket = ++current
    if (store.getState().loading) await engine.cancel()
    store.setState({ loading: true, progress: { phase: 'reading', fraction: 0 }, pendingName: nameOf(files), error: undefined })
    const result = await engine.loadModel(files, base, (progress) => {
      if (ticket === current) store.setState({ progress })
    })
    if (ticket !== current) return false
    store.setState({ loading: false, progress: undefined, pendingName: undefined })
    if (result.ok) store.setState({ report: result.value, files })
    else if (result.error.kind !== 'Cancelled') store.setState({ error: result.error.phrase })
    return result.ok
  }

  return {
    store,
    /** Loads what was dropped; sidecar files alone (a tokenizer, say) join the model files that are there. */
    async open(files: PickedFile[], base: BaseFormat = 'native'): Promise<boolean> {
      const { files: before } = store.getState()
      const sidecarsOnly = before.length > 0 && !files.some((f) => isModelCore(f.path))
      return load(sidecarsOnly ? [...before, ...files] : files, base)
    },
    /** Holds the same model in another base format. */
    async reload(base: BaseFormat): Promise<boolean> {
      const { files, report } = store.getState()
      if (files.length === 0) return false
      return report?.base === base ? true : load(files, base)
    },
    /** The engine holds the model no more (the device was lost): its files stay, to be loaded again with one click. */
    lost(error: Phrase): void {
      store.setState({ report: undefined, error })
    },
    async cancel(): Promise<void> {
      await engine.cancel()
    },
    dismissError(): void {
      store.setState({ error: undefined })
    },
  }
}
export type ModelSlice = ReturnType<typeof createModelStore>
