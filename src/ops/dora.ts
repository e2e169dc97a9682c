// DoRA's magnitudes (Liu 2024, arXiv 2402.09353, eq. 5): each output is scaled by magnitude / ‖row of the updated weight‖.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowGroups, rowParts, rowVectors, threads } from './grid'
import { type Weight, readerConstants, readerParts } from './weight'

interface LowRank {
  /** [R, K] */
  a: Tensor
  /** [N, R] */
  b: Tensor
  scale: number
}

/** ‖w[n] + scale · (b a)[n]‖ for every row of w [N, K], as [N]; a constant for the tape. Trained a and b only. */
export function rowNorms(r: Recorder, weight: Weight, update: LowRank): Tensor {
  const [rows, cols] = weight.shape
  const rank = update.a.shape[0]
  const norms = r.empty(`norms of ${weight.name}`, [rows])
  for (const part of weight.parts) {
    const kernel = {
      file: cols % 4 ? 'row_norms_any' : 'row_norms',
      parts: [...readerParts(r.profile, weight), rowParts(r.profile)],
      constants: readerConstants(weight, part),
    }
    r.launch({
      kernel,
      tensors: [part.tensor, update.a, update.b, norms],
      params: { first: part.firstRow, rank, scale: update.scale },
      workgroups: rowGroups(r.profile, part.rows),
      flops: part.rows * cols * (2 * rank + 2),
    })
  }
  return norms
}

/** (y − bias) · magnitude / norms + bias for y [M, N], as a new tensor; norms [N] count as constants. */
export function doraScale(r: Recorder, y: Tensor, magnitude: Tensor, norms: Tensor, bias?: Tensor): Tensor {
  const z = r.empty(`${y.label} scaled`, y.shape)
  const { n, row, parts } = rowVectors(y)
  const constants = { BIASED: bias !== undefined }
  r.launch({
    kernel: { file: 'dora_scale', parts, constants },
    tensors: [magnitude, bias ?? magnitude, norms, y, z],
    params: { vectors: n, row_vectors: row },
    workgroups: threads(n),
    flops: n * 8,
  })
  r.record([z], [y, magnitude], () => {
    const dz = r.ownGrad(z)
    r.launch({
      kernel: { file: 'dora_magnitude', parts, constants },
      tensors: [magnitude, bias ?? magnitude, norms, y, dz, r.gradTarget(magnitude).tensor],
      params: { rows: y.shape[0], row_vectors: row },
      workgroups: threads(row),
      flops: n * 12,
    })
    r.passGrad(y, dz)
  })
  return z
}
