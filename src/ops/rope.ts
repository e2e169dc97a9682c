// Rotary position embedding (Su 2021, section 3.4.2), halves paired as Hugging Face pairs them.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { count } from '../tensor/tensor'
import { threads, vectors } from './grid'

function rotate(r: Recorder, y: Tensor, positions: Tensor, table: Tensor, headDim: number, direction: 1 | -1): void {
  const { part, of } = vectors(headDim / 2)
  const total = of(count(y.shape) / 2)
  const heads = y.shape[1] / headDim
  r.launch({
    kernel: { file: 'rope', parts: ['common/index', part], constants: { HEAD_DIM: headDim, DIRECTION: { f32: direction } } },
    tensors: [positions, table, y],
    params: { threads: total, heads },
    workgroups: threads(total),
    flops: total * 24,
  })
}

/** x [M, heads · D] turned by the angles of positions [M], in place; D even. */
export function rope(r: Recorder, x: Tensor, positions: Tensor, table: Tensor, headDim: number): Tensor {
  rotate(r, x, positions, table, headDim, 1)
  const y = r.view(x)
  r.record([y], [x], () => {
    const dy = r.ownGrad(y)
    rotate(r, dy, positions, table, headDim, -1)
    r.passGrad(x, dy)
  })
  return y
}

/**
 * Table [positions, 2, D/2] of cosines and sines, computed in float64, because adapters' own sin and cos are inaccurate at large arguments.
 * `factors` divide the frequencies (llama3 scaling, GGUF rope_freqs).
 */
export function ropeTable(positions: number, headDim: number, theta: number, factors?: readonly number[]): Float32Array<ArrayBuffer> {
  const half = headDim / 2
  const table = new Float32Array(positions * headDim)
  for (let j = 0; j < half; j++) {
    const frequency = theta ** (-j / half) / (factors?.[j] ?? 1)
    for (let t = 0; t < positions; t++) {
      table[t * headDim + j] = Math.cos(t * frequency)
      table[t * headDim + half + j] = Math.sin(t * frequency)
    }
  }
  return table
}
