// Unpacks a quantised matrix once for a product with many rows, if that is faster. Each tile of 32 rows reads the matrix again, and
// on such adapters loads cost more than everything else. Halves are read about as fast as floats.
import { weightFormat } from '../formats/quant/registry'
import type { Recorder } from '../tensor/recorder'
import { threads } from './grid'
import { placeOf, useHalves, useQuads } from './matmul-forms'
import { type Weight, type WeightPart, readerParts, remainder } from './weight'

/** Larger parts stay packed, because unpacking takes memory. */
const mostBytes = 32 * 2 ** 20

/** One part of the matrix as a product with `rows` rows, `stride` outputs each, reads it: packed as it is, or as f32 in the arena. */
export function unpacked(
  r: Recorder,
  weight: Weight,
  part: WeightPart,
  rows: number,
  stride: number,
): { weight: Weight; part: WeightPart } {
  const k = weight.shape[1]
  const bytes = part.rows * k * 4
  const many = rows >= r.profile.unpackRows && useQuads(r, rows, part, stride) && !useHalves(r, weight, part, rows)
  if (!many || weightFormat(weight.format).blockWeights === 1 || k % 4 || bytes > Math.min(mostBytes, r.profile.maxBindingBytes))
    return { weight, part }
  const tensor = r.empty(`${weight.name} unpacked`, [part.rows, k])
  const kernel = { file: 'unpack_weights', parts: ['common/product', ...readerParts(r.profile, weight)], constants: remainder(weight) }
  // Of a product's parameters (common/product), unpacking reads only the shape of the matrix.
  const params = { ...placeOf(rows, k, 0), w_rows: part.rows, w_cols: k, accumulate: false, scale: 0 }
  r.launch({ kernel, tensors: [part.tensor, tensor], params, workgroups: threads(part.rows * Math.ceil(k / 8)) })
  return { weight: { ...weight, format: 'f32', reader: weightFormat('f32').reader(k) }, part: { ...part, tensor } }
}
