// Keeping in this browser's IndexedDB and file system, through the storage room.
import { createStore } from 'idb-keyval'
import { benchRecord } from '../storage/bench-record'
import { type ChatRecords, chatRecords } from '../storage/chat-records'
import { type KeptFiles, keptFiles } from '../storage/kept-files'
import { opfsSpace } from '../storage/opfs-space'
import { askToPersist } from '../storage/persist'
import { type AdapterKind, runStore, storageEstimate } from '../storage/run-store'
import { lockedLiving } from './living'
import type { EngineApi } from '../worker/api'
import { withBeside } from './beside'
import { type Keeping, memoryKeeping } from './keeping'
import type { KeptRun } from './run'
import { parseKeptRun } from './kept-run'
import type { BenchKeeping } from './workbench-keeping'

/** An adapter that is missing is not offered. */
function withAdapters({ run: { run, series }, adapters }: { run: KeptRun; adapters: AdapterKind[] }): KeptRun {
  const files = adapters.includes('last') ? run.files : undefined
  const best = adapters.includes('best') ? run.best : undefined
  return { run: { ...run, files, best }, series }
}

/** Keeps in this browser, with copies of the records in the engine's files; in memory only where it has no IndexedDB. */
export function openKeeping(engine: EngineApi): Keeping {
  return withBeside(browserKeeping(), engine)
}

function browserKeeping(): Keeping {
  if (typeof indexedDB === 'undefined') return memoryKeeping()
  const store = runStore(parseKeptRun)
  return {
    async runs() {
      const { runs, problems } = await store.listRuns()
      return { runs: runs.map(withAdapters).sort((a, b) => a.run.createdAt - b.run.createdAt), problems }
    },
    saveRun: (kept, adapters) => store.saveRun(kept.run.id, kept, adapters),
    changeRun: (runId, change) => store.changeRun(runId, ({ run, series }) => ({ run: { ...run, ...change }, series })),
    adapter: store.loadAdapter,
    remove: store.deleteRun,
    async usage() {
      const estimate = await storageEstimate()
      return estimate && { usedBytes: estimate.usedBytes, offeredBytes: estimate.quotaBytes }
    },
    persist: askToPersist,
  }
}

/** Copies of models and datasets; undefined where the browser cannot keep files. */
export function openKeptFiles(): KeptFiles | undefined {
  const space = typeof indexedDB === 'undefined' ? undefined : opfsSpace()
  return (
    space && keptFiles({ space, records: createStore('tabtune-kept', 'entries'), writing: lockedLiving(navigator.locks, 'tabtune-copy/') })
  )
}

/** Where conversations are kept; undefined where the browser keeps nothing. */
export const openChatRecords = (): ChatRecords | undefined => (typeof indexedDB === 'undefined' ? undefined : chatRecords())

/** Where the workbench is kept; undefined where the browser keeps nothing. */
export function openBenchKeeping(): BenchKeeping | undefined {
  if (typeof indexedDB === 'undefined') return undefined
  return { record: benchRecord(), living: lockedLiving(navigator.locks, 'tabtune-workbench/') }
}
