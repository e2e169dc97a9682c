// Keeping in this browser's IndexedDB and file system, through the storage room.
import { createStore } from 'idb-keyval'
import { type KeptFiles, keptFiles } from '../storage/kept-files'
import { opfsSpace } from '../storage/opfs-space'
import { runStore, storageEstimate } from '../storage/run-store'
import { lockedLiving } from './living'
import { type Keeping, memoryKeeping } from './keeping'
import type { KeptRun } from './run'
import { parseKeptRun } from './kept-run'

/** An adapter that is missing is not offered. */
function withAdapter({ run: kept, hasAdapter }: { run: KeptRun; hasAdapter: boolean }): KeptRun {
  return hasAdapter ? kept : { ...kept, run: { ...kept.run, files: undefined } }
}

/** Keeps in this browser; in memory only where it has no IndexedDB. */
export function openKeeping(): Keeping {
  if (typeof indexedDB === 'undefined') return memoryKeeping()
  const store = runStore(parseKeptRun)
  return {
    async runs() {
      const { runs, problems } = await store.listRuns()
      return { runs: runs.map(withAdapter).sort((a, b) => a.run.createdAt - b.run.createdAt), problems }
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

/** Copies of models and datasets; undefined where the browser cannot keep files. */
export function openKeptFiles(): KeptFiles | undefined {
  const space = typeof indexedDB === 'undefined' ? undefined : opfsSpace()
  return (
    space && keptFiles({ space, records: createStore('tabtune-kept', 'entries'), writing: lockedLiving(navigator.locks, 'tabtune-copy/') })
  )
}
