// All runs, saved and new, with their curves. `apply` takes the events of a run.
import { createStore } from 'zustand/vanilla'
import type { TrainEvent } from '../worker/api'
import type { Keeping } from './keeping'
import type { Living } from './living'
import { type Run, withEval, withMetrics, withStatus } from './run'
import { createRunCurves } from './run-curves'
import { createRunsKeeping } from './runs-keeping'
import type { RunsState } from './runs-state'
import { appendEval, appendStep } from './series'

export function createRunsStore(keeping: Keeping, living: Living) {
  const curves = createRunCurves()
  const store = createStore<RunsState>(() => ({ runs: [], curves: curves.changed(), loaded: false, problems: [] }))
  const kept = createRunsKeeping({ store, curves, keeping, living })

  function find(runId: string): Run | undefined {
    return store.getState().runs.find((r) => r.id === runId)
  }

  function update(runId: string, change: (run: Run) => Run): void {
    store.setState((s) => ({ runs: s.runs.map((r) => (r.id === runId ? change(r) : r)) }))
  }

  /** Takes a batch of events into run and curves, with one change of state. */
  function apply(runId: string, events: readonly TrainEvent[]): void {
    const before = find(runId)
    if (!before) return
    const series = curves.of(runId)
    let run = before
    let drawn = false
    for (const event of events) {
      if (event.type === 'status') run = withStatus(run, event.status)
      else if (event.type === 'progress') run = { ...run, progress: event.progress }
      else if (event.type === 'step') {
        appendStep(series, event.metrics)
        run = withMetrics(run, event.metrics)
        drawn = true
      } else {
        appendEval(series, event.metrics)
        run = withEval(run, event.metrics)
        drawn = true
      }
    }
    const result = run
    store.setState((s) => ({ runs: s.runs.map((r) => (r.id === runId ? result : r)), curves: drawn ? curves.changed() : s.curves }))
  }

  return {
    ...kept,
    store,
    seriesOf: curves.of,
    find,
    update,
    apply,
    /** Tells other tabs that a run is running here, until the returned function is called. */
    hold: living.hold,
    add(run: Run): void {
      store.setState((s) => ({ runs: [...s.runs, run] }))
    },
    toggle(runId: string): void {
      update(runId, (run) => ({ ...run, visible: !run.visible }))
      void kept.save(runId)
    },
    rename(runId: string, name: string): void {
      const clean = name.trim().slice(0, 80)
      if (!clean) return
      update(runId, (run) => ({ ...run, name: clean }))
      void kept.save(runId)
    },
    dismissError(): void {
      store.setState({ error: undefined })
    },
  }
}
export type RunsSlice = ReturnType<typeof createRunsStore>
