// Runs and their adapters in IndexedDB. Everything carries a version and a checksum: what comes
// back is what was put there, or a sentence that says what happened to it.
import { type UseStore, createStore, delMany, getMany, get, keys, set, setMany } from 'idb-keyval'
import type { AdapterFiles, EvalMetrics, RunSummary, StepMetrics } from '../config/run-reports'
import { FormatError, TabTuneError } from '../config/errors'
import { checksum } from './checksum'

/** A run's curves, whole. */
export interface RunCurves {
  steps: StepMetrics[]
  evals: EvalMetrics[]
}

/** A run as the page lists it. */
export interface RunRecord extends RunCurves {
  runId: string
  /** What the person calls it. */
  name: string
  /** Milliseconds since 1970. */
  createdAt: number
  /** Absent while it trains, and for ever where it was cut off. */
  summary?: RunSummary
  /** An adapter is kept with it. */
  hasAdapter: boolean
}

/** Where records lie; version 1 is the first. */
interface Stored<T> {
  version: number
  checksum: string
  value: T
}

interface StoredFile {
  path: string
  sha256: string
  bytes: Uint8Array<ArrayBuffer>
}

const version = 1

export interface RunStore {
  /** Keeps a run, or what it has come to so far: call it every few seconds while it trains. */
  saveRun(run: Omit<RunRecord, 'hasAdapter'>): Promise<void>
  /** All runs, oldest first; one that cannot be read is told under `problems` and stays until it is deleted. */
  listRuns(): Promise<{ runs: RunRecord[]; problems: { runId: string; reason: string }[] }>
  saveAdapter(runId: string, files: AdapterFiles): Promise<void>
  /** The adapter of a run, each file checked; throws FormatError where the browser has dropped or damaged it. */
  loadAdapter(runId: string): Promise<AdapterFiles>
  deleteRun(runId: string): Promise<void>
}

/** The store of runs in this browser; `store` is another place to keep them, for tests. */
export function runStore(store: UseStore = createStore('tabtune', 'runs')): RunStore {
  const runKey = (runId: string): string => `run/${runId}`
  const adapterKey = (runId: string): string => `adapter/${runId}`
  const idOf = (key: string): string => key.slice(key.indexOf('/') + 1)
  return {
    async saveRun({ runId, name, createdAt, steps, evals, summary }) {
      const value = { runId, name, createdAt, steps, evals, ...(summary ? { summary } : {}) }
      await kept(set(runKey(runId), await sealed(value), store))
    },

    async listRuns() {
      const all = (await kept(keys<string>(store))).filter((key) => typeof key === 'string')
      const adapters = new Set(all.filter((key) => key.startsWith('adapter/')).map(idOf))
      const runKeys = all.filter((key) => key.startsWith('run/'))
      const values = await kept(getMany<unknown>(runKeys, store))
      const runs: RunRecord[] = []
      const problems: { runId: string; reason: string }[] = []
      for (const [i, key] of runKeys.entries()) {
        const runId = idOf(key)
        try {
          const value = await opened<Omit<RunRecord, 'hasAdapter'>>(`run ${runId}`, values[i])
          runs.push({ ...value, hasAdapter: adapters.has(runId) })
        } catch (error) {
          if (!(error instanceof TabTuneError)) throw error
          problems.push({ runId, reason: error.message })
        }
      }
      return { runs: runs.sort((a, b) => a.createdAt - b.createdAt), problems }
    },

    async saveAdapter(runId, { files }) {
      const value: StoredFile[] = []
      for (const { path, bytes } of files) value.push({ path, sha256: await checksum(bytes), bytes })
      await kept(setMany([[adapterKey(runId), { version, value }]], store))
    },

    async loadAdapter(runId) {
      const record = (await kept(get<{ version: number; value: StoredFile[] }>(adapterKey(runId), store))) ?? undefined
      if (!record) throw gone(`adapter of run ${runId}`)
      checkVersion(`adapter of run ${runId}`, record.version)
      const files: AdapterFiles['files'] = []
      for (const { path, sha256, bytes } of record.value) {
        if ((await checksum(bytes)) !== sha256) throw damaged(`${path} of run ${runId}`)
        files.push({ path, bytes })
      }
      return { files }
    },

    deleteRun: (runId) => kept(delMany([runKey(runId), adapterKey(runId)], store)),
  }
}

/** Bytes used and allowed, as the browser says; undefined where it does not. */
export async function storageEstimate(): Promise<{ usedBytes: number; quotaBytes: number } | undefined> {
  if (typeof navigator === 'undefined' || !navigator.storage?.estimate) return undefined
  const { usage, quota } = await navigator.storage.estimate()
  return usage === undefined || quota === undefined ? undefined : { usedBytes: usage, quotaBytes: quota }
}

async function sealed<T>(value: T): Promise<Stored<string>> {
  const text = JSON.stringify(value)
  return { version, checksum: await checksum(new TextEncoder().encode(text)), value: text }
}

async function opened<T>(what: string, record: unknown): Promise<T> {
  const stored = record as Partial<Stored<string>> | undefined
  if (!stored) throw gone(what)
  checkVersion(what, stored.version)
  if (typeof stored.value !== 'string' || (await checksum(new TextEncoder().encode(stored.value))) !== stored.checksum) throw damaged(what)
  return JSON.parse(stored.value) as T
}

function checkVersion(what: string, got: unknown): void {
  if (got !== version) throw new FormatError(`${what}: expected version ${version}, got ${String(got)}. Open it with the TabTune that wrote it.`)
}

function gone(what: string): FormatError {
  return new FormatError(`${what}: expected it in this browser's storage, got nothing. The browser may have cleared it; train it again or use a downloaded copy.`)
}

function damaged(what: string): FormatError {
  return new FormatError(`${what}: expected the bytes that were kept, got others. It is damaged; delete it and use a downloaded copy.`)
}

/** A storage failure in words; a full disk is the usual one. */
async function kept<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'QuotaExceededError') throw new FormatError('storage: expected room for the run, got none left for this page. Delete old runs, or download the adapter instead.')
    throw new FormatError(`storage: expected this browser's storage to answer, got ${error instanceof Error ? `${name}: ${error.message}` : String(error)}. Private windows may forbid it; download the adapter instead.`)
  }
}
