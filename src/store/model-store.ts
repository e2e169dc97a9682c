// The loaded model, or the one being loaded. If loading fails, the former model stays.
import { createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import type { BaseFormat } from '../config/run-config'
import type { EngineApi, ModelReport, PickedFile, Progress } from '../worker/api'
import { isModelCore } from './route-files'

export interface ModelState {
  loading: boolean
  progress?: Progress
  report?: ModelReport
  /** The files of `report`, for reloading it with another base precision. */
  files: PickedFile[]
  /** Name of the model that is being loaded. */
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

  /** Loads `files`; true if the model was loaded. An earlier load is cancelled first. */
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
    /** Loads dropped files. Files without weights (such as a tokenizer) are added to the files of the current model. */
    async open(files: PickedFile[], base: BaseFormat = 'native'): Promise<boolean> {
      const { files: before } = store.getState()
      const sidecarsOnly = before.length > 0 && !files.some((f) => isModelCore(f.path))
      return load(sidecarsOnly ? [...before, ...files] : files, base)
    },
    /** Loads the same model with another base precision. */
    async reload(base: BaseFormat): Promise<boolean> {
      const { files, report } = store.getState()
      if (files.length === 0) return false
      return report?.base === base ? true : load(files, base)
    },
    /** The engine no longer holds the model, because the device was lost. Its files stay, so that one click loads it again. */
    lost(error: Phrase): void {
      if (store.getState().report) store.setState({ report: undefined, error })
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
