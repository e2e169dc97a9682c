// Reads GGUF versions 2 and 3 (ggml/docs/gguf.md): the metadata and the place of each tensor. Counts, sizes and offsets are checked
// against the file and each other before they are used, because each of them has been used to attack published readers.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { GgufReader } from './gguf-reader'
import { ggufTypes } from './gguf-types'
import { type GgufValue, readGgufValue } from './gguf-values'
import type { ByteSource } from './source'

export interface GgufTensor {
  name: string
  /** ggml order: the first is the number of weights in a row. */
  dimensions: readonly number[]
  type: number
  /** The file that it is in, and its place from the start of that file. */
  source: ByteSource
  offset: number
  /** Undefined for a type whose blocks are not known. */
  sizeBytes?: number
}

export interface GgufHeader {
  version: number
  metadata: Readonly<Record<string, GgufValue>>
  /** The bytes of each entry, including its key: [start, end) in the file. */
  spans: ReadonlyMap<string, readonly [number, number]>
  tensors: ReadonlyMap<string, GgufTensor>
}

export const ggufMagic = 0x46554747
const maxEntries = 65_536
const maxDimensions = 4
const maxAlignment = 1 << 20

async function readVersion(reader: GgufReader): Promise<number> {
  if ((await reader.u32('magic')) !== ggufMagic)
    throw new FormatError(say`${reader.where}: expected a GGUF file, got something else. Choose another file.`)
  const version = await reader.u32('version')
  if (version === 2 || version === 3) return version
  const got = version > 0xffff ? say`a big-endian file` : say`version ${version}`
  throw new UnsupportedError(
    say`${reader.where}: expected GGUF version 2 or 3 in little-endian order, got ${got}. Convert the model again with a current llama.cpp.`,
  )
}

async function readMetadata(reader: GgufReader, count: number): Promise<Pick<GgufHeader, 'metadata' | 'spans'>> {
  // Without a prototype, no key can be mistaken for a property of every object.
  const metadata = Object.create(null) as Record<string, GgufValue>
  const spans = new Map<string, readonly [number, number]>()
  for (let i = 0; i < count; i++) {
    const start = reader.position
    const key = await reader.text(say`a metadata key`)
    if (key.length > 65_535)
      throw new FormatError(
        say`${reader.where}: expected metadata keys of at most 65535 bytes, got ${key.length}. The file is damaged; download it again.`,
      )
    if (key in metadata)
      throw new FormatError(
        say`${reader.where}: expected each metadata key once, got ${key.slice(0, 100)} twice. The file is damaged; download it again.`,
      )
    metadata[key] = await readGgufValue(reader, key.slice(0, 100))
    spans.set(key, [start, reader.position])
  }
  return { metadata, spans }
}

function tensorBytes(where: string, dimensions: readonly number[], type: number): number | undefined {
  let count = 1
  for (const n of dimensions) {
    count *= n
    if (n < 1 || count > Number.MAX_SAFE_INTEGER / 8)
      throw new FormatError(
        say`${where}: expected dimensions that fit a file, got ${dimensions.join(' × ')}. The file is damaged; download it again.`,
      )
  }
  const known = ggufTypes[type]
  if (!known) return undefined
  if (dimensions[0]! % known.blockWeights) {
    throw new FormatError(
      say`${where}: expected rows whose length is a multiple of ${known.blockWeights} for ${known.name}, got ${dimensions[0]} weights. The file is damaged; download it again.`,
    )
  }
  return (count / known.blockWeights) * known.blockBytes
}

async function readTensorInfo(reader: GgufReader, source: ByteSource): Promise<GgufTensor> {
  const name = await reader.text(say`a tensor name`)
  const where = `${reader.where}, tensor ${name.slice(0, 100)}`
  const rank = await reader.u32(say`the number of dimensions`)
  if (rank < 1 || rank > maxDimensions)
    throw new FormatError(say`${where}: expected 1 to ${maxDimensions} dimensions, got ${rank}. The file is damaged; download it again.`)
  const dimensions: number[] = []
  for (let i = 0; i < rank; i++) dimensions.push(await reader.size(say`a dimension`))
  const type = await reader.u32(say`a tensor type`)
  const offset = await reader.size(say`a tensor offset`)
  return { name, dimensions, type, source, offset, sizeBytes: tensorBytes(where, dimensions, type) }
}

function alignmentOf(where: string, metadata: Readonly<Record<string, GgufValue>>): number {
  const value = metadata['general.alignment'] ?? 32
  if (typeof value !== 'number' || value < 1 || value > maxAlignment || !Number.isInteger(Math.log2(value))) {
    throw new FormatError(
      say`${where}, general.alignment: expected a power of two up to ${maxAlignment}, got ${String(value).slice(0, 40)}. The file is damaged; download it again.`,
    )
  }
  return value
}

function placeTensors(source: ByteSource, infos: readonly GgufTensor[], dataStart: number, alignment: number): Map<string, GgufTensor> {
  const tensors = new Map<string, GgufTensor>()
  for (const info of infos) {
    const where = `${source.name}, tensor ${info.name.slice(0, 100)}`
    const offset = dataStart + info.offset
    if (tensors.has(info.name))
      throw new FormatError(say`${where}: expected each tensor name once, got this one twice. The file is damaged; download it again.`)
    if (info.offset % alignment)
      throw new FormatError(
        say`${where}: expected an offset that is a multiple of ${alignment}, got ${info.offset}. The file is damaged; download it again.`,
      )
    const end = offset + (info.sizeBytes ?? 0)
    if (end > source.sizeBytes) {
      throw new FormatError(
        say`${where}: expected data up to byte ${end}, got a file of ${source.sizeBytes} bytes. The file is cut off; download it again.`,
      )
    }
    tensors.set(info.name, { ...info, offset })
  }
  const ordered = [...tensors.values()].sort((a, b) => a.offset - b.offset)
  for (let i = 1; i < ordered.length; i++) {
    const [a, b] = [ordered[i - 1]!, ordered[i]!]
    if (b.offset < a.offset + (a.sizeBytes ?? 1)) {
      throw new FormatError(
        say`${source.name}: expected tensors side by side, got ${a.name.slice(0, 100)} and ${b.name.slice(0, 100)}, which overlap. The file is damaged; download it again.`,
      )
    }
  }
  return tensors
}

/** Reads and checks a GGUF header. It accepts all tensor types. @throws FormatError, UnsupportedError (version, byte order) */
export async function readGgufHeader(source: ByteSource): Promise<GgufHeader> {
  const reader = new GgufReader(source)
  const version = await readVersion(reader)
  const tensorCount = await reader.count(say`tensors`, 24, maxEntries)
  const metadataCount = await reader.count(say`metadata entries`, 13, maxEntries)
  const { metadata, spans } = await readMetadata(reader, metadataCount)
  const infos: GgufTensor[] = []
  for (let i = 0; i < tensorCount; i++) infos.push(await readTensorInfo(reader, source))
  const alignment = alignmentOf(source.name, metadata)
  const dataStart = Math.ceil(reader.position / alignment) * alignment
  return { version, metadata, spans, tensors: placeTensors(source, infos, dataStart, alignment) }
}
