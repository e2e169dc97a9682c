// NF4 with double quantisation like bitsandbytes' (QLoRA, arXiv 2305.14314, section 3): absmax minus its mean, as 8-bit codes of the
// dynamic map over blocks of 256. It is made while loading, so its bytes are those of the GPU (shaders/quant/code_absmax_dq.wgsl).
import { firstOdd } from './finite'
import { nf4Decode, wholePart } from './nf4'
import type { WeightFormat } from './weight-format'

/** Byte offsets of the parts for `count` weights: offset at 0, the map's 256 values at 4, then the rest. */
export function nf4DqLayout(count: number): { map: number; nested: number; absmax: number; codes: number; sizeBytes: number } {
  const map = 4
  const nested = map + 1024
  const absmax = nested + Math.ceil(count / 16384) * 4
  const codes = absmax + Math.ceil(count / 256) * 4
  return { map, nested, absmax, codes, sizeBytes: codes + Math.ceil(count / 8) * 4 }
}

/** absmax = map[code]·nested + offset, rounded to float32 after each operation, like bitsandbytes. */
export function dequantiseAbsmax(
  codes: Uint8Array,
  nested: Float32Array,
  map: Float32Array,
  offset: number,
  blocks: number,
): Float32Array<ArrayBuffer> {
  const absmax = new Float32Array(blocks)
  for (let i = 0; i < blocks; i++) absmax[i] = Math.fround(map[codes[i]!]! * nested[i >> 8]!) + offset
  return absmax
}

/** absmax of each block, from the GPU's bytes. */
function absmaxOf(bytes: Uint8Array, count: number): Float32Array {
  const at = nf4DqLayout(count)
  const floats = new Float32Array(new Uint8Array(bytes.subarray(0, at.absmax)).buffer)
  const codes = bytes.subarray(at.absmax, at.codes)
  return dequantiseAbsmax(codes, floats.subarray(257), floats.subarray(1, 257), floats[0]!, Math.ceil(count / 64))
}

export const nf4Dq: WeightFormat = {
  id: 'nf4-dq',
  label: 'NF4 double-quantised',
  blockWeights: 64,
  blockBytes: 0,
  reader: () => ['quant/nf4_code', 'quant/code_select', 'quant/code_absmax_dq'],
  gpuBytes: (rows, cols) => nf4DqLayout(rows * cols).sizeBytes,
  pack: (bytes, { rows, cols }, rowStart, rowCount) =>
    wholePart('NF4 double-quantised', bytes, nf4DqLayout(rows * cols).sizeBytes, rows, rowStart, rowCount),
  oddWeight: (bytes, count) => firstOdd(absmaxOf(bytes, count), 64),
  decode: (bytes, count) => nf4Decode(bytes.subarray(nf4DqLayout(count).codes), absmaxOf(bytes, count), count),
}
