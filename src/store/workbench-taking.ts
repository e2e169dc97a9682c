// Keeps the worker's rows at the files and the steps of the workbench.
import type { StoreApi } from 'zustand/vanilla'
import type { ErrorReport } from '../config/errors'
import type { WorkbenchApi } from '../worker/workbench-api'
import type { BenchFile, WorkbenchState } from './workbench-state'

/** Milliseconds without typing before the steps are taken. */
const restMs = 300

export function createTaking(bench: WorkbenchApi, store: StoreApi<WorkbenchState>) {
  let newest = 0
  let idle: Promise<unknown> = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** The files that the worker holds. */
  let held: readonly BenchFile[] = []

  function failed({ kind, phrase }: ErrorReport, ticket: number, change: Partial<WorkbenchState> = {}): void {
    if (ticket === newest) store.setState({ ...change, work: undefined, error: kind === 'Cancelled' ? undefined : phrase })
  }

  /** Reads files that are new. If one cannot be read, the list is again as the worker has it. */
  async function open(ticket: number): Promise<boolean> {
    const { files } = store.getState()
    if (files === held) return true
    store.setState({ work: { kind: 'reading' } })
    const opened = await bench.open(
      files.map(({ id, picked, part, how }) => ({ id: JSON.stringify([id, how]), part, how, file: picked.file })),
      (fraction) => ticket === newest && store.setState({ work: { kind: 'reading', fraction } }),
    )
    if (!opened.ok) {
      failed(opened.error, ticket, { files: held, stale: store.getState().report === undefined })
      return false
    }
    held = files.map((file, i) => ({ ...file, report: opened.value[i] }))
    if (store.getState().files === files) store.setState({ files: held })
    return true
  }

  async function take(ticket: number): Promise<void> {
    const { steps } = store.getState().recipe.now
    if (!held.length) return store.setState({ work: undefined, report: undefined, stale: false })
    store.setState({ work: { kind: 'taking', step: 0, fraction: 0 } })
    const applied = await bench.apply(steps, (step, fraction) => {
      if (ticket === newest) store.setState({ work: { kind: 'taking', step, fraction } })
    })
    if (!applied.ok) return failed(applied.error, ticket)
    store.setState(({ version }) => ({ report: applied.value, version: version + 1 }))
    if (ticket === newest) store.setState({ stale: false, work: undefined })
  }

  async function refreshNow(ticket: number): Promise<void> {
    if (ticket === newest && (await open(ticket)) && ticket === newest) await take(ticket)
  }

  /** Reads what is new and takes the steps. A later call replaces an earlier one. */
  function refresh(): Promise<void> {
    clearTimeout(timer)
    const ticket = ++newest
    if (store.getState().work) void bench.cancel()
    store.setState({ stale: true, error: undefined })
    const work = idle.then(() => refreshNow(ticket))
    idle = work
    return work
  }

  return {
    refresh,
    /** Waits for a further change before the steps are taken. */
    hold(): void {
      clearTimeout(timer)
      store.setState({ stale: true })
    },
    /** `refresh` after `ms` in which nothing else changes. */
    refreshSoon(ms = restMs): void {
      clearTimeout(timer)
      store.setState({ stale: true })
      timer = setTimeout(() => void refresh(), ms)
    },
  }
}
