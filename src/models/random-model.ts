// A model with seeded random weights, made without a file, for benchmarks and tests.
import { ggufName } from '../formats/gguf-names'
import { type ModelConfig, type ModelFile, type TensorEntry, rowsAndCols } from '../formats/model-file'
import { floatBytes } from '../formats/load-weights'
import type { WeightFormatId } from '../formats/quant/format-id'
import { toHalf } from '../formats/quant/half'
import { weightFormat } from '../formats/quant/registry'
import { familyOf } from './registry'

/** 32 bits that depend on seed and place only. */
function bits(seed: number, at: number): number {
  let x = Math.imul(at ^ seed, 0x9e3779b1) >>> 0
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b) >>> 0
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0
  return (x ^ (x >>> 16)) >>> 0
}

const poolSize = 2 ** 20
let pool: Float32Array<ArrayBuffer> | undefined

/** Uniform values in [−scale, scale). A pool of values repeats, from a place that depends on the seed. Makes half a billion a second. */
function values(seed: number, start: number, count: number, scale: number): Float32Array<ArrayBuffer> {
  pool ??= Float32Array.from({ length: poolSize }, (_, i) => bits(1, i) / 2 ** 31 - 1)
  const out = new Float32Array(count)
  const from = (bits(seed, 0) + start) % poolSize
  for (let i = 0, at = from; i < count; i++, at = (at + 1) & (poolSize - 1)) out[i] = scale * pool[at]!
  return out
}

/** Formats whose bytes are never random: floats are made as numbers, and the others are quantised from them. */
type Made = 'f32' | 'f16' | 'bf16' | 'nf4' | 'nf4-dq' | 'fp4'

/** A number in a block that is not random, for weights in about [−1, 1); mxfp4's is the exponent of a power of two. */
interface Fixed {
  at: number
  value: number
  type: 'f16' | 'f32' | 'e8m0'
}

const half = (at: number, value: number): Fixed => ({ at, value, type: 'f16' })
const grouped = (codeBytes: number, steps: number): Fixed[] => [
  { at: codeBytes, value: 2 / steps, type: 'f32' },
  { at: codeBytes + 4, value: -1, type: 'f32' },
]

/** The scales of a block. With random ones, some weights would be NaN. */
const scales: Readonly<Record<Exclude<WeightFormatId, Made>, readonly Fixed[]>> = {
  q4_0: [half(0, 1 / 8)],
  q4_1: [half(0, 2 / 15), half(2, -1)],
  q5_0: [half(0, 1 / 16)],
  q5_1: [half(0, 2 / 31), half(2, -1)],
  q8_0: [half(0, 1 / 128)],
  q2_k: [half(80, 1 / 24), half(82, 1 / 16)],
  q3_k: [half(108, 1 / 128)],
  q4_k: [half(0, 1 / 480), half(2, 1 / 64)],
  q5_k: [half(0, 1 / 992), half(2, 1 / 64)],
  q6_k: [half(208, 1 / 4096)],
  iq4_nl: [half(0, 1 / 128)],
  iq4_xs: [half(0, 1 / 4096)],
  mxfp4: [{ at: 0, value: 1 / 8, type: 'e8m0' }],
  'int4-128': grouped(64, 15),
  'int4-64': grouped(32, 15),
  'int4-32': grouped(16, 15),
  'int8-32': grouped(32, 255),
}

const isMade = (format: WeightFormatId): format is Made => !(format in scales)

/** The bytes of `count` weights from `start` on, as in a file. */
function bytesOf(format: WeightFormatId, seed: number, start: number, count: number, scale: number): Uint8Array<ArrayBuffer> {
  if (format === 'f32' || format === 'f16' || format === 'bf16') {
    const floats = values(seed, start, count, scale)
    return floatBytes('random weights', floats, format)
  }
  if (isMade(format)) throw new Error(`random weights: expected a format of files, got ${format}.`)
  const { blockWeights, blockBytes } = weightFormat(format)
  const first = (start / blockWeights) * blockBytes
  const out = Uint8Array.from({ length: (count / blockWeights) * blockBytes }, (_, i) => bits(seed, first + i) & 255)
  const view = new DataView(out.buffer)
  for (let block = 0; block < out.length; block += blockBytes)
    for (const { at, value, type } of scales[format]) {
      if (type === 'f16') view.setUint16(block + at, toHalf(value * scale), true)
      else if (type === 'f32') view.setFloat32(block + at, value * scale, true)
      else view.setUint8(block + at, 127 + Math.round(Math.log2(value * scale)))
    }
  return out
}

export type RandomShape = Pick<ModelConfig, 'family' | 'layers' | 'hidden' | 'intermediate' | 'heads' | 'vocab' | 'context'> &
  Partial<ModelConfig>

interface RandomOptions {
  seed?: number
  /**
   * The file format of linear layers. As in llama.cpp, layers whose rows are not whole blocks are in f16. Norms and biases are in f32.
   */
  format?: WeightFormatId
  /** The file format of embedding and head; f32 by default. */
  tables?: WeightFormatId
  /** Leaves out optional tensors (biases). */
  bare?: boolean
}

/** A model as if read from a file. Norms are 1; matrices and biases are small. */
export function randomModel(
  name: string,
  shape: RandomShape,
  { seed = 1, format = 'f32', tables = 'f32', bare = false }: RandomOptions = {},
): ModelFile {
  const config: ModelConfig = {
    kvHeads: shape.heads,
    headDim: shape.hidden / shape.heads,
    normEpsilon: 1e-5,
    ropeTheta: 10_000,
    tied: true,
    hiddenAct: 'silu',
    raw: {},
    ...shape,
  }
  const needs = familyOf({ name, config })
    .tensors(config)
    .filter((need) => !(bare && need.optional))
  const tensors = new Map<string, TensorEntry>()
  let sizeBytes = 0
  for (const [index, need] of needs.entries()) {
    const [, cols] = rowsAndCols(need.shape)
    const norm = need.kind === 'vector' && (ggufName(config.family, need.name) ?? '').endsWith('norm.weight')
    const stored =
      need.kind === 'table' ? tables : need.kind === 'vector' ? 'f32' : cols % weightFormat(format).blockWeights ? 'f16' : format
    const { blockWeights, blockBytes } = weightFormat(stored)
    const bytes = (need.shape.reduce((a, b) => a * b, 1) / blockWeights) * blockBytes
    sizeBytes += bytes
    tensors.set(need.name, {
      name: need.name,
      shape: need.shape,
      format: stored,
      sizeBytes: bytes,
      readRows: async (first, rows) =>
        norm
          ? new Uint8Array(new Float32Array(rows * cols).fill(1).buffer)
          : bytesOf(stored, seed * 7919 + index * 104_729, first * cols, rows * cols, 1.5 / Math.sqrt(config.hidden)),
    })
  }
  return { container: 'safetensors', name, config, tensors, special: {}, sizeBytes }
}
