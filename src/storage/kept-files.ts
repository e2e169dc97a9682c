// Copies of models and datasets in this browser, so that they can be opened again after a reload. A copy is complete once its record is
// beside it; what is left of an unfinished one is removed when the page opens. No file is ever in memory as a whole.
import type { UseStore } from 'idb-keyval'
import { Cancelled, FormatError, phraseOf } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { checkedBytes, sumsOf } from '../config/sha256'
import { checksum } from './checksum'
import { type KeptEntry, readAbout, recordsIn, writeAbout } from './kept-catalogue'
import type { KeptSpace, SpaceWriter } from './kept-space'

/** A file with its path in what was opened. Kept files have the checksums of every MiB. */
export interface KeptFile {
  path: string
  file: File
  sums?: string
}

export interface Kept extends KeptEntry {
  lastUsedAt: number
}

/** A copy that cannot be used. It stays until the person deletes it. */
export interface KeptProblem {
  id: string
  reason: Phrase
}

/** What is to be kept. Data get their fingerprint from their bytes. */
export type NewKept = Pick<KeptEntry, 'name' | 'lineage'> &
  ({ kind: 'model'; fingerprint: string } | { kind: 'data'; fingerprint?: undefined })

interface Watch {
  signal?: AbortSignal
  /** 0…1 */
  onProgress?: (fraction: number) => void
}

export interface KeptFiles {
  /** What is kept, the last used first; and what cannot be used. */
  list(): Promise<{ kept: Kept[]; problems: KeptProblem[] }>
  /** Copies files. If that fails or is cancelled, nothing of them stays. @throws FormatError, Cancelled */
  keep(what: NewKept, files: readonly KeptFile[], watch?: Watch): Promise<Kept>
  /** The files of a copy. Data are compared with their checksums here, models while they are loaded. @throws FormatError if they have changed */
  open(id: string): Promise<KeptFile[]>
  /** Deletes a copy, or what is left of it. */
  remove(id: string): Promise<void>
}

interface Parts {
  space: KeptSpace
  records: UseStore
  /** Marks copies that are being written, so that another tab does not take them for unfinished ones. */
  writing: { hold(id: string): Promise<() => void>; running(): Promise<ReadonlySet<string>> }
}

/** Bytes that are in memory at a time. */
const pieceBytes = 4 * checkedBytes

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

async function pieceOf(path: string, file: File, at: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer())
  } catch (error) {
    const reason = error instanceof Error ? error.name : String(error)
    throw new FormatError(
      say`${path}: expected a file that can be read, got ${reason}. The file was changed or moved, or is in use. Choose it again.`,
    )
  }
}

/** The checksums of a file, and each of its pieces on the way. */
async function readWhole(
  { path, file }: KeptFile,
  signal: AbortSignal | undefined,
  onPiece: (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | void,
): Promise<string> {
  const sums: string[] = []
  for (let at = 0; at < file.size; at += pieceBytes) {
    if (signal?.aborted) throw new Cancelled()
    const bytes = await pieceOf(path, file, at)
    sums.push(await sumsOf(bytes))
    await onPiece(bytes)
  }
  return sums.join('')
}

/** The fingerprint of data: a hash of its checksums. Reads the file once, a few MB at a time. @throws FormatError, Cancelled */
export async function dataFingerprint(path: string, file: File, signal?: AbortSignal): Promise<string> {
  return fingerprintOf([await readWhole({ path, file }, signal, () => undefined)])
}

const fingerprintOf = (sums: readonly string[]): Promise<string> => checksum(new TextEncoder().encode(sums.join(' ')))

function gone(name: string): FormatError {
  return new FormatError(
    say`${name}: expected the copy in this browser, got nothing. The browser has cleared its storage. Open the original again.`,
  )
}

function damaged(name: string): FormatError {
  return new FormatError(
    say`${name}: expected the bytes that were kept, got others. The copy in this browser is damaged. Delete it in the Library, and open the original again.`,
  )
}

export function keptFiles({ space, records: store, writing }: Parts): KeptFiles {
  const records = recordsIn(store)

  async function copyFile(id: string, index: number, source: KeptFile, signal: AbortSignal | undefined, onBytes: (n: number) => void) {
    const writer: SpaceWriter = await space.write(id, String(index), baseName(source.path))
    try {
      const sums = await readWhole(source, signal, async (bytes) => {
        await writer.write(bytes)
        onBytes(bytes.length)
      })
      await writer.close()
      return { path: source.path, sizeBytes: source.file.size, sums }
    } catch (error) {
      await writer.abort().catch(() => undefined)
      throw error
    }
  }

  /** The files of an entry. @throws FormatError if one is missing or has another size */
  async function filesOf(entry: KeptEntry): Promise<KeptFile[]> {
    return Promise.all(
      entry.files.map(async ({ path, sizeBytes, sums }, i) => {
        const file = await space.file(entry.id, String(i))
        if (!file) throw gone(path)
        if (file.size !== sizeBytes) throw damaged(path)
        // The name in the browser's file system is a number. This does not copy the bytes.
        return { path, file: new File([file], baseName(path)), sums }
      }),
    )
  }

  /** The entry of a folder; undefined if its copy was not finished. The record that is lost or damaged is written again from the other. */
  async function entryOf(id: string, recorded: Kept | undefined): Promise<Kept | undefined> {
    const about = await readAbout(space, id)
    if (about === 'missing' && !recorded) return undefined
    if (about === 'damaged' && !recorded)
      throw new FormatError(say`copy: expected its record, got other bytes. It cannot be used. Delete it, and open the original again.`)
    const entry = recorded ?? (typeof about === 'object' ? { ...about, lastUsedAt: about.keptAt } : undefined)
    if (!entry) return undefined
    await filesOf(entry)
    // A storage that is full refuses this. The other record is enough.
    if (!recorded) await records.put(entry, entry.lastUsedAt).catch(() => undefined)
    else if (typeof about === 'string') await writeAbout(space, entry).catch(() => undefined)
    return entry
  }

  async function remove(id: string, recorded?: KeptEntry): Promise<void> {
    // From here on it is not found again, even if the page closes before its files are gone.
    if (recorded) await records.put(recorded, 0, true).catch(() => undefined)
    await space.remove(id)
    await records.forget(id)
  }

  async function find(id: string): Promise<Kept> {
    const recorded = (await records.all()).get(id)
    const about = recorded === undefined ? await readAbout(space, id) : undefined
    if (typeof about === 'object') return { ...about, lastUsedAt: about.keptAt }
    if (!recorded || recorded === 'removed') throw gone('copy')
    return { ...recorded.entry, lastUsedAt: recorded.lastUsedAt }
  }

  return {
    async list() {
      const folders = await space.folders()
      const held = await writing.running()
      // If IndexedDB does not answer, the records beside the files are enough.
      const recorded = await records.all().catch(() => new Map() as Awaited<ReturnType<typeof records.all>>)
      const kept: Kept[] = []
      const problems: KeptProblem[] = []
      for (const id of new Set([...folders, ...recorded.keys()])) {
        if (held.has(id)) continue
        const found = recorded.get(id)
        try {
          if (found === 'removed') {
            await remove(id)
            continue
          }
          const entry = await entryOf(id, found && { ...found.entry, lastUsedAt: found.lastUsedAt })
          if (entry) kept.push(entry)
          else await remove(id)
        } catch (error) {
          problems.push({ id, reason: phraseOf(error) })
        }
      }
      return { kept: kept.sort((a, b) => b.lastUsedAt - a.lastUsedAt), problems }
    },

    async keep({ kind, name, fingerprint, lineage }, sources, { signal, onProgress } = {}) {
      const id = crypto.randomUUID()
      const sizeBytes = sources.reduce((sum, { file }) => sum + file.size, 0)
      const release = await writing.hold(id)
      try {
        let done = 0
        const files: KeptEntry['files'] = []
        for (const [i, source] of sources.entries())
          files.push(await copyFile(id, i, source, signal, (bytes) => onProgress?.((done += bytes) / Math.max(1, sizeBytes))))
        if (signal?.aborted) throw new Cancelled()
        const now = Date.now()
        const own = fingerprint ?? (await fingerprintOf(files.map((f) => f.sums)))
        const entry: KeptEntry = {
          id,
          kind,
          name,
          sizeBytes,
          keptAt: now,
          fingerprint: own,
          ...(lineage !== undefined && { lineage }),
          files,
        }
        await writeAbout(space, entry)
        await records.put(entry, now).catch(() => undefined)
        return { ...entry, lastUsedAt: now }
      } catch (error) {
        await space.remove(id).catch(() => undefined)
        throw error
      } finally {
        release()
      }
    },

    async open(id) {
      const entry = await find(id)
      const files = await filesOf(entry)
      if (entry.kind === 'data')
        for (const file of files) if ((await readWhole(file, undefined, () => undefined)) !== file.sums) throw damaged(file.path)
      await records.put(entry, Date.now()).catch(() => undefined)
      return files
    },

    async remove(id) {
      const recorded = (await records.all().catch(() => undefined))?.get(id)
      await remove(id, recorded === undefined || recorded === 'removed' ? undefined : recorded.entry)
    },
  }
}
