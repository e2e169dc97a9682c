// Which adapters the engine holds. A saved adapter is restored before it is used.
import type { Phrase } from '../config/phrase'
import type { EngineApi } from '../worker/api'
import type { RunsSlice } from './runs-store'

export function createHolding(engine: EngineApi, runs: RunsSlice) {
  const held = new Set<string>()
  return {
    /** Makes the engine hold the run's adapter. Returns the reason if it cannot. */
    async hold(runId: string): Promise<Phrase | undefined> {
      if (held.has(runId)) return undefined
      const unkept = runs.find(runId)?.unkept === undefined ? undefined : await engine.adapterFiles(runId)
      const files = unkept?.ok ? unkept.value : await runs.adapter(runId)
      if (!files) return undefined // Trained in this session and not saved: the engine has it, or reports that it has not.
      const result = await engine.restoreAdapter(runId, files)
      if (!result.ok) return result.error.phrase
      held.add(runId)
      return undefined
    },
    /** The run's adapter came from training or was restored, so the engine has it. */
    mark(runId: string): void {
      held.add(runId)
    },
    forget(runId: string): void {
      held.delete(runId)
    },
    /** Another model is loaded: adapters must be restored before they are used again. */
    clear(): void {
      held.clear()
    },
  }
}
export type Holding = ReturnType<typeof createHolding>
