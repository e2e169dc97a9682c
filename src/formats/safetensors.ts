// safetensors (github.com/huggingface/safetensors, "Format"): 8 bytes header length, a JSON header, the tensors' bytes.
// Every entry of a header is checked against the file and against the other entries before it is used.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { ByteSource } from './source'

/** Bytes of one value, by dtype. */
const dtypeBytes = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const
export type SafetensorsDtype = keyof typeof dtypeBytes

/** TabTune's names of its float types. */
export const safetensorsTypes = { f32: 'F32', f16: 'F16', bf16: 'BF16' } as const

interface SafetensorsEntry {
  name: string
  dtype: SafetensorsDtype
  shape: readonly number[]
  /** From the start of the file. */
  offset: number
  sizeBytes: number
}

/** A tensor and its file. */
export interface StoredTensor extends SafetensorsEntry {
  source: ByteSource
}

interface SafetensorsHeader {
  tensors: ReadonlyMap<string, SafetensorsEntry>
  metadata: Readonly<Record<string, string>>
}

const maxHeaderBytes = 100_000_000
const maxTensors = 65_536
const maxDepth = 8

/** Refuses deep nesting and too many entries before JSON.parse spends minutes on them. */
function scanHeader(where: string, json: Uint8Array): void {
  let depth = 0
  let objects = 0
  let inString = false
  for (let i = 0; i < json.length; i++) {
    const c = json[i]
    if (inString) {
      if (c === 0x5c) i++
      else if (c === 0x22) inString = false
    } else if (c === 0x22) inString = true
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > maxDepth)
        throw new FormatError(
          say`${where}: expected a flat header, got nesting deeper than ${maxDepth}. The file is damaged or made to do harm. Choose another file.`,
        )
      if (c === 0x7b && ++objects > maxTensors + 2) {
        throw new FormatError(
          say`${where}: expected at most ${maxTensors} tensors, got more. The file is damaged or made to do harm. Choose another file.`,
        )
      }
    } else if (c === 0x7d || c === 0x5d) depth--
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function entry(where: string, name: string, value: unknown, dataStart: number, sizeBytes: number): SafetensorsEntry {
  const at = `${where}, tensor ${name.slice(0, 200)}`
  const { dtype, shape, data_offsets: offsets } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (
    typeof dtype !== 'string' ||
    !Array.isArray(shape) ||
    !shape.every(isCount) ||
    !Array.isArray(offsets) ||
    offsets.length !== 2 ||
    !offsets.every(isCount)
  ) {
    throw new FormatError(say`${at}: expected dtype, shape and data_offsets, got something else. The file is damaged; download it again.`)
  }
  if (!Object.hasOwn(dtypeBytes, dtype)) {
    throw new UnsupportedError(
      say`${at}: expected a type of ${Object.keys(dtypeBytes).join(', ')}, got ${dtype.slice(0, 40)}. Convert the model to one of these types.`,
    )
  }
  const [from, to] = offsets as [number, number]
  let count = 1
  for (const n of shape as number[]) {
    count *= n
    if (count > Number.MAX_SAFE_INTEGER)
      throw new FormatError(
        say`${at}: expected a size that fits the file, got shape ${shape.join(' × ')}. The file is damaged; download it again.`,
      )
  }
  const expected = count * dtypeBytes[dtype as SafetensorsDtype]
  if (to - from !== expected) {
    throw new FormatError(
      say`${at}: expected ${expected} bytes for ${dtype} ${shape.join(' × ') || say`scalar`}, got ${to - from}. The file is damaged; download it again.`,
    )
  }
  if (dataStart + to > sizeBytes) {
    throw new FormatError(
      say`${at}: expected data up to byte ${dataStart + to}, got a file of ${sizeBytes} bytes. The file is cut off; download it again.`,
    )
  }
  return { name, dtype: dtype as SafetensorsDtype, shape: shape as number[], offset: dataStart + from, sizeBytes: expected }
}

function checkOverlap(where: string, entries: readonly SafetensorsEntry[]): void {
  const byOffset = entries.filter((e) => e.sizeBytes > 0).sort((a, b) => a.offset - b.offset)
  for (let i = 1; i < byOffset.length; i++) {
    const [a, b] = [byOffset[i - 1]!, byOffset[i]!]
    if (b.offset < a.offset + a.sizeBytes) {
      throw new FormatError(
        say`${where}: expected tensors side by side, got ${a.name.slice(0, 200)} and ${b.name.slice(0, 200)}, which overlap. The file is damaged; download it again.`,
      )
    }
  }
}

function parseHeader(where: string, json: Uint8Array): Record<string, unknown> {
  scanHeader(where, json)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json))
  } catch {
    value = undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FormatError(
      say`${where}: expected a JSON object as header, got something else. The file is damaged or not a safetensors file. Choose another file.`,
    )
  }
  return value as Record<string, unknown>
}

/** Reads and checks the header of a safetensors file. @throws FormatError, UnsupportedError (dtype) */
export async function readSafetensorsHeader(source: ByteSource): Promise<SafetensorsHeader> {
  const where = source.name
  if (source.sizeBytes < 8)
    throw new FormatError(say`${where}: expected a safetensors file, got ${source.sizeBytes} bytes. Choose another file.`)
  const length = Number(new DataView(new Uint8Array(await source.read(0, 8)).buffer).getBigUint64(0, true))
  if (length > maxHeaderBytes)
    throw new FormatError(
      say`${where}: expected a header of at most ${maxHeaderBytes} bytes, got ${length}. This is not a safetensors file. Choose another file.`,
    )
  if (8 + length > source.sizeBytes) {
    throw new FormatError(
      say`${where}: expected a header of ${length} bytes, got a file of ${source.sizeBytes} bytes. The file is cut off; download it again.`,
    )
  }
  const header = parseHeader(where, await source.read(8, length))
  const tensors = new Map<string, SafetensorsEntry>()
  const metadata: Record<string, string> = {}
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      if (typeof value !== 'object' || value === null) continue
      for (const [key, text] of Object.entries(value)) if (typeof text === 'string' && key !== '__proto__') metadata[key] = text
    } else tensors.set(name, entry(where, name, value, 8 + length, source.sizeBytes))
  }
  checkOverlap(where, [...tensors.values()])
  return { tensors, metadata }
}

/** A tensor to be written. */
export interface TensorData {
  name: string
  shape: readonly number[]
  /** float32 values, or bytes of `dtype`. */
  data: Float32Array | Uint8Array
  dtype?: SafetensorsDtype
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

type TensorPlace = Pick<TensorData, 'name' | 'shape' | 'dtype'>

const sizeOf = ({ shape, dtype = 'F32' }: TensorPlace) => shape.reduce((product, n) => product * n, 1) * dtypeBytes[dtype]

/**
 * The first bytes of a file of these tensors, in the form that PEFT and transformers read (they need metadata `format: pt`), the order
 * in which the values follow, and the size of the whole file. @throws FormatError if a name appears twice
 */
export function safetensorsHeader<T extends TensorPlace>(
  tensors: readonly T[],
  metadata: Record<string, string> = { format: 'pt' },
): { bytes: Uint8Array<ArrayBuffer>; ordered: readonly T[]; sizeBytes: number } {
  const header: Record<string, unknown> = { __metadata__: metadata }
  // Larger types first keep every tensor aligned. Sorted names make files comparable.
  const ordered = [...tensors].sort((a, b) => dtypeBytes[b.dtype ?? 'F32'] - dtypeBytes[a.dtype ?? 'F32'] || byName(a, b))
  let end = 0
  for (const tensor of ordered) {
    const { name, shape, dtype = 'F32' } = tensor
    if (Object.hasOwn(header, name))
      throw new FormatError(say`safetensors: expected each name once, got ${name} twice. This is a mistake in TabTune.`)
    header[name] = { dtype, shape, data_offsets: [end, (end += sizeOf(tensor))] }
  }
  const text = JSON.stringify(header)
  const json = new TextEncoder().encode(text + ' '.repeat((8 - (new TextEncoder().encode(text).length % 8)) % 8))
  const bytes = new Uint8Array(8 + json.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  return { bytes, ordered, sizeBytes: bytes.length + end }
}

/** A safetensors file of these tensors. @throws FormatError if a name appears twice or bytes do not match a shape */
export function writeSafetensors(tensors: readonly TensorData[], metadata?: Record<string, string>): Uint8Array<ArrayBuffer> {
  const { bytes, ordered, sizeBytes } = safetensorsHeader(tensors, metadata)
  const out = new Uint8Array(sizeBytes)
  out.set(bytes)
  let at = bytes.length
  for (const tensor of ordered) {
    const { name, data, dtype = 'F32' } = tensor
    if (data.byteLength !== sizeOf(tensor) || (data instanceof Float32Array && dtype !== 'F32')) {
      throw new FormatError(
        say`safetensors, ${name}: expected ${sizeOf(tensor)} bytes of ${dtype}, got ${data.byteLength}. This is a mistake in TabTune.`,
      )
    }
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return out
}
