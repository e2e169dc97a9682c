// Folders that compressed-tensors wrote (vLLM, LLM Compressor): whole numbers in words ("pack-quantized": X.weight_packed, a stream of codes
// along each row, X.weight_scale, X.weight_shape, X.weight_zero_point packed down the rows, X.weight_g_idx), in bytes ("int-quantized":
// X.weight, X.weight_scale, X.weight_zero_point), or floats of 8 bits ("float-quantized", fp8.ts); compressors/pack_quantized/base.py.
// Stored numbers are signed; packed ones have 2^(bits − 1) added. w = scale·(code − zero).
import { FormatError, UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { TensorEntry } from '../model-file'
import type { StoredTensor } from '../safetensors'
import { fp8Tensors } from './fp8'
import { groupedEntry } from './grouped-matrix'
import {
  type Json,
  type Stored,
  bytesOf,
  floatTypes,
  floatsOf,
  knownNumber,
  need,
  otherFolder,
  stemsOf,
  takeOut,
  unpackBits,
  words32,
} from './stored'

/** The factors and zeros of rows, one per group of each row. `scale`: [out, groups], [out] or [1]. */
async function affineOf(
  scale: StoredTensor,
  rows: number,
  groups: number,
  zeroOf: (row: number, group: number) => number,
  rowStart: number,
  rowCount: number,
) {
  const all = await floatsOf(scale)
  const scales = new Float32Array(rowCount * groups)
  const offsets = new Float32Array(rowCount * groups)
  for (let i = 0; i < rowCount; i++)
    for (let g = 0; g < groups; g++) {
      const s = all.length === 1 ? all[0]! : all[(rowStart + i) * (all.length / rows) + g]!
      scales[i * groups + g] = s
      offsets[i * groups + g] = -s * zeroOf(rowStart + i, g)
    }
  return { scales, offsets }
}

function groupsOf(name: string, { shape }: StoredTensor, rows: number, cols: number): number {
  const groups = shape.length > 1 ? shape[1]! : 1
  if ((shape[0] === rows || (shape[0] === 1 && groups === 1)) && groups > 0 && cols % groups === 0) return groups
  throw new UnsupportedError(say`${name}: expected factors for ${rows} rows of ${cols} weights, got ${shape.join(' × ')}. ${otherFolder}`)
}

async function packed(stored: Stored, stem: string): Promise<TensorEntry> {
  const codes = need(stored, `${stem}.weight_packed`, words32, [undefined, undefined])
  const shape = need(stored, `${stem}.weight_shape`, ['I64', 'I32'], [2])
  const numbers = await bytesOf(shape)
  const [rows, cols] = shape.dtype === 'I32' ? [...new Int32Array(numbers.buffer)] : [...new BigInt64Array(numbers.buffer)].map(Number)
  const words = codes.shape[1]!
  if (rows !== codes.shape[0] || !(cols! > 0))
    throw new FormatError(
      say`${stem}.weight_shape: expected ${codes.shape[0]} rows, got ${String(rows)} × ${String(cols)}. Download the file again.`,
    )
  const bits = knownNumber(`${stem}.weight_packed, bits`, Math.floor((words * 32) / cols!), [2, 4, 8], otherFolder)
  const scale = need(stored, `${stem}.weight_scale`, floatTypes)
  const groups = groupsOf(`${stem}.weight_scale`, scale, rows!, cols!)
  const zeros = stored.get(`${stem}.weight_zero_point`)
  if (zeros) need(stored, zeros.name, words32, [Math.ceil((rows! * bits) / 32), groups])
  const index = stored.has(`${stem}.weight_g_idx`) ? need(stored, `${stem}.weight_g_idx`, ['I32'], [cols]) : undefined
  const ofColumns = index && new Int32Array((await bytesOf(index)).buffer)
  // −1 everywhere means that groups are neighbours.
  const groupOf = ofColumns?.some((g, i) => g !== -1 && g !== Math.floor(i / (cols! / groups))) ? ofColumns : undefined
  if (groupOf?.some((g) => g < 0 || g >= groups))
    throw new FormatError(say`${stem}.weight_g_idx: expected groups below ${groups}, got others. Download the file again.`)
  return groupedEntry({
    name: `${stem}.weight`,
    rows: rows!,
    cols: cols!,
    bits,
    group: cols! / groups,
    groupOf,
    sizeBytes: takeOut(stored, stem, ['.weight_packed', '.weight_shape', '.weight_scale', '.weight_zero_point', '.weight_g_idx']),
    async read(rowStart, rowCount) {
      const bytes = await bytesOf(codes, rowStart * words * 4, rowCount * words * 4)
      const out = new Uint8Array(rowCount * cols!)
      for (let row = 0; row < rowCount; row++)
        unpackBits(bytes.subarray(row * words * 4, (row + 1) * words * 4), bits, 0, cols!, out, row * cols!)
      const zeroWords = zeros && new Uint32Array((await bytesOf(zeros)).buffer)
      const zeroOf = (row: number, g: number) => {
        const bit = row * bits
        return zeroWords ? (zeroWords[Math.floor(bit / 32) * groups + g]! >>> (bit % 32)) & (2 ** bits - 1) : 2 ** (bits - 1)
      }
      return { codes: out, ...(await affineOf(scale, rows!, groups, zeroOf, rowStart, rowCount)) }
    },
  })
}

function inBytes(stored: Stored, stem: string): TensorEntry {
  const weight = need(stored, `${stem}.weight`, ['I8'], [undefined, undefined])
  const [rows, cols] = weight.shape as [number, number]
  const scale = need(stored, `${stem}.weight_scale`, floatTypes)
  const groups = groupsOf(`${stem}.weight_scale`, scale, rows, cols)
  const zeros = stored.get(`${stem}.weight_zero_point`)
  if (zeros) need(stored, zeros.name, ['I8'])
  return groupedEntry({
    name: `${stem}.weight`,
    rows,
    cols,
    bits: 8,
    group: cols / groups,
    sizeBytes: takeOut(stored, stem, ['.weight', '.weight_scale', '.weight_zero_point', '.input_scale', '.input_zero_point']),
    async read(rowStart, rowCount) {
      const codes = (await bytesOf(weight, rowStart * cols, rowCount * cols)).map((q) => q ^ 128)
      const signed = zeros && new Int8Array((await bytesOf(zeros)).buffer)
      const zeroOf = (row: number, g: number) => 128 + (signed ? (signed.length === 1 ? signed[0]! : signed[row * groups + g]!) : 0)
      return { codes, ...(await affineOf(scale, rows, groups, zeroOf, rowStart, rowCount)) }
    },
  })
}

export async function compressedTensors(stored: Stored, config: Json): Promise<TensorEntry[]> {
  const sparse = (config.sparsity_config as Json | undefined)?.format
  const unreadable = [...stored.keys()].find((name) => /\.(compressed|bitmask|weight_global_scale|meta)$/.test(name))
  if ((sparse !== undefined && sparse !== 'dense') || unreadable)
    throw new UnsupportedError(
      say`compressed-tensors: expected pack-quantized, int-quantized or float-quantized weights, got ${String(sparse ?? config.format).slice(0, 40)}. ${otherFolder}`,
    )
  const transforms = Object.keys(((config.transform_config as Json | undefined)?.config_groups as Json | undefined) ?? {})
  if (transforms.length)
    throw new UnsupportedError(
      say`compressed-tensors, transform_config: expected no transforms, which also change activations, got ${transforms.join(', ').slice(0, 40)}. ${otherFolder}`,
    )
  const entries: TensorEntry[] = []
  for (const stem of stemsOf(stored, '.weight_packed')) entries.push(await packed(stored, stem))
  for (const stem of stemsOf(stored, '.weight_scale')) if (stored.get(`${stem}.weight`)?.dtype === 'I8') entries.push(inBytes(stored, stem))
  return [...entries, ...(await fp8Tensors(stored))]
}
