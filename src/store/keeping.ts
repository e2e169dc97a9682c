// Storage of runs and adapters. The studio knows only this interface; src/store/kept.ts implements it with IndexedDB.
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
  /** The run's adapter. Throws FormatError if it is missing or changed. */
  adapter(runId: string): Promise<AdapterFiles>
  /** Deletes a run and its adapter. */
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
      if (!files) throw new FormatError(say`The adapter of run ${runId} is not saved. Train it again.`)
      return files
    },
    remove: async (runId) => {
      runs.delete(runId)
      adapters.delete(runId)
    },
    usage: async () => undefined,
  }
}
