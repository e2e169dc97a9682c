// The dataset as the engine understood it. It is read anew when the model or an option changes.
import { createStore } from 'zustand/vanilla'
import type { DataOptions, DataReport, EngineApi, ExamplePreview, PickedFile, Progress } from '../worker/api'

export interface DataState {
  file?: PickedFile
  evalFile?: PickedFile
  options: DataOptions
  loading: boolean
  progress?: Progress
  report?: DataReport
  /** Examples from row `previewFrom` on. */
  preview: ExamplePreview[]
  previewFrom: number
  error?: string
}

export const previewCount = 3

// The split has its own fixed seed: runs with different seeds are measured on the same rows.
const splitSeed = 0

export const startOptions: DataOptions = {
  format: 'auto',
  trainOn: 'completion',
  maxLength: 512,
  holdOut: 0.1,
  skipBadLines: false,
  seed: splitSeed,
}

export function createDataStore(engine: EngineApi, modelReady: () => boolean) {
  const store = createStore<DataState>(() => ({ options: startOptions, loading: false, preview: [], previewFrom: 0 }))
  let current = 0
  let reading: Promise<unknown> = Promise.resolve()

  async function showPreview(from: number, ticket = current): Promise<void> {
    const result = await engine.preview(from, previewCount)
    if (ticket !== current) return
    if (result.ok) store.setState({ preview: result.value, previewFrom: from })
    else store.setState({ preview: [], error: result.error.message })
  }

  async function readNow(ticket: number): Promise<boolean> {
    const { file, evalFile, options } = store.getState()
    if (!file || ticket !== current) return false
    // The engine always goes on past bad lines, so that all of them can be shown; whether a run may start without them is asked here.
    const result = await engine.loadData(file, evalFile, { ...options, skipBadLines: true }, (progress) => {
      if (ticket === current) store.setState({ progress })
    })
    if (ticket !== current) return false
    store.setState({ loading: false, progress: undefined })
    if (!result.ok) {
      if (result.error.kind !== 'Cancelled') store.setState({ error: result.error.message, report: undefined, preview: [] })
      return false
    }
    store.setState({ report: result.value })
    await showPreview(0, ticket)
    return true
  }

  /** Reads the file with the options of now; the newest call wins, and calls do not overlap in the engine. */
  async function read(): Promise<boolean> {
    if (!store.getState().file || !modelReady()) return false
    const ticket = ++current
    store.setState({ loading: true, progress: { phase: 'reading', fraction: 0 }, error: undefined })
    const before = reading
    const mine = before.then(() => readNow(ticket))
    reading = mine
    return mine
  }

  /** Takes a file without reading it yet, for a model that is still to come. */
  function stage(file: PickedFile, evalFile?: PickedFile): void {
    current += 1
    const { options } = store.getState()
    // A new file is looked at afresh: mapping and "go on without the bad lines" belonged to the old one.
    const fresh = { ...options, format: 'auto', columns: undefined, skipBadLines: false } as const
    store.setState({ file, evalFile, report: undefined, preview: [], loading: false, error: undefined, options: fresh })
  }

  return {
    store,
    read,
    stage,
    /** Takes a file and reads it, as soon as there is a model. */
    async open(file: PickedFile, evalFile?: PickedFile): Promise<boolean> {
      stage(file, evalFile)
      return read()
    },
    async setEvalFile(evalFile: PickedFile | undefined): Promise<boolean> {
      store.setState({ evalFile })
      return read()
    },
    /** The person goes on without the lines that cannot be used. */
    acceptProblems(): void {
      store.setState({ options: { ...store.getState().options, skipBadLines: true } })
    },
    async setOptions(change: Partial<Omit<DataOptions, 'skipBadLines'>>): Promise<boolean> {
      const { options } = store.getState()
      const changed = (Object.keys(change) as (keyof typeof change)[]).some((key) => options[key] !== change[key])
      if (!changed) return true
      store.setState({ options: { ...options, ...change } })
      return read()
    },
    showPreview,
    clear(): void {
      current += 1
      store.setState({ file: undefined, evalFile: undefined, report: undefined, preview: [], loading: false, error: undefined })
    },
  }
}
export type DataSlice = ReturnType<typeof createDataStore>
