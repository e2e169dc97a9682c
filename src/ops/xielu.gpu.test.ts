import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { xielu } from './xielu'

const gpus = testGpus()

const softplus = (a: number) => Math.log1p(Math.exp(a))

describe('xIELU', () => {
  const check = (rows: number, width: number, deviation: number, alphas: readonly [number, number]) =>
    checkOp(gpus, {
      inputs: {
        x: { shape: [rows, width], values: normals(6, rows * width, deviation), gradient: 'activation' },
        alphaP: { shape: [1], values: Float32Array.of(alphas[0]), gradient: 'parameter' },
        alphaN: { shape: [1], values: Float32Array.of(alphas[1]), gradient: 'parameter' },
        beta: { shape: [1], values: Float32Array.of(0.5) },
        epsilon: { shape: [1], values: Float32Array.of(-1e-6) },
      },
      record: (r, { x, ...numbers }) => xielu(r, x, numbers),
      reference: ({ x, alphaP, alphaN, beta, epsilon }) =>
        x.map((v) =>
          v > 0
            ? softplus(alphaP[0]!) * v * v + beta[0]! * v
            : (beta[0]! + softplus(alphaN[0]!)) * (Math.expm1(Math.min(v, epsilon[0]!)) - v) + beta[0]! * v,
        ),
    })
  it('65 rows of 172, with the usual start', () => check(65, 172, 1, [0.2034, -1.0502]))
  it('9 rows of 37, large and small slopes', () => check(9, 37, 3, [4, -6]))
})
