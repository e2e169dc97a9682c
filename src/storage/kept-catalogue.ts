// What is known about each kept model and dataset. It is written beside the files and into IndexedDB, so that either can be lost.
import { type UseStore, del, get, keys, set } from 'idb-keyval'
import * as v from 'valibot'
import { say } from '../config/phrase'
import { checksumOf } from './checksum'
import type { KeptSpace } from './kept-space'
import { stored } from './storage-error'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const file = v.object({ path: v.string(), sizeBytes: count, sums: v.string() })
const entry = v.object({
  id: v.string(),
  kind: v.picklist(['model', 'data']),
  name: v.string(),
  sizeBytes: count,
  keptAt: v.number(),
  /** Of a model: that of its weights. Of data: a hash of all bytes. */
  fingerprint: v.string(),
  lineage: v.optional(v.string()),
  files: v.array(file),
})

/** A kept model or dataset. Its files are `0`, `1`, … in the order of `files`. */
export type KeptEntry = v.InferOutput<typeof entry>

const envelope = v.object({ version: v.literal(1), checksum: v.string(), entry: v.unknown() })
const record = v.object({ ...envelope.entries, lastUsedAt: v.number(), removed: v.optional(v.boolean()) })

/** What IndexedDB says: an entry with its last use, or that it is being removed. */
export type Recorded = { entry: KeptEntry; lastUsedAt: number } | 'removed'

const aboutName = 'about.json'

async function opened(input: unknown): Promise<KeptEntry | undefined> {
  const found = v.safeParse(envelope, input)
  if (!found.success || (await checksumOf(found.output.entry)) !== found.output.checksum) return undefined
  const inside = v.safeParse(entry, found.output.entry)
  return inside.success ? inside.output : undefined
}

async function sealed(known: KeptEntry): Promise<v.InferOutput<typeof envelope>> {
  // Without what a caller knows besides.
  const content = v.parse(entry, known)
  return { version: 1, checksum: await checksumOf(content), entry: content }
}

/** The record beside the files: `missing` until the copy is complete. */
export async function readAbout(space: KeptSpace, id: string): Promise<KeptEntry | 'missing' | 'damaged'> {
  const about = await space.file(id, aboutName)
  // A browser that stops while it writes the record leaves an empty file.
  if (!about?.size) return 'missing'
  let input: unknown
  try {
    input = JSON.parse(await about.text())
  } catch {
    return 'damaged'
  }
  return (await opened(input)) ?? 'damaged'
}

/** Writes the record beside the files, as the last file of a copy. */
export async function writeAbout(space: KeptSpace, content: KeptEntry): Promise<void> {
  const writer = await space.write(content.id, aboutName, content.name)
  try {
    await writer.write(new TextEncoder().encode(JSON.stringify(await sealed(content))))
    await writer.close()
  } catch (error) {
    await writer.abort().catch(() => undefined)
    throw error
  }
}

/** The records in IndexedDB. Those that cannot be read count as lost. */
export function recordsIn(store: UseStore) {
  const what = say`list of kept files`
  async function record_(id: string): Promise<Recorded | undefined> {
    const found = v.safeParse(record, await get<unknown>(id, store))
    if (!found.success) return undefined
    if (found.output.removed) return 'removed'
    const inside = await opened(found.output)
    return inside && { entry: inside, lastUsedAt: found.output.lastUsedAt }
  }
  return {
    all: () =>
      stored(what, async () => {
        const out = new Map<string, Recorded>()
        for (const id of await keys<string>(store)) {
          const found = await record_(id)
          if (found) out.set(id, found)
        }
        return out
      }),
    put: (content: KeptEntry, lastUsedAt: number, removed = false) =>
      stored(what, async () => set(content.id, { ...(await sealed(content)), lastUsedAt, removed }, store)),
    forget: (id: string) => stored(what, () => del(id, store)),
  }
}
export type Records = ReturnType<typeof recordsIn>
