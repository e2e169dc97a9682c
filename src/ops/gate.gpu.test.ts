import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { addGated } from './gate'
import { relu } from './relu'
import { tanh } from './tanh'

const gpus = testGpus()
const shapes = [
  [1, 4],
  [63, 12],
  [65, 172],
  [130, 600],
]

describe('addGated', () => {
  for (const start of [1e-3, 0.7])
    for (const shape of shapes)
      it(`${shape.join(' × ')}, gate ${start}`, () =>
        checkOp(gpus, {
          inputs: {
            y: { shape, values: normals(87, shape[0] * shape[1]), gradient: 'activation' },
            x: { shape, values: normals(88, shape[0] * shape[1]), gradient: 'activation' },
            gate: { shape: [1], values: new Float32Array([start]), gradient: 'parameter' },
          },
          record: (r, { y, x, gate }) => addGated(r, y, x, gate),
          reference: ({ y, x, gate }) => y.map((value, i) => value + gate[0] * x[i]),
        }))
})

describe('relu and tanh', () => {
  for (const shape of shapes.slice(0, 3)) {
    // No value is so near 0 that a finite difference would cross 0.
    const values = normals(89, shape[0] * shape[1], 2).map((v) => v + Math.sign(v) * 0.1)
    const inputs = { x: { shape, values, gradient: 'activation' as const } }
    it(`relu, ${shape.join(' × ')}`, () =>
      checkOp(gpus, { inputs, record: (r, { x }) => relu(r, x), reference: ({ x }) => x.map((v) => Math.max(0, v)) }))
    it(`tanh, ${shape.join(' × ')}`, () =>
      checkOp(gpus, { inputs, record: (r, { x }) => tanh(r, x), reference: ({ x }) => x.map(Math.tanh) }))
  }
})
