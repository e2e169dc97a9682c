// The benchmark of the page: its progress, and the results so far.
import { createStore } from 'zustand/vanilla'
import type { BenchChoice, BenchReport } from '../config/bench-report'
import type { Phrase } from '../config/phrase'
import type { EngineApi } from '../worker/api'

interface BenchState {
  running: boolean
  /** What is being measured, and the fraction that is done, 0 … 1. */
  what: string
  fraction: number
  report?: BenchReport
  /** Stopped early: the report has the results up to then. */
  stopped: boolean
  error?: Phrase
}

export function createBenchStore(engine: EngineApi) {
  const store = createStore<BenchState>(() => ({ running: false, what: '', fraction: 0, stopped: false }))
  return {
    store,
    /** Measures everything, or what `only` names (parts of names, separated by commas). One benchmark runs at a time. */
    async start(choice: Omit<BenchChoice, 'only'> & { only: string }): Promise<void> {
      if (store.getState().running) return
      store.setState({ running: true, what: '', fraction: 0, report: undefined, stopped: false, error: undefined })
      const only = choice.only
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean)
      const result = await engine.bench({ ...choice, only }, (update) => store.setState(update))
      if (result.ok) store.setState({ running: false, report: result.value })
      else if (result.error.kind === 'Cancelled') store.setState({ running: false, stopped: true })
      else store.setState({ running: false, error: result.error.phrase })
    },
    async stop(): Promise<void> {
      if (store.getState().running) await engine.cancel()
    },
  }
}
export type BenchSlice = ReturnType<typeof createBenchStore>
