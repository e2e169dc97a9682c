// Copies of models and datasets in this browser, so that they can be opened again after a reload. A copy is complete once its record is
// beside it; what is left of an unfinished one is removed when the page opens.
import type { UseStore } from 'idb-keyval'
import { phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import { type KeptEntry, type Recorded, readAbout, recordsIn, writeAbout } from './kept-catalogue'
import { type KeptFile, type Watch, copyFiles, damaged, fingerprintOf, readWhole } from './kept-copy'
import { type Kept, copyIn, filesOf, gone } from './kept-found'
import type { KeptSpace } from './kept-space'

/** A copy that cannot be used. It stays until the person deletes it. */
export interface KeptProblem {
  id: string
  reason: Phrase
}

/** What is to be kept. Data get their fingerprint from their bytes. */
type NewKept = Pick<KeptEntry, 'name' | 'lineage'> & ({ kind: 'model'; fingerprint: string } | { kind: 'data'; fingerprint?: undefined })

export interface KeptFiles {
  /** What is kept, the last used first; and what cannot be used. */
  list(): Promise<{ kept: Kept[]; problems: KeptProblem[] }>
  /** Copies files. If that fails or is cancelled, nothing of them stays. @throws FormatError, Cancelled */
  keep(what: NewKept, files: readonly KeptFile[], watch?: Watch): Promise<Kept>
  /** The files of a copy. Data are compared with their checksums here, models while they are loaded. @throws FormatError if they have changed */
  open(id: string): Promise<KeptFile[]>
  /** The files of a copy with their checksums, which nobody has compared yet. It does not count as a use. @throws FormatError if one is missing */
  files(id: string): Promise<KeptFile[]>
  /** Deletes a copy, or what is left of it. */
  remove(id: string): Promise<void>
}

interface Parts {
  space: KeptSpace
  records: UseStore
  /** Marks copies that are being written, so that another tab does not take them for unfinished ones. */
  writing: { hold(id: string): Promise<() => void>; running(): Promise<ReadonlySet<string>> }
}

const entryIn = (recorded: Recorded | undefined): Kept | undefined =>
  recorded === undefined || recorded === 'removed' ? undefined : { ...recorded.entry, lastUsedAt: recorded.lastUsedAt }

/** @throws FormatError if there is no copy with this id */
async function find(space: KeptSpace, recorded: ReadonlyMap<string, Recorded>, id: string): Promise<Kept> {
  const entry = entryIn(recorded.get(id))
  if (entry) return entry
  const about = await readAbout(space, id)
  if (typeof about === 'string') throw gone('copy')
  return { ...about, lastUsedAt: about.keptAt }
}

export function keptFiles({ space, records: store, writing }: Parts): KeptFiles {
  const records = recordsIn(store)
  /** If IndexedDB does not answer, the records beside the files are enough. */
  const recordedNow = (): Promise<Map<string, Recorded>> => records.all().catch(() => new Map())

  async function remove(id: string, entry: KeptEntry | undefined): Promise<void> {
    // From here on it is not found again, even if the page closes before its files are gone.
    if (entry) await records.put(entry, 0, true).catch(() => undefined)
    await space.remove(id)
    await records.forget(id)
  }

  return {
    async list() {
      const folders = await space.folders()
      const held = await writing.running()
      const recorded = await recordedNow()
      const kept: Kept[] = []
      const problems: KeptProblem[] = []
      for (const id of new Set([...folders, ...recorded.keys()])) {
        if (held.has(id)) continue
        try {
          const found = recorded.get(id)
          const copy = found === 'removed' ? undefined : await copyIn(space, records, id, entryIn(found))
          if (copy) kept.push(copy)
          else await remove(id, undefined)
        } catch (error) {
          problems.push({ id, reason: phraseOf(error) })
        }
      }
      return { kept: kept.sort((a, b) => b.lastUsedAt - a.lastUsedAt), problems }
    },

    async keep({ kind, name, fingerprint, lineage }, sources, watch = {}) {
      const id = crypto.randomUUID()
      const release = await writing.hold(id)
      try {
        const files = await copyFiles(space, id, sources, watch)
        const entry: KeptEntry = {
          id,
          kind,
          name,
          sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
          keptAt: Date.now(),
          fingerprint: fingerprint ?? (await fingerprintOf(files.map((f) => f.sums))),
          ...(lineage !== undefined && { lineage }),
          files,
        }
        await writeAbout(space, entry)
        await records.put(entry, entry.keptAt).catch(() => undefined)
        return { ...entry, lastUsedAt: entry.keptAt }
      } catch (error) {
        await space.remove(id).catch(() => undefined)
        throw error
      } finally {
        release()
      }
    },

    async open(id) {
      const entry = await find(space, await recordedNow(), id)
      const files = await filesOf(space, entry)
      if (entry.kind === 'data') for (const file of files) if ((await readWhole(file)) !== file.sums) throw damaged(file.path)
      await records.put(entry, Date.now()).catch(() => undefined)
      return files
    },

    files: async (id) => filesOf(space, await find(space, await recordedNow(), id)),

    async remove(id) {
      await remove(id, entryIn((await recordedNow()).get(id)))
    },
  }
}
