// Rotary position embedding (Su 2021, section 3.4.2), over whole heads or their first numbers. Pairs are halves, as in most Hugging Face
// models, or neighbours.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { count } from '../tensor/tensor'
import { threads, vectors } from './grid'

/** How heads of `headDim` numbers are rotated. */
interface RopeShape {
  headDim: number
  /** How many numbers of a head are rotated, the first ones; even. Absent: all. */
  dim?: number
  /** Whether pairs are neighbours, (2j, 2j + 1), instead of halves, (j, j + dim/2). */
  neighbours?: boolean
}

function rotate(r: Recorder, y: Tensor, positions: Tensor, table: Tensor, shape: RopeShape, direction: 1 | -1): void {
  const { headDim, dim = headDim, neighbours } = shape
  const { part, of } = neighbours ? vectors(1) : vectors(dim / 2, headDim)
  const heads = y.shape[1] / headDim
  const pairs = of((count(y.shape) / headDim) * (dim / 2))
  const file = neighbours ? 'rope_neighbours' : 'rope'
  r.launch({
    kernel: { file, parts: ['common/index', part], constants: { HEAD_DIM: headDim, ROTATED: dim, DIRECTION: { f32: direction } } },
    tensors: [positions, table, y],
    params: { threads: pairs, heads },
    workgroups: threads(pairs),
    flops: pairs * 24,
  })
}

/** x [M, heads · D] turned by the angles of positions [M], in place; D even. `table`: [positions, 2, dim/2]. */
export function rope(r: Recorder, x: Tensor, positions: Tensor, table: Tensor, shape: RopeShape): Tensor {
  rotate(r, x, positions, table, shape, 1)
  const y = r.view(x)
  r.record([y], [x], () => {
    const dy = r.ownGrad(y)
    rotate(r, dy, positions, table, shape, -1)
    r.passGrad(x, dy)
  })
  return y
}

/**
 * Table [positions, 2, D/2] of cosines and sines for D rotated numbers, computed in float64, because adapters' own sin and cos are
 * inaccurate at large arguments. `factors` divide the frequencies (llama3 scaling, GGUF rope_freqs); `scale` multiplies the table (YaRN), and `growth` the rows of later positions (models/family.ts).
 */
export function ropeTable(
  positions: number,
  dim: number,
  theta: number,
  factors?: readonly number[],
  scale = 1,
  growth?: { beta: number; every: number },
): Float32Array<ArrayBuffer> {
  const half = dim / 2
  const table = new Float32Array(positions * dim)
  for (let j = 0; j < half; j++) {
    const frequency = theta ** (-j / half) / (factors?.[j] ?? 1)
    for (let t = 0; t < positions; t++) {
      const size = growth ? scale * (1 + growth.beta * Math.log(1 + Math.floor(t / growth.every))) : scale
      table[t * dim + j] = size * Math.cos(t * frequency)
      table[t * dim + half + j] = size * Math.sin(t * frequency)
    }
  }
  return table
}
