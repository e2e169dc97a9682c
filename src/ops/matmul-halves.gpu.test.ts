// Products with halves as factors, against float64. They differ from exact ones by rounding only, whose bound follows from the 11 bits of a
// half's significand.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quantiser, weightFormat } from '../formats/quant/registry'
import type { Gpu } from '../gpu/gpu'
import type { Profile } from '../gpu/profile'
import { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { openTestGpu, testProfiles } from '../testing/device'
import { lacksF16, lacksMatrices, productBounds, smallForms } from '../testing/fast-products'
import { normals } from '../testing/random'
import { matmulReference } from '../testing/reference/matmul'
import { type Held, held, runRecorded } from '../testing/run-recorded'
import { tapeKernels } from './add'
import { matmul, productInput, productInto } from './matmul'
import { type Weight, trainableWeight } from './weight'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

/** `matrices`: by subgroup matrices, whose sums are f32, so only the factors are rounded. */
const ways = ['multiplied', 'widened', 'matrices'] as const
type Way = (typeof ways)[number]

function frozen([rows, cols]: readonly [number, number], tensor: Tensor, format: 'f32' | 'nf4' = 'f32'): Weight {
  const reader = weightFormat(format).reader(cols)
  return { name: 'w', shape: [rows, cols], format, reader, parts: [{ firstRow: 0, rows, tensor }] }
}

interface Sizes {
  rows: number
  n: number
  k: number
}

const transposed = (w: ArrayLike<number>, { n, k }: Sizes) =>
  Float64Array.from({ length: n * k }, (_, i) => w[(i % n) * k + Math.floor(i / n)])

/** @throws unless the errors of y = scale · Σ left · right are within the bounds that follow from rounding */
function expectRounded(way: Way, y: Float32Array, left: Float32Array, right: ArrayLike<number>, inner: number, scale = 1): void {
  const sums = (power: number) => {
    const of = (v: ArrayLike<number>) => Float64Array.from(v, (x) => Math.abs(x) ** power)
    return matmulReference(of(left), of(right), inner, scale ** power)
  }
  const expected = matmulReference(Float64Array.from(left), right, inner, scale)
  const [magnitudes, squares] = [sums(1), sums(2)]
  const errors = [...y].map((value, i) => Math.abs(value - expected[i]))
  expect(errors.every(Number.isFinite)).toBe(true)
  const { worst, usual } = productBounds[way === 'matrices' ? 'widened' : way]
  expect(Math.max(...errors.map((e, i) => e / magnitudes[i]))).toBeLessThan(worst)
  expect(Math.sqrt(errors.reduce((sum, e, i) => sum + e ** 2 / squares[i], 0) / errors.length)).toBeLessThan(usual)
}

async function run(
  profile: Profile,
  left: Held,
  words: Held,
  result: readonly number[],
  record: (r: Recorder, y: Tensor) => void,
): Promise<{ y: Float32Array; kernels: string[] }> {
  const r = new Recorder(profile, tapeKernels)
  const y = held('y', result, new Float32Array(result[0] * result[1]))
  record(r, y.tensor)
  const kernels = r.launches.map(({ kernel }) => kernel.file)
  const read = await runRecorded(gpu, r.launches, [left, words, y], 'apart')
  return { y: read(y.tensor), kernels }
}

describe.each(ways)('factors as halves, %s', (way) => {
  const reason = () => ({ multiplied: lacksF16(gpu), widened: undefined, matrices: lacksMatrices(gpu, 'f16') })[way]
  const halves = way === 'matrices' ? 'multiplied' : way
  const under = (shapes: Partial<Profile>): Profile => ({ ...gpu.profile, ...shapes, halves })
  const all = (): Profile[] =>
    way === 'matrices'
      ? smallForms(gpu, 'f16').map((fast) => under({ ...testProfiles.hardware, matrices: { fast } }))
      : [under(testProfiles.hardware), under(testProfiles.software)]
  const hardware = () => all()[0]
  const files = (direction: string) => (way === 'matrices' ? ['row_halves', 'matmul_matrix'] : [`matmul${direction}_halves`])

  // Tiles of both sizes, incomplete ones, and sums that are split.
  for (const sizes of [
    { rows: 33, n: 36, k: 48 },
    { rows: 130, n: 132, k: 64 },
    { rows: 40, n: 36, k: 1040 },
    { rows: 64, n: 1000, k: 48 },
  ])
    it(`${sizes.rows} × ${sizes.k} by ${sizes.n}, and back`, async ({ skip }) => {
      if (reason()) return skip(reason())
      const { rows, n, k } = sizes
      const w = normals(31, n * k, 1 / Math.sqrt(k))
      const words = held('w', [n, k], w)
      const weight = frozen([n, k], words.tensor)
      for (const profile of all()) {
        const [xs, dys] = [normals(32, rows * k), normals(33, rows * n)]
        const [x, dy] = [held('x', [rows, k], xs), held('dy', [rows, n], dys)]
        const forward = await run(profile, x, words, [rows, n], (r, y) => productInto(r, x.tensor, weight, y, false, 0.5))
        expect(forward.kernels.slice(0, files('').length)).toEqual(files(''))
        expectRounded(way, forward.y, xs, w, k, 0.5)
        const back = await run(profile, dy, words, [rows, k], (r, dx) => productInput(r, dy.tensor, weight, dx, false))
        expect(back.kernels.slice(0, files('').length)).toEqual(files('_input'))
        expectRounded(way, back.y, dys, transposed(w, sizes), n)
      }
    })

  it('packed weights, and a low-rank update that stays in f32', async ({ skip }) => {
    if (reason()) return skip(reason())
    const [rows, n, k, rank, scale] = [65, 100, 96, 4, 3]
    const job = quantiser('nf4').start(n, k)
    job.add(normals(34, n * k, 0.3))
    const bytes = job.finish()
    const w = weightFormat('nf4').decode(bytes, n * k)
    const words = held('w', [bytes.byteLength / 4], new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4))
    const [a, b, x] = [
      held('a x', [rows, rank], normals(35, rows * rank)),
      held('b', [n, rank], normals(36, n * rank)),
      held('x', [rows, k], new Float32Array(rows * k)),
    ]
    const r = new Recorder(hardware(), tapeKernels)
    const y = held('y', [rows, n], new Float32Array(rows * n))
    productInto(r, x.tensor, frozen([n, k], words.tensor, 'nf4'), y.tensor, false)
    matmul(r, a.tensor, trainableWeight(b.tensor), { into: y.tensor, scale })
    const read = await runRecorded(gpu, r.launches, [words, a, b, x, y], 'apart')
    // x is 0, so y is the update alone, without a half's rounding.
    const expected = matmulReference(Float64Array.from(a.values), b.values, rank, scale)
    expect(Math.max(...read(y.tensor).map((v, i) => Math.abs(v - expected[i])))).toBeLessThan(1e-4)
    const xs = normals(37, rows * k)
    const dense = held('x', [rows, k], xs)
    const forward = await run(hardware(), dense, words, [rows, n], (at, into) =>
      productInto(at, dense.tensor, frozen([n, k], words.tensor, 'nf4'), into, false),
    )
    expectRounded(way, forward.y, xs, w, k)
  })

  it('numbers beyond a half’s range, and tiny ones', async ({ skip }) => {
    if (reason()) return skip(reason())
    const [rows, n, k] = [34, 36, 48]
    const w = normals(38, n * k, 0.02)
    const words = held('w', [n, k], w)
    // Rows as large as inputs of down_proj, and as small as gradients.
    const x = normals(39, rows * k).map((v, i) => v * 10 ** ((Math.floor(i / k) % 12) * 3 - 20))
    const left = held('x', [rows, k], x)
    const { y } = await run(hardware(), left, words, [rows, n], (r, into) =>
      productInto(r, left.tensor, frozen([n, k], words.tensor), into, false),
    )
    expectRounded(way, y, x, w, k)
  })

  it('small numbers beside a large one in the same row', async ({ skip }) => {
    if (reason()) return skip(reason())
    // Blocks of eight have powers of their own, which the test before covers. Here a row has one.
    if (way !== 'matrices') return
    const [rows, n, k, outlier] = [32, 32, 64, 9]
    const w = normals(42, n * k)
    // A matrix unit adds up products of all sizes, so the large one meets a weight of 0.
    for (let row = 0; row < n; row++) w[row * k + outlier] = 0
    const words = held('w', [n, k], w)
    const x = normals(43, rows * k)
    for (let row = 0; row < rows; row++) x[row * k + outlier] = 2 ** (22 + (row % 14))
    const left = held('x', [rows, k], x)
    for (const profile of all()) {
      const { y } = await run(profile, left, words, [rows, n], (r, into) =>
        productInto(r, left.tensor, frozen([n, k], words.tensor), into, false),
      )
      const expected = matmulReference(Float64Array.from(x), w, k)
      const [absX, absW] = [x, w].map((v) => Float64Array.from(v, Math.abs))
      const magnitudes = matmulReference(absX, absW, k)
      const ofWeights = matmulReference(new Float64Array(rows * k).fill(1), absW, k)
      const within = [...y].every((value, i) => {
        const largest = 2 ** (22 + (Math.floor(i / n) % 14))
        return Math.abs(value - expected[i]) <= 2 ** -10 * 1.01 * magnitudes[i] + 2 ** -39 * largest * ofWeights[i]
      })
      expect(within).toBe(true)
    }
  })

  it('what halves cannot hold is not finite in the result', async ({ skip }) => {
    if (reason()) return skip(reason())
    const [rows, n, k] = [32, 32, 32]
    for (const [what, at] of [
      ['x', Infinity],
      ['x', NaN],
      ['x', 3e38],
      ['w', 256],
      ['w', -1e6],
    ] as const) {
      const [x, w] = [normals(40, rows * k), normals(41, n * k)]
      ;(what === 'x' ? x : w)[5 * k + 9] = at
      const [left, words] = [held('x', [rows, k], x), held('w', [n, k], w)]
      const { y } = await run(hardware(), left, words, [rows, n], (r, into) =>
        productInto(r, left.tensor, frozen([n, k], words.tensor), into, false),
      )
      const touched = (i: number) => (what === 'x' ? Math.floor(i / n) : i % n) === 5
      expect(
        [...y].every((v, i) => Number.isFinite(v) !== touched(i)),
        `${what} ${at}`,
      ).toBe(true)
    }
  })
})

// Recording needs nothing of the device, so forms of every kind are chosen here, also of matrices that it lacks.
it.each([
  ['multiplied', { halves: 'multiplied' }],
  ['widened', { halves: 'widened' }],
  ['matrices', { halves: 'multiplied', matrices: { fast: { factors: 'f16', m: 16, n: 16, k: 16, rows: 32, lanes: 32, pinned: true } } }],
] as const)('trained matrices and small products keep f32, %s', (_, use) => {
  const r = new Recorder({ ...gpu.profile, ...testProfiles.hardware, ...use }, tapeKernels)
  const w = held('w', [64, 64], new Float32Array(64 * 64))
  const special = () => r.launches.map(({ kernel }) => kernel.file).filter((file) => /halves|matrix$/.test(file))
  matmul(r, r.empty('x', [64, 64]), trainableWeight(w.tensor))
  matmul(r, r.empty('x', [16, 64]), frozen([64, 64], w.tensor))
  matmul(r, r.empty('x', [64, 24]), frozen([64, 24], w.tensor))
  expect(special()).toEqual([])
  matmul(r, r.empty('x', [64, 64]), frozen([64, 64], w.tensor))
  expect(special()).toEqual('matrices' in use ? ['row_halves', 'matmul_matrix'] : ['matmul_halves'])
})
