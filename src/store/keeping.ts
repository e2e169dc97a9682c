// Where runs and adapters are kept. The studio knows only this; src/store/kept.ts joins it to IndexedDB.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { AdapterFiles } from '../worker/api'
import type { RunProblem } from '../storage/run-store'
import type { KeptRun } from './run'

export interface Keeping {
  /** All kept runs, oldest first, and those that cannot be read. */
  runs(): Promise<{ runs: KeptRun[]; problems: RunProblem[] }>
  saveRun(kept: KeptRun): Promise<void>
  saveAdapter(runId: string, files: AdapterFiles): Promise<void>
  /** The run's adapter; throws FormatError where it is not there as it was kept. */
  adapter(runId: string): Promise<AdapterFiles>
  /** Takes a run away, its adapter with it. */
  remove(runId: string): Promise<void>
  /** Bytes used and offered by the browser, where it says. */
  usage(): Promise<{ usedBytes: number; offeredBytes: number } | undefined>
}

/** Keeps in memory only: for tests, and where the browser refuses storage. */
export function memoryKeeping(): Keeping {
  const runs = new Map<string, KeptRun>()
  const adapters = new Map<string, AdapterFiles>()
  return {
    runs: async () => ({ runs: [...runs.values()].sort((a, b) => a.run.createdAt - b.run.createdAt), problems: [] }),
    saveRun: async (kept) => void runs.set(kept.run.id, structuredClone(kept)),
    saveAdapter: async (runId, files) => void adapters.set(runId, files),
    adapter: async (runId) => {
      const files = adapters.get(runId)
      if (!files) throw new FormatError(say`adapter of run ${runId}: expected it to be kept, got nothing. Train it again.`)
      return files
    },
    remove: async (runId) => {
      runs.delete(runId)
      adapters.delete(runId)
    },
    usage: async () => undefined,
  }
}
