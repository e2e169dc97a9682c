// The dataset as the engine understood it. It is read again when the model or an option changes. If that fails, the last good
// reading stays, and the reason is kept beside it. The maximum length is no option of reading: what is read is shown at any length.
import { createStore } from 'zustand/vanilla'
import { defaultDataOptions } from '../config/data-options'
import { defaultTraining } from '../config/run-config'
import type {
  ColumnRoles,
  DataOptions,
  DataReport,
  EngineApi,
  ExamplePreview,
  MappedRows,
  PickedFile,
  Progress,
  Result,
} from '../worker/api'

/** What is read, and how. */
export interface Reading {
  file: PickedFile
  evalFile?: PickedFile
  options: DataOptions
}

export interface FailedReading extends Reading {
  message: string
  /** The first rows, where the columns were not understood: they can be chosen by hand. */
  unmapped?: MappedRows
}

export interface DataState {
  file?: PickedFile
  evalFile?: PickedFile
  options: DataOptions
  /** The length that rows are shown at: that of the run being set up. */
  maxLength: number
  /** The unknown characters that the person has accepted; for others the page asks again. */
  acceptedUnknown?: string
  loading: boolean
  progress?: Progress
  report?: DataReport
  /** Examples from row `previewFrom` on. */
  preview: ExamplePreview[]
  previewFrom: number
  /** The last reading, where it failed. */
  failed?: FailedReading
  /** Why examples cannot be shown. */
  error?: string
}

/** How a reading ended. */
export type ReadEnd = { ok: true } | { ok: false; message: string }

export const previewCount = 3

const done: ReadEnd = { ok: true }
const failure = (message: string): ReadEnd => ({ ok: false, message })
const replaced = failure(
  'data: expected to read the dataset to its end, got another one meanwhile. Choose the first one again if you need it.',
)
const noFile = failure('data: expected a dataset, got none. Choose one.')
const noModel = failure('data: expected a loaded model, got none. Choose a model first.')

const unknownText = (report: DataReport | undefined): string => `${report?.unknown?.count} ${report?.unknown?.characters.join('')}`

/** Whether the characters that the vocabulary cannot write still have to be decided about. */
export function unknownUndecided({ report, acceptedUnknown }: DataState): boolean {
  return report?.unknown !== undefined && acceptedUnknown !== unknownText(report)
}

/** `modelId`: the model that data are read for; what was read for another model no longer counts. */
export function createDataStore(engine: EngineApi, modelId: () => string | undefined) {
  const store = createStore<DataState>(() => ({
    options: defaultDataOptions,
    maxLength: defaultTraining().maxLength,
    loading: false,
    preview: [],
    previewFrom: 0,
  }))
  let current = 0
  /** The engine reads one dataset at a time. */
  let idle: Promise<unknown> = Promise.resolve()
  /** The newest reading. */
  let newest: { ticket: number; end: Promise<ReadEnd> } = { ticket: 0, end: Promise.resolve(noFile) }
  /** What the engine holds, and the length that its report is about. */
  let held: (Reading & { modelId: string; maxLength: number; report: DataReport }) | undefined

  async function showPreview(from: number, ticket = current): Promise<void> {
    const { maxLength } = store.getState()
    const result = await engine.preview(from, previewCount, maxLength)
    if (ticket !== current || maxLength !== store.getState().maxLength) return
    if (result.ok) store.setState({ preview: result.value, previewFrom: from, error: undefined })
    else store.setState({ preview: [], error: result.error.message })
  }

  /** Shows what the engine holds at the length of now. */
  async function cut(): Promise<void> {
    const { maxLength, previewFrom } = store.getState()
    if (!held || held.modelId !== modelId() || held.maxLength === maxLength) return
    const ticket = current
    const result = await engine.cutData(maxLength)
    if (ticket !== current || maxLength !== store.getState().maxLength) return
    if (!result.ok) return store.setState({ error: result.error.message })
    held = { ...held, maxLength, report: result.value }
    store.setState({ report: result.value, error: undefined })
    await showPreview(previewFrom < result.value.rows ? previewFrom : 0, ticket)
  }

  /** How a reading ends that a later call has overtaken: as the newest one does where that reads the same file. */
  function overtaken({ file }: Reading): Promise<ReadEnd> | ReadEnd {
    return newest.ticket === current && store.getState().file === file ? newest.end : replaced
  }

  /** The first rows, where it is their columns that were not understood, or no row fits how they were. */
  async function unmapped({ file, options }: Reading): Promise<MappedRows | undefined> {
    const found = await engine.mapRows(file, options)
    if (!found.ok || found.value.columns.length === 0) return undefined
    return found.value.problem !== undefined || found.value.rows.every((row) => row.problem !== undefined) ? found.value : undefined
  }

  /** Shows again what the engine still holds, beside the reason why the new reading failed. */
  async function putBack(wanted: Reading, message: string, ticket: number): Promise<ReadEnd | undefined> {
    const failed: FailedReading = { ...wanted, message, unmapped: await unmapped(wanted) }
    if (ticket !== current) return undefined
    const back = held?.modelId === modelId() ? held : undefined
    const { file, evalFile, options } = back ?? wanted
    store.setState({ loading: false, progress: undefined, file, evalFile, options, report: back?.report, preview: [], failed })
    if (back?.maxLength === store.getState().maxLength) await showPreview(0, ticket)
    else await cut()
    return failure(message)
  }

  /** Reads; undefined where a later call has overtaken this one. */
  async function readNow(wanted: Reading, ticket: number): Promise<ReadEnd | undefined> {
    const id = modelId()
    if (ticket !== current) return undefined
    if (id === undefined) {
      store.setState({ loading: false, progress: undefined })
      return noModel
    }
    // The engine always skips bad lines, so that all of them can be shown; the page asks whether a run may start without them.
    const options = { ...wanted.options, skipBadLines: true }
    const { maxLength } = store.getState()
    const result = await engine.loadData(wanted.file, wanted.evalFile, options, maxLength, (progress) => {
      if (ticket === current) store.setState({ progress })
    })
    if (result.ok) held = { ...wanted, modelId: id, maxLength, report: result.value }
    if (ticket !== current) return undefined
    if (!result.ok) return putBack(wanted, result.error.message, ticket)
    store.setState({ loading: false, progress: undefined, report: result.value, previewFrom: 0 })
    if (maxLength === store.getState().maxLength) await showPreview(0, ticket)
    else await cut()
    return done
  }

  /** Reads the file with the options of now. The newest call wins, and an earlier one for the same file ends as that does. */
  async function read(): Promise<ReadEnd> {
    const { file, evalFile, options, failed } = store.getState()
    if (!file) return noFile
    if (modelId() === undefined) return noModel
    const wanted = { file, evalFile, options }
    const ticket = ++current
    const progress: Progress = { phase: 'reading', fraction: 0 }
    store.setState({ loading: true, progress, failed: failed?.file === file ? undefined : failed, error: undefined })
    const work = idle.then(() => readNow(wanted, ticket))
    idle = work
    newest = { ticket, end: work.then((end) => end ?? overtaken(wanted)) }
    return newest.end
  }

  /** Takes a file without reading it yet, for a model that is still to come. */
  function stage(file: PickedFile, evalFile?: PickedFile): void {
    current += 1
    const { options } = store.getState()
    // The mapping and the consent to leave out bad lines belonged to the old file.
    const fresh = { ...options, format: 'auto', columns: undefined, skipBadLines: false } as const
    store.setState({ file, evalFile, report: undefined, preview: [], loading: false, failed: undefined, error: undefined, options: fresh })
  }

  async function change(wanted: Partial<DataState>): Promise<ReadEnd> {
    store.setState(wanted)
    return read()
  }

  return {
    store,
    read,
    stage,
    /** Shows the rows cut at another length; nothing is read again. A reading under way shows them so when it ends. */
    async setMaxLength(maxLength: number): Promise<void> {
      store.setState({ maxLength })
      if (!store.getState().loading) await cut()
    },
    /** Waits for the reading under way; reads where nothing is read yet. */
    async ready(): Promise<ReadEnd> {
      const { loading, report } = store.getState()
      return loading ? newest.end : report ? done : read()
    },
    /** Takes a file and reads it, as soon as there is a model. */
    async open(file: PickedFile, evalFile?: PickedFile): Promise<ReadEnd> {
      stage(file, evalFile)
      return read()
    },
    setEvalFile: (evalFile: PickedFile | undefined): Promise<ReadEnd> => change({ evalFile }),
    /** The person agrees to train without the lines that cannot be used. */
    acceptProblems(): void {
      const options = { ...store.getState().options, skipBadLines: true }
      if (held) held = { ...held, options }
      store.setState({ options })
    },
    /** The person agrees to train although the vocabulary cannot write these characters. */
    acceptUnknown(): void {
      store.setState(({ report }) => ({ acceptedUnknown: unknownText(report) }))
    },
    /** Reads again with other options; if they are the current ones and the data are there, nothing is read. */
    async setOptions(wanted: Partial<Omit<DataOptions, 'skipBadLines'>>): Promise<ReadEnd> {
      const { options, loading, report } = store.getState()
      const changed = (Object.keys(wanted) as (keyof typeof wanted)[]).some((key) => options[key] !== wanted[key])
      if (changed) return change({ options: { ...options, ...wanted } })
      if (loading) return newest.end
      if (!report) return read()
      store.setState(({ failed, file }) => (failed?.file === file ? { failed: undefined } : {}))
      return done
    },
    showPreview,
    /** A file's first rows as they are read with these columns; what is loaded does not change. */
    tryColumns: (file: PickedFile, columns: ColumnRoles | undefined): Promise<Result<MappedRows>> =>
      engine.mapRows(file, { format: 'auto', columns }),
    /** Reads a file (the loaded one, or one that was not understood) with columns chosen by hand; without columns they are detected. */
    readWith({ file, evalFile, options }: Reading, columns: ColumnRoles | undefined): Promise<ReadEnd> {
      const another = file !== store.getState().file
      const fresh = another ? { report: undefined, preview: [], failed: undefined } : {}
      return change({ ...fresh, file, evalFile, options: { ...options, format: 'auto', columns } })
    },
    dismissFailed(): void {
      store.setState({ failed: undefined })
    },
    clear(): void {
      current += 1
      const nothing = { file: undefined, evalFile: undefined, report: undefined, failed: undefined, error: undefined }
      store.setState({ ...nothing, preview: [], loading: false })
    },
  }
}
export type DataSlice = ReturnType<typeof createDataStore>
