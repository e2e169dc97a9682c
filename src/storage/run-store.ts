// Runs and their adapters in IndexedDB. Everything carries a version and a checksum: what comes
// back is what was put there, or a sentence that says what happened to it.
import { type UseStore, createStore, delMany, get, getMany, keys, set } from 'idb-keyval'
import * as v from 'valibot'
import { FormatError, phraseOf } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { AdapterFiles } from '../config/run-reports'
import { checksum, checksumOf } from './checksum'

/** What lies under `run/<id>`; version 1 is the first. */
const storedRun = v.object({ version: v.unknown(), checksum: v.unknown(), run: v.unknown() })
type StoredRun = v.InferOutput<typeof storedRun>

const storedFile = v.object({ path: v.string(), sha256: v.string(), bytes: v.instance(Uint8Array<ArrayBuffer>) })
const storedAdapter = v.object({ version: v.unknown(), value: v.unknown() })

/** A run that cannot be read; whatever lies there stays until the person deletes it. */
export interface RunProblem {
  runId: string
  reason: Phrase
  hasAdapter: boolean
}

const version = 1

/** `Run` is the page's record of a run with its curves: any plain data that IndexedDB can clone, typed arrays too. */
interface RunStore<Run> {
  /** Keeps a run, or what it has come to so far: call it every few seconds while it trains. */
  saveRun(runId: string, run: Run): Promise<void>
  /** All runs; one that cannot be read is told under `problems` and stays until it is deleted. */
  listRuns(): Promise<{ runs: { runId: string; run: Run; hasAdapter: boolean }[]; problems: RunProblem[] }>
  saveAdapter(runId: string, files: AdapterFiles): Promise<void>
  /** The adapter of a run, each file checked; throws FormatError where the browser has dropped or damaged it. */
  loadAdapter(runId: string): Promise<AdapterFiles>
  /** Takes a run away, its adapter with it. */
  deleteRun(runId: string): Promise<void>
}

/** The store of runs in this browser. `parse` reads what was kept, and throws a FormatError where it is no run; `store` is another place to keep them, for tests. */
export function runStore<Run>(
  parse: (runId: string, input: unknown) => Run,
  store: UseStore = createStore('tabtune', 'runs'),
): RunStore<Run> {
  const runKey = (runId: string): string => `run/${runId}`
  const adapterKey = (runId: string): string => `adapter/${runId}`
  const idOf = (key: string): string => key.slice(key.indexOf('/') + 1)
  return {
    async saveRun(runId, run) {
      const record: StoredRun = { version, checksum: await checksumOf(run), run }
      await kept(set(runKey(runId), record, store))
    },

    async listRuns() {
      const all = (await kept(keys<string>(store))).filter((key) => typeof key === 'string')
      const adapters = new Set(all.filter((key) => key.startsWith('adapter/')).map(idOf))
      const ids = all.filter((key) => key.startsWith('run/')).map(idOf)
      const records = await kept(getMany<unknown>(ids.map(runKey), store))
      const runs: { runId: string; run: Run; hasAdapter: boolean }[] = []
      const problems: RunProblem[] = []
      for (const [i, runId] of ids.entries()) {
        const hasAdapter = adapters.has(runId)
        try {
          runs.push({ runId, run: parse(runId, await whole(`run ${runId}`, records[i])), hasAdapter })
        } catch (error) {
          problems.push({ runId, reason: phraseOf(error), hasAdapter })
        }
      }
      return { runs, problems }
    },

    async saveAdapter(runId, { files }) {
      const value: v.InferOutput<typeof storedFile>[] = []
      for (const { path, bytes } of files) value.push({ path, sha256: await checksum(bytes), bytes })
      await kept(set(adapterKey(runId), { version, value }, store))
    },

    async loadAdapter(runId) {
      const what = `adapter of run ${runId}`
      const record = await kept(get<unknown>(adapterKey(runId), store))
      if (record === undefined) throw gone(what)
      const found = v.safeParse(storedAdapter, record)
      if (!found.success) throw damaged(what)
      if (found.output.version !== version) throw otherVersion(what, found.output.version)
      const stored = v.safeParse(v.array(storedFile), found.output.value)
      if (!stored.success) throw damaged(what)
      const files: AdapterFiles['files'] = []
      for (const { path, sha256, bytes } of stored.output) {
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

/** What a record holds, as it was put there. @throws FormatError where it is not */
async function whole(what: string, record: unknown): Promise<unknown> {
  const found = v.safeParse(storedRun, record)
  if (!found.success) throw damaged(what)
  const { run, checksum } = found.output
  if (found.output.version !== version) throw otherVersion(what, found.output.version)
  if ((await checksumOf(run)) !== checksum) throw damaged(what)
  return run
}

function otherVersion(what: string, got: unknown): FormatError {
  return new FormatError(say`${what}: expected version ${version}, got ${String(got)}. Open it with the TabTune that wrote it.`)
}

function gone(what: string): FormatError {
  return new FormatError(
    say`${what}: expected it in this browser's storage, got nothing. The browser may have cleared it; train it again or use a downloaded copy.`,
  )
}

function damaged(what: string): FormatError {
  return new FormatError(say`${what}: expected the bytes that were kept, got others. It is damaged; delete it and use a downloaded copy.`)
}

/** A storage failure in words; a full disk is the usual one. */
async function kept<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'QuotaExceededError')
      throw new FormatError(
        say`storage: expected room for the run, got none left for this page. Delete old runs, or download the adapter instead.`,
      )
    throw new FormatError(
      say`storage: expected this browser's storage to answer, got ${error instanceof Error ? `${name}: ${error.message}` : String(error)}. Private windows may forbid it; download the adapter instead.`,
    )
  }
}
