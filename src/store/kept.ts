// Keeping in this browser's IndexedDB, through the storage room.
import { runStore, storageEstimate } from '../storage/run-store'
import { type Keeping, memoryKeeping } from './keeping'
import type { KeptRun } from './run'

/** Keeps in this browser; in memory only where it has no IndexedDB. */
export function openKeeping(): Keeping {
  if (typeof indexedDB === 'undefined') return memoryKeeping()
  const store = runStore<KeptRun>()
  return {
    async runs() {
      const { runs, problems } = await store.listRuns()
      return { runs: runs.map((r) => r.run).sort((a, b) => a.run.createdAt - b.run.createdAt), problems: problems.map((p) => p.reason) }
    },
    saveRun: (kept) => store.saveRun(kept.run.id, kept),
    saveAdapter: store.saveAdapter,
    adapter: store.loadAdapter,
    remove: store.deleteRun,
    async usage() {
      const estimate = await storageEstimate()
      return estimate && { usedBytes: estimate.usedBytes, offeredBytes: estimate.quotaBytes }
    },
  }
}
