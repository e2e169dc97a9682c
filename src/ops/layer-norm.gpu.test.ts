import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { layerNormReference } from '../testing/reference/layer-norm'
import { layerNorm, plainLayerNorm } from './layer-norm'

const gpus = testGpus()

async function checkLayerNorm(rows: number, width: number, mean = 0.5, deviation = 1): Promise<void> {
  await checkOp(gpus, {
    inputs: {
      x: { shape: [rows, width], values: normals(2, rows * width, deviation).map((v) => v + mean), gradient: 'activation' },
      w: { shape: [width], values: normals(3, width).map((v) => 1 + 0.3 * v), gradient: 'parameter' },
      b: { shape: [width], values: normals(4, width), gradient: 'parameter' },
    },
    record: (r, { x, w, b }) => layerNorm(r, x, w, b, 1e-5),
    reference: ({ x, w, b }) => layerNormReference(x, w, b, 1e-5),
  })
}

it.each([
  [65, 100],
  [9, 37],
])('%i rows of %i without weight and bias', async (rows, width) => {
  await checkOp(gpus, {
    inputs: { x: { shape: [rows, width], values: normals(2, rows * width).map((v) => v + 0.5), gradient: 'activation' } },
    record: (r, { x }) => plainLayerNorm(r, x, 1e-5),
    reference: ({ x }) => layerNormReference(x, new Float64Array(width).fill(1), new Float64Array(width), 1e-5),
  })
})

it('an offset is added to the weight', async () => {
  const [rows, width] = [5, 12]
  await checkOp(gpus, {
    inputs: {
      x: { shape: [rows, width], values: normals(2, rows * width), gradient: 'activation' },
      w: { shape: [width], values: normals(3, width, 0.3), gradient: 'parameter' },
      b: { shape: [width], values: normals(4, width), gradient: 'parameter' },
    },
    record: (r, { x, w, b }) => layerNorm(r, x, w, b, 1e-5, 1),
    reference: ({ x, w, b }) =>
      layerNormReference(
        x,
        w.map((v) => v + 1),
        b,
        1e-5,
      ),
  })
})

describe('layerNorm', () => {
  for (const [rows, width] of [
    [1, 4],
    [63, 68],
    [65, 100],
    [65, 260],
    [130, 12],
    [9, 18],
    [65, 37],
  ])
    it(`${rows} rows of ${width}`, () => checkLayerNorm(rows, width))
  it('a mean far from zero', () => checkLayerNorm(5, 64, 30))
  it('values so small that ε matters', () => checkLayerNorm(5, 12, 0, 3e-3))
})
