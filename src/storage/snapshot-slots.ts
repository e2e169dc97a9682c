// Keeps the newest snapshot of a run in two slots: while one is written, the other holds the snapshot before. A slot is a file with the
// bytes, and a manifest beside it that is written last and removed first, so that a slot with a manifest is complete.
import * as v from 'valibot'
import { FormatError, phraseOf } from '../config/errors'
import { type Phrase, joined, say } from '../config/phrase'
import { checkedBytes, sumDigits, sumsOf } from '../config/sha256'
import { readCheckedJson, writeCheckedJson } from './checked-json'
import { type Folder, type FolderFile, withFile, withNewFile } from './folder'
import { type Snapshot, bytesIn, pieceBytes } from './snapshot'
import { DamagedError } from './storage-error'

const version = 1
const slots = [0, 1] as const
type Slot = (typeof slots)[number]

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const manifestOf = v.object({
  version: v.literal(version),
  /** Counts the snapshots of the run. The slot with the larger number is newer. */
  sequence: count,
  about: v.unknown(),
  parts: v.array(v.object({ name: v.string(), sizeBytes: count, sums: v.string() })),
})
type Manifest = v.InferOutput<typeof manifestOf>
type Part = Manifest['parts'][number]

const bytesName = (slot: Slot): string => `slot-${slot}`
const manifestName = (slot: Slot): string => `slot-${slot}.json`

function changed(slot: Slot, what: string): DamagedError {
  return new DamagedError(
    say`snapshot in slot ${slot}, ${what}: expected the bytes that were kept, got others. The storage is damaged. An older snapshot is used if there is one.`,
  )
}

/** @throws FormatError if it is not as it was written */
async function readManifest(folder: Folder, slot: Slot): Promise<Manifest | undefined> {
  const stored = await readCheckedJson(folder, manifestName(slot))
  if (stored === undefined) return undefined
  const found = v.safeParse(manifestOf, stored)
  if (found.success) return found.output
  throw new FormatError(
    say`snapshot in slot ${slot}: expected version ${version}, got another. Open it with the version of TabTune that wrote it.`,
  )
}

/** A part, and where it begins in the slot's file. */
interface Place {
  part: Part
  at: number
}

function placed(parts: readonly Part[]): Place[] {
  let at = 0
  return parts.map((part) => {
    const place = { part, at }
    at += part.sizeBytes
    return place
  })
}

/** Reads the bytes [`from`, `to`) of a part, and checks them. `from` is at a whole MiB, and `to` at one or at the end. */
async function readChecked(file: FolderFile, slot: Slot, { part, at }: Place, from: number, to: number) {
  const bytes = await file.read(at + from, to - from)
  const start = (from / checkedBytes) * sumDigits
  const sums = await sumsOf(bytes)
  if (sums !== part.sums.slice(start, start + sums.length)) throw changed(slot, part.name)
  return bytes
}

/** @throws FormatError if a byte of the slot is not as it was written */
async function checkSlot(folder: Folder, slot: Slot, manifest: Manifest): Promise<void> {
  const whole = await withFile(folder, bytesName(slot), async (file) => {
    if ((await file.size()) !== bytesIn(manifest)) throw changed(slot, 'its size')
    for (const place of placed(manifest.parts)) {
      const { sizeBytes } = place.part
      for (let from = 0; from < sizeBytes; from += pieceBytes)
        await readChecked(file, slot, place, from, Math.min(from + pieceBytes, sizeBytes))
    }
    return true
  })
  if (!whole) throw changed(slot, 'its file')
}

/** A kept snapshot, which reads its parts from the slot. */
function keptSnapshot(folder: Folder, slot: Slot, { about, parts }: Manifest): Snapshot {
  return {
    about,
    parts: parts.map(({ name, sizeBytes }) => ({ name, sizeBytes })),
    async read(name, at, sizeBytes) {
      const place = placed(parts).find(({ part }) => part.name === name)
      if (!place || at < 0 || at + sizeBytes > place.part.sizeBytes)
        throw new FormatError(
          say`snapshot: expected ${sizeBytes} bytes of ${name} at ${at}, got a snapshot without them. Start the run again.`,
        )
      const from = Math.floor(at / checkedBytes) * checkedBytes
      const to = Math.min(Math.ceil((at + sizeBytes) / checkedBytes) * checkedBytes, place.part.sizeBytes)
      const bytes = await withFile(folder, bytesName(slot), (file) => readChecked(file, slot, place, from, to))
      if (!bytes) throw changed(slot, name)
      return bytes.slice(at - from, at - from + sizeBytes)
    },
  }
}

/** Copies a part to `from` in the slot's file. Returns what the manifest says about it. */
async function copyPart(file: FolderFile, from: number, snapshot: Snapshot, { name, sizeBytes }: Snapshot['parts'][number]): Promise<Part> {
  let sums = ''
  for (let at = 0; at < sizeBytes; at += pieceBytes) {
    const bytes = await snapshot.read(name, at, Math.min(pieceBytes, sizeBytes - at))
    sums += await sumsOf(bytes)
    await file.write(from + at, bytes)
  }
  return { name, sizeBytes, sums }
}

/** Writes the bytes of all parts, end to end. */
function writeParts(folder: Folder, slot: Slot, snapshot: Snapshot): Promise<Part[]> {
  return withNewFile(folder, bytesName(slot), async (file) => {
    // Asks for all the room at once, so that a full storage says so before anything is written.
    await file.truncate(bytesIn(snapshot))
    const parts: Part[] = []
    let from = 0
    for (const part of snapshot.parts) {
      parts.push(await copyPart(file, from, snapshot, part))
      from += part.sizeBytes
    }
    await file.flush()
    return parts
  })
}

export interface SnapshotSlots {
  /** Keeps a snapshot. When this resolves, it is readable; if it rejects, the snapshot before is. @throws FormatError if storage fails */
  save(snapshot: Snapshot): Promise<void>
  /** The newest snapshot that is whole, and what is wrong with newer ones. @throws FormatError if there were snapshots, and none is whole */
  newest(): Promise<{ snapshot: Snapshot; problems: Phrase[] } | undefined>
  /** What the newest snapshot says about itself, and its bytes, without reading them all. @throws FormatError if no manifest can be read */
  peek(): Promise<{ about: unknown; sizeBytes: number } | undefined>
  /** Removes all snapshots. */
  clear(): Promise<void>
}

/** The snapshots of one run. Only one writer may use a folder at a time. */
export function snapshotSlots(folder: Folder): SnapshotSlots {
  /** The newest slot that is whole, as far as it is known. */
  let known: { slot: Slot; sequence: number } | 'none' | undefined
  let saving: Promise<void> = Promise.resolve()

  /** The manifests that can be read, the newest first. */
  async function manifestsWith(note: (error: unknown) => void): Promise<{ slot: Slot; manifest: Manifest }[]> {
    const manifests: { slot: Slot; manifest: Manifest }[] = []
    for (const slot of slots)
      try {
        const manifest = await readManifest(folder, slot)
        if (manifest) manifests.push({ slot, manifest })
      } catch (error) {
        note(error)
      }
    return manifests.sort((a, b) => b.manifest.sequence - a.manifest.sequence)
  }

  /** The newest slot that is whole, and what is wrong with newer ones. `onError` may throw to end the search. */
  async function find(onError: (error: unknown) => void): Promise<{ found?: { slot: Slot; manifest: Manifest }; problems: Phrase[] }> {
    const problems: Phrase[] = []
    const note = (error: unknown): void => {
      onError(error)
      problems.push(phraseOf(error))
    }
    for (const one of await manifestsWith(note))
      try {
        await checkSlot(folder, one.slot, one.manifest)
        return { found: one, problems }
      } catch (error) {
        note(error)
      }
    return { problems }
  }

  async function save(snapshot: Snapshot): Promise<void> {
    if (known === undefined) {
      // A slot that could not be read this time may still be the newest one, so it must not be replaced.
      const { found } = await find((error) => {
        if (!(error instanceof DamagedError)) throw error
      })
      known = found ? { slot: found.slot, sequence: found.manifest.sequence } : 'none'
    }
    const slot: Slot = known !== 'none' && known.slot === 0 ? 1 : 0
    const sequence = known === 'none' ? 0 : known.sequence + 1
    await folder.remove(manifestName(slot))
    const manifest: Manifest = { version, sequence, about: snapshot.about, parts: await writeParts(folder, slot, snapshot) }
    // A storage may have kept less than it said. Nothing counts as kept before it has been read back.
    await checkSlot(folder, slot, manifest)
    await writeCheckedJson(folder, manifestName(slot), manifest)
    if (!(await readManifest(folder, slot))) throw changed(slot, 'its manifest')
    known = { slot, sequence }
  }

  return {
    save(snapshot) {
      // One after another. A failed one does not keep the next from trying.
      const now = saving.then(() => save(snapshot))
      saving = now.catch(() => undefined)
      return now
    },
    async newest() {
      const { found, problems } = await find(() => undefined)
      if (found) return { snapshot: keptSnapshot(folder, found.slot, found.manifest), problems }
      if (problems.length === 0) return undefined
      throw new FormatError(say`${joined(problems, ' ')} No whole snapshot is left. Start the run again.`)
    },
    async peek() {
      const problems: Phrase[] = []
      const [newest] = await manifestsWith((error) => problems.push(phraseOf(error)))
      if (!newest && problems.length > 0) throw new FormatError(joined(problems, ' '))
      return newest && { about: newest.manifest.about, sizeBytes: bytesIn(newest.manifest) }
    },
    async clear() {
      known = undefined
      for (const slot of slots) await folder.remove(manifestName(slot))
      for (const slot of slots) await folder.remove(bytesName(slot))
    },
  }
}
