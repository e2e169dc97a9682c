// What base and adapters are measured by: loss over the evaluation rows, and how many of them are answered exactly.
import type { EngineApi, Progress } from '../worker/api'
import type { ExactMatch, Run } from './run'
import type { RunsSlice } from './runs-store'

type OnProgress = (p: Progress) => void

export function createMeasuring(engine: EngineApi, runs: RunsSlice) {
  function note(runId: string, change: Partial<Run>): void {
    runs.update(runId, (run) => ({ ...run, ...change }))
    void runs.save(runId)
  }

  function noteExactMatch(runId: string, found: NonNullable<Run['exactMatch']>): void {
    note(runId, { exactMatch: { ...runs.find(runId)?.exactMatch, ...found } })
  }

  /** A number of held-out rows answered by base or adapter; a sentence where that fails. */
  async function exactMatch(runId: string | undefined, rows: number, onProgress: OnProgress): Promise<ExactMatch | string> {
    const result = await engine.exactMatch(runId, rows, onProgress)
    return result.ok ? { matched: result.value.matched, rows: result.value.rows } : result.error.message
  }

  /** Another run of the same comparison over the same base, which has measured it already. */
  function twinOf(run: Run): Run | undefined {
    return runs.store
      .getState()
      .runs.find((r) => r.id !== run.id && r.comparison?.id === run.comparison?.id && r.model.base === run.model.base && r.baseEval)
  }

  return {
    note,
    noteExactMatch,
    exactMatch,
    /** The untouched base, once for each comparison and base format; a sentence where that fails. */
    async base(run: Run, onProgress: OnProgress): Promise<string | undefined> {
      const twin = twinOf(run)
      if (twin) {
        note(run.id, { baseEval: twin.baseEval, exactMatch: twin.exactMatch && { before: twin.exactMatch.before } })
        return undefined
      }
      const found = await engine.evaluate(undefined, run.config.training, onProgress)
      if (!found.ok) return found.error.message
      note(run.id, { baseEval: found.value })
      const rows = run.comparison?.exactMatchRows ?? 0
      const before = rows > 0 ? await exactMatch(undefined, rows, onProgress) : undefined
      if (typeof before === 'string') return before
      if (before) noteExactMatch(run.id, { before })
      return undefined
    },
    /** The adapter of a comparison's run, where rows shall be answered. */
    async trained(run: Run, onProgress: OnProgress): Promise<void> {
      const rows = run.comparison?.exactMatchRows ?? 0
      const after = rows > 0 ? await exactMatch(run.id, rows, onProgress) : undefined
      if (typeof after === 'string') note(run.id, { error: after })
      else if (after) noteExactMatch(run.id, { after })
    },
  }
}
export type Measuring = ReturnType<typeof createMeasuring>
