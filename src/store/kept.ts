// Keeping in IndexedDB: runs and adapters apart, so that the list of runs is read without the weights.
import { createStore, del, entries, get, set } from 'idb-keyval'
import type { AdapterFiles } from '../worker/api'
import { type Keeping, memoryKeeping } from './keeping'
import type { KeptRun } from './run'

/** Keeps in this browser; in memory only where it has no IndexedDB. */
export function openKeeping(): Keeping {
  if (typeof indexedDB === 'undefined') return memoryKeeping()
  const runs = createStore('tabtune-runs', 'runs')
  const adapters = createStore('tabtune-adapters', 'adapters')
  return {
    async runs() {
      const kept = await entries<string, KeptRun>(runs)
      return kept.map(([, value]) => value).sort((a, b) => a.run.createdAt - b.run.createdAt)
    },
    saveRun: (kept) => set(kept.run.id, kept, runs),
    saveAdapter: (runId, files) => set(runId, files, adapters),
    adapter: (runId) => get<AdapterFiles>(runId, adapters),
    async remove(runId) {
      await del(runId, runs)
      await del(runId, adapters)
    },
    async usage() {
      const { usage, quota } = await navigator.storage.estimate()
      return usage === undefined || quota === undefined ? undefined : { usedBytes: usage, offeredBytes: quota }
    },
  }
}
