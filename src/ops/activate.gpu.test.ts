import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { exactGelu, quickGelu, reluOf, silu, squaredRelu } from './activate'

const gpus = testGpus()

/** erfc(z) for z ≥ 0 in float64, from its continued fraction or its series (Abramowitz & Stegun 7.1.14 and 7.1.5). */
function erfc(z: number): number {
  if (z > 2) {
    let fraction = 0
    for (let n = 200; n > 0; n--) fraction = n / 2 / (z + fraction)
    return Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction)
  }
  let [term, sum] = [z, z]
  for (let n = 1; n < 60; n++) {
    term *= (-z * z) / n
    sum += term / (2 * n + 1)
  }
  return 1 - (2 / Math.sqrt(Math.PI)) * sum
}

const normalDistribution = (x: number) => (x < 0 ? erfc(-x / Math.SQRT2) / 2 : 1 - erfc(x / Math.SQRT2) / 2)

describe.each([
  ['exact GELU', exactGelu, (x: number) => x * normalDistribution(x)],
  ['quick GELU', quickGelu, (x: number) => x / (1 + Math.exp(-1.702 * x))],
  ['SiLU', silu, (x: number) => x / (1 + Math.exp(-x))],
  ['ReLU', reluOf, (x: number) => Math.max(x, 0)],
  ['squared ReLU', squaredRelu, (x: number) => Math.max(x, 0) ** 2],
] as const)('%s', (_, activation, reference) => {
  const check = (rows: number, width: number, deviation: number) =>
    checkOp(gpus, {
      inputs: { x: { shape: [rows, width], values: normals(6, rows * width, deviation), gradient: 'activation' } },
      record: (r, { x }) => activation(r, x),
      reference: ({ x }) => x.map(reference),
    })
  it('65 rows of 172', () => check(65, 172, 1))
  it('9 rows of 37', () => check(9, 37, 2))
})
