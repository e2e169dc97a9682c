// Keeps runs and their adapters in IndexedDB. Every record has a version and a checksum: a reader gets
// what was stored, or a sentence that says what happened to it.
import { type UseStore, createStore, delMany, get, keys, setMany, update } from 'idb-keyval'
import * as v from 'valibot'
import { FormatError, phraseOf } from '../config/errors'
import { type Phrase, type PhraseValue, say } from '../config/phrase'
import type { AdapterFiles } from '../config/run-reports'
import { checksum, checksumOf } from './checksum'
import { stored } from './storage-error'

/** The record at `run/<id>`; version 1 is the first. */
const storedRun = v.object({ version: v.unknown(), checksum: v.unknown(), run: v.unknown() })
type StoredRun = v.InferOutput<typeof storedRun>

const storedFile = v.object({ path: v.string(), sha256: v.string(), bytes: v.instance(Uint8Array<ArrayBuffer>) })
const storedAdapter = v.object({ version: v.unknown(), value: v.unknown() })

/** A run that cannot be read, or an adapter whose run is gone. The records stay until the person deletes them. */
export interface RunProblem {
  runId: string
  reason: Phrase
  hasAdapter: boolean
}

/** `last`: the weights at the end of the run. `best`: those with the lowest loss in an evaluation, if they are not the last. */
export const adapterKinds = ['last', 'best'] as const
export type AdapterKind = (typeof adapterKinds)[number]

const version = 1

/** `Run` is the page's record of a run with its curves: any plain data that IndexedDB can clone, including typed arrays. */
interface RunStore<Run> {
  /** Keeps a run, or its state so far, and adapters with it: all of them or, if that fails, none. Call it every few seconds while the run trains. */
  saveRun(runId: string, run: Run, adapters?: Partial<Record<AdapterKind, AdapterFiles>>): Promise<void>
  /**
   * Keeps a run with a change. What others have changed in it meanwhile stays, and a run that was deleted stays deleted. Returns the run as it
   * is kept; undefined if there is none. @throws FormatError if it cannot be read or kept
   */
  changeRun(runId: string, change: (run: Run) => Run): Promise<Run | undefined>
  /** All runs, and which adapters are there. A run that cannot be read is listed in `problems`, and stays until it is deleted. */
  listRuns(): Promise<{ runs: { runId: string; run: Run; adapters: AdapterKind[] }[]; problems: RunProblem[] }>
  /** The files of an adapter that are as they were kept, and what is wrong with the others. @throws FormatError if there are none */
  loadAdapter(runId: string, kind?: AdapterKind): Promise<AdapterFiles & { problems: Phrase[] }>
  /** Deletes a run with its adapters. */
  deleteRun(runId: string): Promise<void>
}

const keyPrefixes = { run: 'run/', last: 'adapter/', best: 'best/' } as const
const keyOf = (what: keyof typeof keyPrefixes, runId: string): string => keyPrefixes[what] + runId

async function adapterRecord({ files }: AdapterFiles): Promise<v.InferOutput<typeof storedAdapter>> {
  const value: v.InferOutput<typeof storedFile>[] = []
  for (const { path, bytes } of files) value.push({ path, sha256: await checksum(bytes), bytes })
  return { version, value }
}

/** Changes the record of a run, again if another tab was faster. */
async function changed<Run>(store: UseStore, runId: string, change: (input: unknown) => Run): Promise<Run | undefined> {
  const key = keyOf('run', runId)
  const what = say`run ${runId}`
  for (;;) {
    const before = await stored(what, () => get<unknown>(key, store))
    if (before === undefined) return undefined
    const run = change(await whole(what, before))
    const record = await runRecord(run)
    if (await stored(what, () => replaced(store, key, (before as StoredRun).checksum, record))) return run
  }
}

/** The store of runs in this browser. `parse` reads a kept run, and throws a FormatError for anything else. Tests pass another `store`. */
async function runRecord(run: unknown): Promise<StoredRun> {
  return { version, checksum: await checksumOf(run), run }
}

/** Puts a record in place of the one with this checksum. Returns false if another has come in its place, or none is left. */
async function replaced(store: UseStore, key: string, checksum: unknown, record: StoredRun): Promise<boolean> {
  const overtaken = new Error('overtaken')
  const replace = (now: unknown): StoredRun => {
    const found = v.safeParse(storedRun, now)
    if (!found.success || found.output.checksum !== checksum) throw overtaken
    return record
  }
  try {
    await update<unknown>(key, replace, store)
    return true
  } catch (error) {
    if (error === overtaken) return false
    throw error
  }
}

export function runStore<Run>(
  parse: (runId: string, input: unknown) => Run,
  store: UseStore = createStore('tabtune', 'runs'),
): RunStore<Run> {
  /** Ids of the records of one kind. */
  function idsOf(all: readonly unknown[], what: keyof typeof keyPrefixes): string[] {
    const prefix = keyPrefixes[what]
    return all.flatMap((key) => (typeof key === 'string' && key.startsWith(prefix) ? [key.slice(prefix.length)] : []))
  }

  async function readRun(runId: string): Promise<Run> {
    return parse(runId, await whole(say`run ${runId}`, await stored(say`run ${runId}`, () => get<unknown>(keyOf('run', runId), store))))
  }

  return {
    async saveRun(runId, run, adapters = {}) {
      const entries: [string, unknown][] = [[keyOf('run', runId), await runRecord(run)]]
      for (const kind of adapterKinds) {
        const files = adapters[kind]
        if (files) entries.push([keyOf(kind, runId), await adapterRecord(files)])
      }
      // One transaction: the record never speaks of an adapter that is not there.
      await stored(say`run ${runId}`, () => setMany(entries, store))
    },

    changeRun: (runId, change) => changed(store, runId, (input) => change(parse(runId, input))),

    async listRuns() {
      const all = await stored(say`runs`, () => keys(store))
      const held = Object.fromEntries(adapterKinds.map((kind) => [kind, new Set(idsOf(all, kind))])) as Record<AdapterKind, Set<string>>
      const runs: { runId: string; run: Run; adapters: AdapterKind[] }[] = []
      const problems: RunProblem[] = []
      const ids = new Set(idsOf(all, 'run'))
      // One by one, because one damaged record makes the browser refuse all that are asked for together.
      for (const runId of ids) {
        const adapters = adapterKinds.filter((kind) => held[kind].has(runId))
        try {
          runs.push({ runId, run: await readRun(runId), adapters })
        } catch (error) {
          problems.push({ runId, reason: phraseOf(error), hasAdapter: adapters.length > 0 })
        }
      }
      for (const runId of held.last)
        if (!ids.has(runId))
          problems.push({
            runId,
            reason: say`run ${runId}: expected its record beside its adapter, got none. Download the adapter, or delete it.`,
            hasAdapter: true,
          })
      return { runs, problems }
    },

    async loadAdapter(runId, kind = 'last') {
      const what = say`adapter of run ${runId}`
      const record = await stored(what, () => get<unknown>(keyOf(kind, runId), store))
      if (record === undefined) throw gone(what)
      const found = v.safeParse(storedAdapter, record)
      if (!found.success) throw damaged(what)
      if (found.output.version !== version) throw otherVersion(what, found.output.version)
      if (!Array.isArray(found.output.value)) throw damaged(what)
      const files: AdapterFiles['files'] = []
      const problems: Phrase[] = []
      for (const value of found.output.value) {
        const file = v.safeParse(storedFile, value)
        if (file.success && (await checksum(file.output.bytes)) === file.output.sha256)
          files.push({ path: file.output.path, bytes: file.output.bytes })
        else problems.push(damaged(file.success ? say`${file.output.path} of run ${runId}` : what).phrase)
      }
      if (files.length === 0) throw damaged(what)
      return { files, problems }
    },

    deleteRun: (runId) =>
      stored(say`run ${runId}`, () => delMany([keyOf('run', runId), ...adapterKinds.map((kind) => keyOf(kind, runId))], store)),
  }
}

/** Bytes used and allowed, from the browser; undefined if it does not say. */
export async function storageEstimate(): Promise<{ usedBytes: number; quotaBytes: number } | undefined> {
  if (typeof navigator === 'undefined' || !navigator.storage?.estimate) return undefined
  const { usage, quota } = await navigator.storage.estimate()
  return usage === undefined || quota === undefined ? undefined : { usedBytes: usage, quotaBytes: quota }
}

/** The content of a record, exactly as stored. @throws FormatError if it has changed */
async function whole(what: PhraseValue, record: unknown): Promise<unknown> {
  const found = v.safeParse(storedRun, record)
  if (!found.success) throw damaged(what)
  const { run, checksum } = found.output
  if (found.output.version !== version) throw otherVersion(what, found.output.version)
  if ((await checksumOf(run)) !== checksum) throw damaged(what)
  return run
}

function otherVersion(what: PhraseValue, got: unknown): FormatError {
  return new FormatError(say`${what}: expected version ${version}, got ${String(got)}. Open it with the version of TabTune that wrote it.`)
}

function gone(what: PhraseValue): FormatError {
  return new FormatError(
    say`${what}: expected it in this browser's storage, got nothing. The browser may have cleared its storage. Train it again, or use a downloaded copy.`,
  )
}

function damaged(what: PhraseValue): FormatError {
  return new FormatError(
    say`${what}: expected the bytes that were kept, got others. The record is damaged. Delete it, and use a downloaded copy.`,
  )
}
