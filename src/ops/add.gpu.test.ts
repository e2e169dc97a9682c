import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { addBiasReference } from '../testing/reference/bias'
import { add } from './add'
import { addBias } from './bias'

const gpus = testGpus()
const shapes = [
  [1, 4],
  [63, 12],
  [65, 172],
  [9, 37],
] as const

describe('add', () => {
  for (const shape of shapes)
    it(shape.join(' × '), () =>
      checkOp(gpus, {
        inputs: {
          a: { shape, values: normals(8, shape[0] * shape[1]), gradient: 'activation' },
          b: { shape, values: normals(9, shape[0] * shape[1]), gradient: 'activation' },
        },
        record: (r, { a, b }) => add(r, a, b),
        reference: ({ a, b }) => a.map((value, i) => value + b[i]),
      }),
    )
})

describe('addBias', () => {
  for (const shape of shapes)
    for (const gradient of ['parameter', 'activation'] as const)
      it(`${shape.join(' × ')}, the bias is ${gradient === 'parameter' ? 'a parameter' : 'computed'}`, () =>
        checkOp(gpus, {
          inputs: {
            x: { shape, values: normals(10, shape[0] * shape[1]), gradient: 'activation' },
            b: { shape: [shape[1]], values: normals(11, shape[1]), gradient },
          },
          record: (r, { x, b }) => addBias(r, x, b),
          reference: ({ x, b }) => addBiasReference(x, b),
        }))
})
