import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { lstmReference } from '../testing/reference/lstm'
import { lstm } from './lstm'

const gpus = testGpus()

describe('lstm', () => {
  for (const [steps, hidden] of [
    [1, 4],
    [5, 6],
    [9, 20],
  ])
    it(`${steps} steps, ${hidden} wide`, () =>
      checkOp(gpus, {
        inputs: {
          forward: { shape: [steps, 4 * hidden], values: normals(80, steps * 4 * hidden), gradient: 'activation' },
          forwardWeight: { shape: [4 * hidden, hidden], values: normals(81, 4 * hidden * hidden, 0.5), gradient: 'parameter' },
          backward: { shape: [steps, 4 * hidden], values: normals(82, steps * 4 * hidden), gradient: 'activation' },
          backwardWeight: { shape: [4 * hidden, hidden], values: normals(83, 4 * hidden * hidden, 0.5), gradient: 'parameter' },
        },
        record: (r, t) => lstm(r, { gates: t.forward, weight: t.forwardWeight }, { gates: t.backward, weight: t.backwardWeight }),
        reference: (t) => lstmReference(t.forward, t.forwardWeight, t.backward, t.backwardWeight, hidden),
      }))
})
