// Reading a dataset. The engine reads one at a time; the newest request counts, and if it fails, what was read before stays.
import type { StoreApi } from 'zustand/vanilla'
import type { ErrorReport } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { isBundle } from '../pictures/bundle'
import type { EngineApi, MappedRows, Progress } from '../worker/api'
import type { DataState, FailedReading, ReadEnd, Reading } from './data-state'
import type { DataView } from './data-view'

const done: ReadEnd = { ok: true }
const failure = (reason: Phrase): ReadEnd => ({ ok: false, reason })
const replaced = failure(say`Another dataset was chosen before this one was read. Choose this one again if you need it.`)
const noFile = failure(say`No dataset is chosen. Choose one.`)
const noModel = failure(say`No model is loaded. Choose a model first.`)

/** The first rows, if their columns were not understood or no row fits the columns. */
async function unmapped(engine: EngineApi, { file, options }: Reading): Promise<MappedRows | undefined> {
  const found = await engine.mapRows(file, options)
  if (!found.ok || found.value.columns.length === 0) return undefined
  return found.value.problem !== undefined || found.value.rows.every((row) => row.problem !== undefined) ? found.value : undefined
}

/** What a file that could not be read is. */
async function lookedAt(engine: EngineApi, wanted: Reading): Promise<Pick<FailedReading, 'unmapped' | 'pictures'>> {
  return (await isBundle(wanted.file.file)) ? { pictures: true } : { unmapped: await unmapped(engine, wanted) }
}

export function createDataReading(engine: EngineApi, store: StoreApi<DataState>, view: DataView, modelId: () => string | undefined) {
  let idle: Promise<unknown> = Promise.resolve()
  /** Whether the engine is reading. */
  let busy = false
  let newest: { ticket: number; end: Promise<ReadEnd> } = { ticket: 0, end: Promise.resolve(noFile) }

  /** The end of a reading that a later call replaced: the end of the newest reading if it reads the same file. */
  function overtaken({ file }: Reading): Promise<ReadEnd> | ReadEnd {
    return view.isCurrent(newest.ticket) && store.getState().file === file ? newest.end : replaced
  }

  /** Shows the data that the engine still holds, and the reason why the new reading failed. */
  async function putBack(wanted: Reading, { kind, phrase: reason }: ErrorReport, ticket: number): Promise<ReadEnd | undefined> {
    const failed: FailedReading = { ...wanted, reason, ...(kind === 'Cancelled' ? {} : await lookedAt(engine, wanted)) }
    if (!view.isCurrent(ticket)) return undefined
    const back = view.heldNow()
    const { file, evalFile, options } = back ?? wanted
    const acceptedProblems = back?.acceptedProblems ?? 0
    const shown = { file, evalFile, options, acceptedProblems, report: back?.report, failed }
    store.setState({ loading: false, progress: undefined, preview: [], ...shown })
    if (back) await view.showHeld(ticket)
    return failure(reason)
  }

  /** Reads; undefined if a later call has replaced this one. */
  async function readNow(wanted: Reading, ticket: number): Promise<ReadEnd | undefined> {
    const id = modelId()
    if (!view.isCurrent(ticket)) return undefined
    if (id === undefined) {
      store.setState({ loading: false, progress: undefined })
      return noModel
    }
    // The engine always skips bad lines, so that all of them can be shown; the page asks whether a run may start without them.
    const options = { ...wanted.options, skipBadLines: true }
    const { maxLength } = store.getState()
    busy = true
    const result = await engine.loadData(wanted.file, wanted.evalFile, options, maxLength, (progress) => {
      if (view.isCurrent(ticket)) store.setState({ progress })
    })
    busy = false
    const { acceptedProblems } = store.getState()
    if (result.ok) view.take({ ...wanted, modelId: id, maxLength, report: result.value, acceptedProblems })
    if (!view.isCurrent(ticket)) return undefined
    if (!result.ok) return putBack(wanted, result.error, ticket)
    store.setState({ loading: false, progress: undefined, report: result.value, previewFrom: 0 })
    await view.showHeld(ticket)
    return done
  }

  /** Reads the file with the current options. The newest call counts; an earlier one for the same file ends with its result. */
  async function read(): Promise<ReadEnd> {
    const { file, evalFile, options, failed } = store.getState()
    if (!file) return noFile
    if (modelId() === undefined) return noModel
    const wanted = { file, evalFile, options }
    const ticket = view.next()
    const progress: Progress = { phase: 'reading', fraction: 0 }
    // Nobody needs the result of an earlier reading any more.
    if (busy) void engine.cancel()
    store.setState({ loading: true, progress, failed: failed?.file === file ? undefined : failed, error: undefined })
    const work = idle.then(() => readNow(wanted, ticket))
    idle = work
    newest = { ticket, end: work.then((end) => end ?? overtaken(wanted)) }
    return newest.end
  }

  return {
    read,
    /** Ends the current reading. What was read before stays. */
    async cancel(): Promise<void> {
      if (busy) await engine.cancel()
    },
    /** Waits for the current reading; reads if nothing has been read yet. */
    async ready(): Promise<ReadEnd> {
      const { loading, report } = store.getState()
      return loading ? newest.end : report ? done : read()
    },
  }
}
