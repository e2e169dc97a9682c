// The curves of all runs. They grow in place, so the state holds a way to them that is another object whenever one has changed.
import type { Curves } from './runs-state'
import { type RunSeries, emptySeries } from './series'

export function createRunCurves() {
  const curves = new Map<string, RunSeries>()

  function of(runId: string): RunSeries {
    let series = curves.get(runId)
    if (!series) {
      series = emptySeries()
      curves.set(runId, series)
    }
    return series
  }

  return {
    of,
    set(runId: string, series: RunSeries): void {
      curves.set(runId, series)
    },
    delete(runId: string): void {
      curves.delete(runId)
    },
    /** For the state, after a curve has changed. */
    changed: (): Curves => ({ of }),
  }
}
export type RunCurves = ReturnType<typeof createRunCurves>
