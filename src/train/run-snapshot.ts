// Makes snapshots of a run. They read from the GPU while they are stored, so no step may be under way until then.
import type { Gpu } from '../gpu/gpu'
import { checksumOf } from '../storage/checksum'
import { type Snapshot, pieceBytes } from '../storage/snapshot'
import { type KeptPart, inMemory } from './kept-parts'
import { readMade } from './made-tensors'
import type { NumberTable } from './number-rows'
import type { Run } from './run'
import type { PlacedTensor, SnapshotAbout } from './snapshot-about'

/** A part that is only read. */
type ReadPart = Omit<KeptPart, 'write'>

/** Rows of numbers, such as the losses of all steps, column after column. They have 64 bits, since JSON could not hold all of them. */
function numbersPart(name: string, { keys, rows, values }: NumberTable): ReadPart {
  const size = Float64Array.BYTES_PER_ELEMENT
  const lasting = (at: number, sizeBytes: number): Uint8Array<ArrayBuffer> => {
    const from = Math.floor(at / size)
    const to = Math.ceil((at + sizeBytes) / size)
    return new Uint8Array(values(from, to - from).buffer, at - from * size, sizeBytes)
  }
  return { name, sizeBytes: keys.length * rows * size, lasting, read: async (_gpu, at, sizeBytes) => lasting(at, sizeBytes) }
}

/** The rows that `numbersPart` made. */
export async function readNumbers<R extends object>(snapshot: Snapshot, name: string, keys: readonly string[] = []): Promise<R[]> {
  const numbers = new Float64Array((await readPart(snapshot, name)).buffer)
  const count = keys.length && numbers.length / keys.length
  return Array.from({ length: count }, (_, i) => Object.fromEntries(keys.map((key, column) => [key, numbers[column * count + i]])) as R)
}

/** The bytes of a part. */
async function readPart(snapshot: Snapshot, name: string): Promise<Uint8Array<ArrayBuffer>> {
  return readBytes(snapshot, name, 0, snapshot.parts.find((part) => part.name === name)?.sizeBytes ?? 0)
}

/** Bytes [from, from + sizeBytes) of a part. */
export async function readBytes(snapshot: Snapshot, name: string, from: number, sizeBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(sizeBytes)
  for (let at = 0; at < sizeBytes; at += pieceBytes)
    bytes.set(await snapshot.read(name, from + at, Math.min(pieceBytes, sizeBytes - at)), at)
  return bytes
}

/** Checksum of the places of all parameters and states: a snapshot fits runs with the same one. */
export function layoutOf({ session, parameters }: Run): Promise<string> {
  return checksumOf({ ...parameters.layout, kept: session.kept.map(({ name, sizeBytes }) => ({ name, sizeBytes })) })
}

function snapshotOf(gpu: Gpu, about: unknown, parts: readonly ReadPart[]): Snapshot {
  const byName = new Map(parts.map((part) => [part.name, part]))
  return {
    about,
    parts: parts.map(({ name, sizeBytes, lasting }) => ({ name, sizeBytes, lasting })),
    read: (name, at, sizeBytes) => byName.get(name)!.read(gpu, at, sizeBytes),
  }
}

/** The tensors of the adapter, and those of them that the GPU computes now as parts of their own. */
async function adapterTensors(gpu: Gpu, run: Run): Promise<{ tensors: PlacedTensor[]; made: KeptPart[] }> {
  const placed = run.parameters.layout.tensors.map(({ name, shape, part, at }) => ({ name, shape: [...shape], part, at }))
  const computed = [...(await readMade(gpu, run.hooks))]
  const made = computed.map(([, { values }], i) => inMemory({ name: `made-${i}`, host: new Uint8Array(values.slice().buffer) }))
  const tensors = computed.map(([name, { shape }], i) => ({ name, shape: [...shape], part: `made-${i}`, at: 0 }))
  return { tensors: [...placed, ...tensors], made }
}

/** What the caller knows of a snapshot. The rest is about where the numbers are. */
export type Known = Omit<SnapshotAbout, 'version' | 'layout' | 'tensors' | 'columns'>

/** A run as it is now: what it needs to be resumed, and tables of numbers so far. The adapter can be read from it too. `more` are further parts. */
export async function takeSnapshot(
  gpu: Gpu,
  run: Run,
  known: Known,
  tables: Readonly<Record<string, NumberTable>>,
  more: readonly KeptPart[] = [],
): Promise<Snapshot> {
  const { tensors, made } = await adapterTensors(gpu, run)
  const named = Object.entries(tables)
  const columns = Object.fromEntries(named.map(([name, { keys }]) => [name, keys]))
  const about: SnapshotAbout = { version: 1, ...known, layout: await layoutOf(run), tensors, columns }
  return snapshotOf(gpu, about, [...run.session.kept, ...made, ...more, ...named.map(([name, table]) => numbersPart(name, table))])
}

/** Only the adapter as it is now, without the states of the optimizer. */
export async function takeAdapter(gpu: Gpu, run: Run, known: Known): Promise<Snapshot> {
  const { tensors, made } = await adapterTensors(gpu, run)
  const about: SnapshotAbout = { version: 1, ...known, layout: '', tensors, columns: {} }
  const used = new Set(tensors.map(({ part }) => part))
  return snapshotOf(gpu, about, [...run.session.kept.filter(({ name }) => used.has(name)), ...made])
}
