// Code that all block formats share. Rows have whole blocks, whose bytes go to one or two aligned streams on the GPU.
import { ShapeError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { WeightFormatId } from './format-id'
import { readHalf } from './half'
import type { WeightFormat } from './weight-format'

interface BlockLayout {
  id: WeightFormatId
  label: string
  blockWeights: number
  blockBytes: number
  /** The WGSL snippet of the code book that the reader looks weights up in, if it does. */
  code?: string
  /** The reader's snippets, if they are not named after the format. */
  parts?: readonly string[]
  /** Offsets of a block's scales, all f16. If the scales are finite, the weights are too. */
  scales?: readonly number[]
  /** For other scales: the NaN or infinity that a block has, if it has one. */
  odd?(bytes: Uint8Array, at: number): number | undefined
  /** Bytes of a block in each GPU stream. Streams follow each other, each padded to whole words. */
  streamBytes: readonly number[]
  /** Writes the streams of one block, at `at` in `bytes`, for block number `block` of this call. */
  packBlock(bytes: Uint8Array, at: number, streams: readonly Uint8Array[], block: number): void
  /** Writes the block's weights to out[to …]. */
  decodeBlock(bytes: Uint8Array, at: number, out: Float32Array, to: number): void
  /** Quantises values[from …] to a block, as the format's reference does, if a base can become this format while loading. */
  encodeBlock?(values: Float32Array, from: number, bytes: Uint8Array, at: number): void
}

const words = (bytes: number) => Math.ceil(bytes / 4) * 4

/** Makes a WeightFormat from functions that pack and decode one block. @throws ShapeError if rows do not have whole blocks */
export function blockFormat(layout: BlockLayout): WeightFormat {
  const { label, blockWeights, blockBytes, streamBytes, code, encodeBlock } = layout
  const scales = layout.scales ?? []
  const oddScale = (bytes: Uint8Array, at: number) => {
    for (const scale of scales) {
      const value = readHalf(bytes, at + scale)
      if (!Number.isFinite(value)) return value
    }
    return undefined
  }
  const odd = layout.odd ?? oddScale
  const blocksOf = (rows: number, cols: number) => {
    if (cols % blockWeights) {
      throw new ShapeError(
        say`${label}: expected rows whose length is a multiple of ${blockWeights}, got ${cols} weights. Use another file of this model.`,
      )
    }
    return rows * (cols / blockWeights)
  }
  const whole = (bytes: Uint8Array, blocks: number) => {
    if (bytes.length !== blocks * blockBytes) {
      throw new ShapeError(
        say`${label}: expected ${blocks * blockBytes} bytes for ${blocks} blocks, got ${bytes.length}. The file may be damaged; download it again.`,
      )
    }
  }
  return {
    id: layout.id,
    label,
    blockWeights,
    blockBytes,
    reader: () => layout.parts ?? [...(code === undefined ? [] : [code, 'quant/code_select']), `quant/${layout.id}`],
    gpuBytes(rows, cols) {
      const blocks = blocksOf(rows, cols)
      return streamBytes.reduce((sum, bytes) => sum + words(blocks * bytes), 0)
    },
    pack(bytes, part, rowStart, rowCount) {
      const all = blocksOf(part.rows, part.cols)
      const first = blocksOf(rowStart, part.cols)
      const blocks = blocksOf(rowCount, part.cols)
      whole(bytes, blocks)
      const streams = streamBytes.map((size) => new Uint8Array(words(blocks * size)))
      for (let block = 0; block < blocks; block++) layout.packBlock(bytes, block * blockBytes, streams, block)
      let start = 0
      return streams.map((stream, i) => {
        const offset = start + first * streamBytes[i]!
        start += words(all * streamBytes[i]!)
        return { offset, bytes: stream }
      })
    },
    oddWeight(bytes, count) {
      const blocks = blocksOf(1, count)
      whole(bytes, blocks)
      for (let block = 0; block < blocks; block++) {
        const value = odd(bytes, block * blockBytes)
        if (value !== undefined) return { at: block * blockWeights, value }
      }
      return undefined
    },
    decode(bytes, count) {
      const blocks = blocksOf(1, count)
      whole(bytes, blocks)
      const out = new Float32Array(count)
      for (let block = 0; block < blocks; block++) layout.decodeBlock(bytes, block * blockBytes, out, block * blockWeights)
      return out
    },
    encode:
      encodeBlock &&
      ((values) => {
        const blocks = blocksOf(1, values.length)
        const bytes = new Uint8Array(blocks * blockBytes)
        for (let block = 0; block < blocks; block++) encodeBlock(values, block * blockWeights, bytes, block * blockBytes)
        return bytes
      }),
  }
}

/**
 * Reorders nibbles from the order of files (all low ones of `count` bytes, then all high ones) to the order of readers:
 * a word has 8 consecutive weights; in byte t, the low nibble is weight t and the high nibble is weight 4 + t.
 */
export function regroupNibbles(from: Uint8Array, at: number, count: number, to: Uint8Array, toAt: number): void {
  const half = count / 2
  for (let group = 0; group < half; group += 4) {
    for (let t = 0; t < 4; t++) {
      const a = from[at + 2 * group + t]!
      const b = from[at + 2 * group + 4 + t]!
      to[toAt + group + t] = (a & 15) | ((b & 15) << 4)
      to[toAt + half + group + t] = (a >> 4) | (b & 0xf0)
    }
  }
}

/**
 * Reorders the 256 bit pairs of a K-quant's block: weight 128h + 32j + l, at bit 2j of byte 32h + l, to bit 2·(i mod 4) of byte ⌊i / 4⌋
 * for weight i.
 */
export function packPairs(from: Uint8Array, at: number, to: Uint8Array, toAt: number): void {
  for (let half = 0; half < 2; half++)
    for (let l = 0; l < 32; l++) {
      const byte = from[at + 32 * half + l]!
      const first = toAt + 32 * half + (l >> 2)
      for (let j = 0; j < 4; j++) to[first + 8 * j]! |= ((byte >> (2 * j)) & 3) << (2 * (l & 3))
    }
}

/** The weight with the largest magnitude among the 32 from `from` on, with its sign: the first of equal ones. */
export function farthest(values: Float32Array, from: number): number {
  let largest = 0
  for (let i = 0; i < 32; i++) if (Math.abs(values[from + i]!) > Math.abs(largest)) largest = values[from + i]!
  return largest
}

/** 1 / d in float32; 0 where that is not finite, so that a block of zeros, or of numbers too small for a scale, becomes zeros. */
export function inverseOf(d: number): number {
  const inverse = Math.fround(1 / d)
  return Number.isFinite(inverse) ? inverse : 0
}

/** Copies `count` bytes. For the few bytes of a block this is faster than `set` on a subarray. */
export function copyBytes(from: Uint8Array, at: number, count: number, to: Uint8Array, toAt: number): void {
  for (let i = 0; i < count; i++) to[toAt + i] = from[at + i]!
}

/** Writes 32 codes of five bits: the fifth bits in 4 bytes, then 16 bytes of nibbles as in `regroupNibbles`. */
export function setFiveBits(bytes: Uint8Array, at: number, code: (weight: number) => number): void {
  bytes.fill(0, at, at + 20)
  for (let i = 0; i < 32; i++) {
    const q = code(i)
    bytes[at + (i >> 3)]! |= (q >> 4) << (i & 7)
    bytes[at + 4 + (i & 15)]! |= (q & 15) << (4 * (i >> 4))
  }
}
