// Storage of runs and adapters. The studio knows only this interface; src/store/kept.ts implements it with IndexedDB.
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { AdapterFiles } from '../worker/api'
import { type AdapterKind, type RunProblem, adapterKinds } from '../storage/run-store'
import type { KeptRun, Run } from './run'

export interface Keeping {
  /**
   * All kept runs, oldest first, and those that cannot be read. `foundBeside`: how many of them had lost their records, and were found in
   * copies. `unreadable`: why copies of others could not be read.
   */
  runs(): Promise<{ runs: KeptRun[]; problems: RunProblem[]; foundBeside?: number; unreadable?: Phrase[] }>
  /** Keeps a run, and adapters with it: all of them or, if that fails, none. */
  saveRun(kept: KeptRun, adapters?: Partial<Record<AdapterKind, AdapterFiles>>): Promise<void>
  /** Keeps a change of a run, beside what other tabs have changed in it. Returns the run as it is kept; undefined if it was deleted. */
  changeRun(runId: string, change: Partial<Run>): Promise<KeptRun | undefined>
  /** The files of the run's adapter that are as they were kept, and what is wrong with others. Throws FormatError if there are none. */
  adapter(runId: string, kind?: AdapterKind): Promise<AdapterFiles & { problems: Phrase[] }>
  /** Deletes a run and its adapter. If that fails, the run is still there. */
  remove(runId: string): Promise<void>
  /** Bytes used and offered by the browser, where it says. */
  usage(): Promise<{ usedBytes: number; offeredBytes: number } | undefined>
  /** Asks the browser not to clear what is kept. Returns whether it agreed. */
  persist(): Promise<boolean>
}

/** Keeps in memory only: for tests, and where the browser refuses storage. */
export function memoryKeeping(): Keeping {
  const runs = new Map<string, KeptRun>()
  const adapters = new Map<string, AdapterFiles>()
  return {
    runs: async () => ({ runs: [...runs.values()].sort((a, b) => a.run.createdAt - b.run.createdAt), problems: [] }),
    saveRun: async (kept, given = {}) => {
      runs.set(kept.run.id, structuredClone(kept))
      for (const [kind, files] of Object.entries(given)) adapters.set(`${kind} ${kept.run.id}`, files)
    },
    changeRun: async (runId, change) => {
      const kept = runs.get(runId)
      const now = kept && { ...kept, run: { ...kept.run, ...change } }
      if (now) runs.set(runId, structuredClone(now))
      return now
    },
    adapter: async (runId, kind = 'last') => {
      const found = adapters.get(`${kind} ${runId}`)
      if (!found) throw new FormatError(say`The adapter of run ${runId} is not saved. Train it again.`)
      return { ...found, problems: [] }
    },
    remove: async (runId) => {
      runs.delete(runId)
      for (const kind of adapterKinds) adapters.delete(`${kind} ${runId}`)
    },
    usage: async () => undefined,
    persist: async () => false,
  }
}
