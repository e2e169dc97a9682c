// Principal components against an eigen-decomposition of the whole covariance in float64, and against numbers by numpy.
import { expect, it } from 'vitest'
import { eigen } from '../models/principal'
import { normals } from '../testing/random'
import { type Features, principalComponents } from './components'

// X = np.array(values).reshape(5, 3); U, S, V = np.linalg.svd(X - X.mean(0)); U * S, where the largest number of each row of V is positive.
const numpy = {
  x: [-1.0906667886519288, 1.9484979862107312, 2.1079419603453955, -3.6726008748068293, 0.7068277169026312],
  y: [0.7119359370451088, -2.602534541900233, 1.6294880148452877, -0.5087631381338714, 0.7698737281437088],
  shares: [0.6807331500387809, 0.3135702179876254],
}

const pulse = () => Promise.resolve()

function features(rows: number, width: number, scales: readonly number[] = []): Features {
  const values = Float32Array.from(normals(5, rows * width), (v, i) => 2 + v * (scales[i % width] ?? 0.5))
  return { rows, width, values }
}

/** Coordinates by Jacobi rotations of the covariance, with the same signs. */
function reference({ rows, width, values }: Features): number[][] {
  const mean = Array.from({ length: width }, (_, j) => {
    let sum = 0
    for (let i = 0; i < rows; i++) sum += values[i * width + j]
    return sum / rows
  })
  const centred = Array.from({ length: rows }, (_, i) => Float64Array.from(mean, (m, j) => values[i * width + j] - m))
  const covariance = mean.map((_, a) => Float64Array.from(mean, (__, b) => centred.reduce((sum, row) => sum + row[a] * row[b], 0)))
  return eigen(covariance)
    .vectors.slice(0, 2)
    .map((v) => {
      const largest = [...v].sort((a, b) => Math.abs(b) - Math.abs(a))[0]
      return centred.map((row) => Math.sign(largest) * row.reduce((sum, x, j) => sum + x * v[j], 0))
    })
}

it.each([
  [200, 40, [5, 3, 2, 1, 1]],
  [12, 64, [4, 4, 4]],
  [50, 3, []],
])('%i rows of %i features are placed as by the whole covariance', async (rows, width, scales) => {
  const given = features(rows, width, scales)
  const { x, y, shares } = await principalComponents(given, pulse)
  const [wantX, wantY] = reference(given)
  const largest = Math.max(...wantX.map(Math.abs))
  x.forEach((at, i) => expect(Math.abs(at - wantX[i])).toBeLessThan(1e-5 * largest))
  y.forEach((at, i) => expect(Math.abs(at - wantY[i])).toBeLessThan(1e-5 * largest))
  expect(shares[0]).toBeGreaterThanOrEqual(shares[1])
})

it('gives the coordinates of numpy', async () => {
  const values = Float32Array.of(1, 2, 0.5, 4, -1, 2, 3, 3, 3, 0, 1, -2, 2, 2, 2)
  const { x, y, shares } = await principalComponents({ rows: 5, width: 3, values }, pulse)
  x.forEach((at, i) => expect(at).toBeCloseTo(numpy.x[i], 9))
  y.forEach((at, i) => expect(at).toBeCloseTo(numpy.y[i], 9))
  expect(shares[0]).toBeCloseTo(numpy.shares[0], 12)
  expect(shares[1]).toBeCloseTo(numpy.shares[1], 12)
})

it('places rows that are all the same at one point, and refuses what is not finite', async () => {
  const same: Features = { rows: 4, width: 6, values: new Float32Array(24).fill(3) }
  const { x, y, shares } = await principalComponents(same, pulse)
  expect([...x, ...y, ...shares].every((v) => v === 0)).toBe(true)
  const odd = { ...same, values: same.values.with(5, NaN) }
  await expect(principalComponents(odd, pulse)).rejects.toThrow('map: expected finite features')
})
