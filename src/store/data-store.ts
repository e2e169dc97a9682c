// The dataset as the page sees it. It is read again when the model or an option changes. The maximum length does not affect reading:
// what is read is shown at any length.
import { createStore } from 'zustand/vanilla'
import { defaultDataOptions } from '../config/data-options'
import type { RecipeOfData } from '../config/recipe-of-data'
import { defaultTraining } from '../config/run-config'
import type { ColumnRoles, DataOptions, DataReport, EngineApi, MappedRows, PickedFile, Result } from '../worker/api'
import { createDataReading } from './data-reading'
import { type DataState, type MixOfData, type ReadEnd, type Reading, unknownText } from './data-state'
import { createDataView } from './data-view'

const start = (): DataState => ({
  options: defaultDataOptions,
  maxLength: defaultTraining().maxLength,
  acceptedProblems: 0,
  acceptedUnknown: [],
  loading: false,
  preview: [],
  previewFrom: 0,
})

/** Whether other lines may be unusable with the wanted options. Only the split leaves the lines as they are. */
function readsOtherwise(options: DataOptions, wanted: Partial<DataOptions>): boolean {
  const { holdOut, seed } = options
  return JSON.stringify({ ...options, ...wanted, holdOut, seed }) !== JSON.stringify(options)
}

/** A file that is chosen and not read. The mapping and the consent to leave out bad lines belonged to the file before. */
function staged(options: DataOptions, file: PickedFile, evalFile?: PickedFile, recipe?: RecipeOfData, mix?: MixOfData): Partial<DataState> {
  const nothing = { report: undefined, preview: [], loading: false, failed: undefined, error: undefined, acceptedProblems: 0 }
  // A mixed file has the columns of the file before.
  const columns = mix ? {} : ({ format: 'auto', columns: undefined } as const)
  const fresh = { ...options, ...columns, read: undefined }
  return { ...nothing, file, evalFile, made: recipe && { file, recipe }, mix, options: fresh }
}

/** `modelId`: the model that data are read for. Data that were read for another model no longer count. */
export function createDataStore(engine: EngineApi, modelId: () => string | undefined) {
  const store = createStore<DataState>(start)
  const view = createDataView(engine, store, modelId)
  const { read, ready, cancel } = createDataReading(engine, store, view, modelId)

  /** Takes a file without reading it yet, for a model that is still to come. */
  function stage(file: PickedFile, evalFile?: PickedFile, made?: RecipeOfData, mix?: MixOfData): void {
    view.next()
    store.setState(({ options }) => staged(options, file, evalFile, made, mix))
  }

  async function change(wanted: Partial<DataState>): Promise<ReadEnd> {
    store.setState(wanted)
    return read()
  }

  return {
    store,
    read,
    ready,
    cancel,
    stage,
    showPreview: view.showPreview,
    /** Shows the rows cut at another length, without reading them again. A current reading uses the length when it ends. */
    async setMaxLength(maxLength: number): Promise<void> {
      store.setState({ maxLength })
      if (!store.getState().loading) await view.cut()
    },
    /** Takes a file and reads it, as soon as there is a model. */
    async open(file: PickedFile, evalFile?: PickedFile, made?: RecipeOfData): Promise<ReadEnd> {
      stage(file, evalFile, made)
      return read()
    },
    setEvalFile: (evalFile: PickedFile | undefined): Promise<ReadEnd> => change({ evalFile }),
    /** The person agrees to train without the lines that cannot be used at the length of `report`. */
    acceptProblems({ problemCount }: DataReport): void {
      view.note(problemCount)
      store.setState({ acceptedProblems: problemCount })
    },
    /** The person agrees to train although the vocabulary cannot write the characters that `report` names. */
    acceptUnknown(report: DataReport): void {
      store.setState(({ acceptedUnknown }) => ({ acceptedUnknown: [...acceptedUnknown, unknownText(report)] }))
    },
    /** Reads again with other options; if they are the current ones and the data are there, nothing is read. */
    async setOptions(wanted: Partial<Omit<DataOptions, 'skipBadLines'>>): Promise<ReadEnd> {
      const { options, loading, report } = store.getState()
      const changed = (Object.keys(wanted) as (keyof typeof wanted)[]).some((key) => options[key] !== wanted[key])
      if (changed) return change({ options: { ...options, ...wanted }, ...(readsOtherwise(options, wanted) && { acceptedProblems: 0 }) })
      if (!loading && report) store.setState(({ failed, file }) => (failed?.file === file ? { failed: undefined } : {}))
      return ready()
    },
    /** A file's first rows as they are read with these columns; what is loaded does not change. */
    tryColumns: (file: PickedFile, columns: ColumnRoles | undefined): Promise<Result<MappedRows>> =>
      engine.mapRows(file, { format: 'auto', columns, read: store.getState().options.read }),
    /** Reads a file (the loaded one, or one that was not understood) with columns chosen by hand; without columns they are detected. */
    readWith({ file, evalFile, options }: Reading, columns: ColumnRoles | undefined): Promise<ReadEnd> {
      const another = file !== store.getState().file
      const fresh = another ? { report: undefined, preview: [], failed: undefined } : {}
      return change({ ...fresh, file, evalFile, options: { ...options, format: 'auto', columns }, acceptedProblems: 0 })
    },
    dismissFailed(): void {
      store.setState({ failed: undefined })
    },
    clear(): void {
      view.next()
      const nothing = { file: undefined, evalFile: undefined, report: undefined, failed: undefined, error: undefined }
      store.setState({ ...nothing, preview: [], loading: false })
    },
  }
}
export type DataSlice = ReturnType<typeof createDataStore>
