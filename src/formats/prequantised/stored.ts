// What readers of pre-quantised folders share: finding and checking the tensors of one matrix, and reading them.
import { FormatError, UnsupportedError } from '../../config/errors'
import { type Phrase, say } from '../../config/phrase'
import type { WeightFormatId } from '../quant/format-id'
import { weightFormat } from '../quant/registry'
import type { SafetensorsDtype, StoredTensor } from '../safetensors'

export type Stored = Map<string, StoredTensor>
export type Json = Readonly<Record<string, unknown>>

const floatFormats: Partial<Record<SafetensorsDtype, WeightFormatId>> = { F32: 'f32', F16: 'f16', BF16: 'bf16' }

/** Types that hold the same bits as words of 32 bits. */
export const words32: readonly SafetensorsDtype[] = ['I32', 'U32']
export const floatTypes: readonly SafetensorsDtype[] = ['F16', 'BF16', 'F32']

/** A tensor of a matrix, with one of `dtypes` and, where a length is given, that shape. @throws FormatError */
export function need(
  stored: Stored,
  name: string,
  dtypes: readonly SafetensorsDtype[],
  shape?: readonly (number | undefined)[],
): StoredTensor {
  const tensor = stored.get(name)
  if (!tensor)
    throw new FormatError(say`${name}: expected this tensor beside its matrix, got none. Choose the whole folder, or download it again.`)
  const fits = !shape || (shape.length === tensor.shape.length && shape.every((n, i) => n === undefined || n === tensor.shape[i]))
  if (dtypes.includes(tensor.dtype) && fits) return tensor
  const expected = shape ? say`${dtypes.join(' or ')} of ${shape.map((n) => n ?? '…').join(' × ')}` : dtypes.join(' or ')
  throw new FormatError(
    say`${name}: expected ${expected}, got ${tensor.dtype} of ${tensor.shape.join(' × ')}. The file is damaged, or config.json belongs to another model.`,
  )
}

/** The names in front of `ending` of all tensors that end so. */
export const stemsOf = (stored: Stored, ending: string): string[] =>
  [...stored.keys()].filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length))

/** Removes the tensors of a matrix, whose entry now stands for them, and gives their size. */
export function takeOut(stored: Stored, stem: string, endings: readonly string[]): number {
  let sizeBytes = 0
  for (const ending of endings) {
    sizeBytes += stored.get(stem + ending)?.sizeBytes ?? 0
    stored.delete(stem + ending)
  }
  return sizeBytes
}

/** Bytes [from, from + count) of a tensor, at an address that words can be read from. */
export async function bytesOf(
  { source, offset, sizeBytes }: StoredTensor,
  from = 0,
  count = sizeBytes - from,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await source.read(offset + from, count))
}

/** All numbers of a small float tensor, or `count` of them from `from`, in f32. */
export async function floatsOf(tensor: StoredTensor, from?: number, count?: number): Promise<Float32Array<ArrayBuffer>> {
  const format = weightFormat(floatFormats[tensor.dtype]!)
  const all = tensor.sizeBytes / format.blockBytes
  const [first, many] = [from ?? 0, count ?? all - (from ?? 0)]
  return format.decode(await bytesOf(tensor, first * format.blockBytes, many * format.blockBytes), many)
}

/** Values of `bits` bits from a stream whose first value is in the lowest bits (2, 3, 4, 5, 6 or 8), `count` of them from value `first`. */
export function unpackBits(bytes: Uint8Array, bits: number, first: number, count: number, out: Uint8Array, to: number): void {
  const mask = (1 << bits) - 1
  for (let i = 0; i < count; i++) {
    const bit = (first + i) * bits
    const at = bit >> 3
    out[to + i] = ((bytes[at]! | ((bytes[at + 1] ?? 0) << 8)) >> (bit & 7)) & mask
  }
}

/** A whole number of a configuration. @throws UnsupportedError unless it is one of `known` */
export function knownNumber(what: string, value: unknown, known: readonly number[], advice: Phrase): number {
  if (known.includes(value as number)) return value as number
  throw new UnsupportedError(say`${what}: expected ${known.join(', ')}, got ${String(value).slice(0, 40)}. ${advice}`)
}

/** What to do with a folder that cannot be read. */
export const otherFolder = say`Choose this model without quantisation, or a GGUF file of it; TabTune quantises it while loading.`
