// Keeps runs and their adapters in IndexedDB. Every record has a version and a checksum: a reader gets
// what was stored, or a sentence that says what happened to it.
import { type UseStore, createStore, delMany, get, getMany, keys, set } from 'idb-keyval'
import * as v from 'valibot'
import { FormatError, phraseOf } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { AdapterFiles } from '../config/run-reports'
import { checksum, checksumOf } from './checksum'
import { stored } from './storage-error'

/** The record at `run/<id>`; version 1 is the first. */
const storedRun = v.object({ version: v.unknown(), checksum: v.unknown(), run: v.unknown() })
type StoredRun = v.InferOutput<typeof storedRun>

const storedFile = v.object({ path: v.string(), sha256: v.string(), bytes: v.instance(Uint8Array<ArrayBuffer>) })
const storedAdapter = v.object({ version: v.unknown(), value: v.unknown() })

/** A run that cannot be read. Its record stays until the person deletes it. */
export interface RunProblem {
  runId: string
  reason: Phrase
  hasAdapter: boolean
}

const version = 1

/** `Run` is the page's record of a run with its curves: any plain data that IndexedDB can clone, including typed arrays. */
interface RunStore<Run> {
  /** Keeps a run, or its state so far. Call it every few seconds while the run trains. */
  saveRun(runId: string, run: Run): Promise<void>
  /** All runs. A run that cannot be read is listed in `problems`, and stays until it is deleted. */
  listRuns(): Promise<{ runs: { runId: string; run: Run; hasAdapter: boolean }[]; problems: RunProblem[] }>
  saveAdapter(runId: string, files: AdapterFiles): Promise<void>
  /** The adapter of a run, with every file checked. Throws FormatError if the browser has dropped or damaged it. */
  loadAdapter(runId: string): Promise<AdapterFiles>
  /** Deletes a run with its adapter. */
  deleteRun(runId: string): Promise<void>
}

/** The store of runs in this browser. `parse` reads a kept run, and throws a FormatError for anything else. Tests pass another `store`. */
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
      await stored(`run ${runId}`, () => set(runKey(runId), record, store))
    },

    async listRuns() {
      const all = (await stored('runs', () => keys<string>(store))).filter((key) => typeof key === 'string')
      const adapters = new Set(all.filter((key) => key.startsWith('adapter/')).map(idOf))
      const ids = all.filter((key) => key.startsWith('run/')).map(idOf)
      const records = await stored('runs', () => getMany<unknown>(ids.map(runKey), store))
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
      await stored(`adapter of run ${runId}`, () => set(adapterKey(runId), { version, value }, store))
    },

    async loadAdapter(runId) {
      const what = `adapter of run ${runId}`
      const record = await stored(what, () => get<unknown>(adapterKey(runId), store))
      if (record === undefined) throw gone(what)
      const found = v.safeParse(storedAdapter, record)
      if (!found.success) throw damaged(what)
      if (found.output.version !== version) throw otherVersion(what, found.output.version)
      const list = v.safeParse(v.array(storedFile), found.output.value)
      if (!list.success) throw damaged(what)
      const files: AdapterFiles['files'] = []
      for (const { path, sha256, bytes } of list.output) {
        if ((await checksum(bytes)) !== sha256) throw damaged(`${path} of run ${runId}`)
        files.push({ path, bytes })
      }
      return { files }
    },

    deleteRun: (runId) => stored(`run ${runId}`, () => delMany([runKey(runId), adapterKey(runId)], store)),
  }
}

/** Bytes used and allowed, from the browser; undefined if it does not say. */
export async function storageEstimate(): Promise<{ usedBytes: number; quotaBytes: number } | undefined> {
  if (typeof navigator === 'undefined' || !navigator.storage?.estimate) return undefined
  const { usage, quota } = await navigator.storage.estimate()
  return usage === undefined || quota === undefined ? undefined : { usedBytes: usage, quotaBytes: quota }
}

/** The content of a record, exactly as stored. @throws FormatError if it has changed */
async function whole(what: string, record: unknown): Promise<unknown> {
  const found = v.safeParse(storedRun, record)
  if (!found.success) throw damaged(what)
  const { run, checksum } = found.output
  if (found.output.version !== version) throw otherVersion(what, found.output.version)
  if ((await checksumOf(run)) !== checksum) throw damaged(what)
  return run
}

function otherVersion(what: string, got: unknown): FormatError {
  return new FormatError(say`${what}: expected version ${version}, got ${String(got)}. Open it with the version of TabTune that wrote it.`)
}

function gone(what: string): FormatError {
  return new FormatError(
    say`${what}: expected it in this browser's storage, got nothing. The browser may have cleared its storage. Train it again, or use a downloaded copy.`,
  )
}

function damaged(what: string): FormatError {
  return new FormatError(
    say`${what}: expected the bytes that were kept, got others. The record is damaged. Delete it, and use a downloaded copy.`,
  )
}
