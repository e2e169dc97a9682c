// Writes GGUF version 3 (ggml/docs/gguf.md): small files in memory, and the headers of large files.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { ggufMagic } from './gguf'
import { ggufTypes } from './gguf-types'

export type GgufEntry =
  | { type: 'text'; value: string }
  | { type: 'u32' | 'i32' | 'f32'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'texts'; value: readonly string[] }
  | { type: 'i32s' | 'f32s'; value: ArrayLike<number> }

export interface GgufTensorData {
  name: string
  /** ggml order: the first is the number of weights in a row. */
  dimensions: readonly number[]
  /** Number of the ggml type. */
  type: number
  bytes: Uint8Array
}

const alignment = 32
const typeNumber = { text: 8, u32: 4, i32: 5, f32: 6, bool: 7, texts: 8, i32s: 5, f32s: 6 } as const

class Writer {
  private bytes = new Uint8Array(1024)
  length = 0

  private room(count: number): DataView {
    if (this.length + count > this.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.length + count))
      larger.set(this.bytes)
      this.bytes = larger
    }
    const view = new DataView(this.bytes.buffer, this.length, count)
    this.length += count
    return view
  }

  u8(value: number) {
    this.room(1).setUint8(0, value)
  }
  u32(value: number) {
    this.room(4).setUint32(0, value, true)
  }
  i32(value: number) {
    this.room(4).setInt32(0, value, true)
  }
  f32(value: number) {
    this.room(4).setFloat32(0, value, true)
  }
  u64(value: number) {
    this.room(8).setBigUint64(0, BigInt(value), true)
  }
  raw(bytes: Uint8Array) {
    const view = this.room(bytes.length)
    new Uint8Array(view.buffer, view.byteOffset, bytes.length).set(bytes)
  }
  text(value: string) {
    const bytes = new TextEncoder().encode(value)
    this.u64(bytes.length)
    this.raw(bytes)
  }
  pad() {
    this.room((alignment - (this.length % alignment)) % alignment)
  }
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length)
  }
}

function writeEntry(out: Writer, entry: GgufEntry): void {
  const list = entry.type === 'texts' || entry.type === 'i32s' || entry.type === 'f32s'
  if (list) out.u32(9)
  out.u32(typeNumber[entry.type])
  if (list) out.u64(entry.value.length)
  switch (entry.type) {
    case 'text':
      return out.text(entry.value)
    case 'u32':
      return out.u32(entry.value)
    case 'i32':
      return out.i32(entry.value)
    case 'f32':
      return out.f32(entry.value)
    case 'bool':
      return out.u8(entry.value ? 1 : 0)
    case 'texts':
      return entry.value.forEach((text) => out.text(text))
    case 'i32s':
      return Array.from(entry.value).forEach((value) => out.i32(value))
    case 'f32s':
      return Array.from(entry.value).forEach((value) => out.f32(value))
  }
}

type TensorPlace = Pick<GgufTensorData, 'name' | 'dimensions' | 'type'>

const padded = (bytes: number) => Math.ceil(bytes / alignment) * alignment

/** Bytes of a tensor without its padding. */
function sizeOf({ dimensions, type }: TensorPlace): number {
  const { blockWeights, blockBytes } = ggufTypes[type]!
  return (dimensions.reduce((product, n) => product * n, 1) / blockWeights) * blockBytes
}

/**
 * Everything before the tensors' bytes, and the size of the whole file. Each tensor's bytes are then padded to a multiple of 32.
 * `copied` are metadata entries of another file, as bytes.
 */
export function ggufHead(
  metadata: Readonly<Record<string, GgufEntry>>,
  tensors: readonly TensorPlace[],
  copied: readonly Uint8Array[] = [],
): { bytes: Uint8Array<ArrayBuffer>; sizeBytes: number } {
  const out = new Writer()
  out.u32(ggufMagic)
  out.u32(3)
  out.u64(tensors.length)
  out.u64(copied.length + Object.keys(metadata).length)
  for (const entry of copied) out.raw(entry)
  for (const [key, entry] of Object.entries(metadata)) {
    out.text(key)
    writeEntry(out, entry)
  }
  let offset = 0
  for (const tensor of tensors) {
    out.text(tensor.name)
    out.u32(tensor.dimensions.length)
    for (const n of tensor.dimensions) out.u64(n)
    out.u32(tensor.type)
    out.u64(offset)
    offset += padded(sizeOf(tensor))
  }
  out.pad()
  return { bytes: out.finish(), sizeBytes: out.length + offset }
}

/** A tensor's padding after `sizeBytes`. */
export function ggufPadding(sizeBytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(padded(sizeBytes) - sizeBytes)
}

/** A GGUF file; `copied` as in `ggufHead`. @throws FormatError if bytes do not match a tensor's dimensions and type */
export function writeGguf(
  metadata: Readonly<Record<string, GgufEntry>>,
  tensors: readonly GgufTensorData[],
  copied: readonly Uint8Array[] = [],
): Uint8Array<ArrayBuffer> {
  const { bytes: head, sizeBytes } = ggufHead(metadata, tensors, copied)
  const out = new Uint8Array(sizeBytes)
  out.set(head)
  let at = head.length
  for (const tensor of tensors) {
    const { name, bytes } = tensor
    if (bytes.length !== sizeOf(tensor))
      throw new FormatError(say`GGUF, ${name}: expected ${sizeOf(tensor)} bytes, got ${bytes.length}. This is a mistake in TabTune.`)
    out.set(bytes, at)
    at += padded(bytes.length)
  }
  return out
}
