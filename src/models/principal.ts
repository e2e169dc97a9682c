// The largest singular values of a packed matrix with their vectors, by randomised subspace iteration (Halko, Martinsson & Tropp
// 2011, arXiv 0909.4061, algorithm 4.4). Products with the packed weights run on the GPU; thin matrices are computed here in float64.
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import { tapeKernels } from '../ops/add'
import { productInput, productInto } from '../ops/matmul'
import { programOf } from '../ops/program-of'
import type { Weight } from '../ops/weight'
import { readBuffer } from '../tensor/parameters'
import { Arena, type Program, allocate, release } from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import { type Slot, slotTensor } from '../tensor/tensor'

/** w ≈ Σ_i left[i] · values[i] · right[i]ᵀ. */
export interface Principal {
  /** Vectors of length N. */
  left: Float64Array[]
  /** In descending order. */
  values: number[]
  /** Vectors of length K. */
  right: Float64Array[]
}

/** Additional directions, and rounds of both products. Both make the subspace closer to the true one. */
const extra = 8
const rounds = 8

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0)

function addScaled(to: Float64Array, from: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * from[i]
}

/** The Gram-Schmidt process, twice because of rounding. Rows that depend on others become 0. */
export function orthonormalise(rows: readonly Float64Array[]): void {
  rows.forEach((row, i) => {
    const before = Math.sqrt(dot(row, row))
    for (let pass = 0; pass < 2; pass++) for (const other of rows.slice(0, i)) addScaled(row, other, -dot(row, other))
    const length = Math.sqrt(dot(row, row))
    const factor = length > 1e-10 * before ? 1 / length : 0
    for (let j = 0; j < row.length; j++) row[j] *= factor
  })
}

/** The eigenvalues of a symmetric matrix in descending order, and its eigenvectors as rows (Jacobi; Golub & Van Loan, section 8.5). */
export function eigen(symmetric: readonly Float64Array[]): { values: number[]; vectors: Float64Array[] } {
  const n = symmetric.length
  const a = symmetric.map((row) => row.slice())
  const vectors = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)))
  const turn = (rows: Float64Array[], p: number, q: number, c: number, s: number) => {
    for (let j = 0; j < n; j++) {
      const [x, y] = [rows[p][j], rows[q][j]]
      rows[p][j] = c * x - s * y
      rows[q][j] = s * x + c * y
    }
  }
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        if (a[p][q] === 0) continue
        off += a[p][q] ** 2
        const theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1))
        const c = 1 / Math.hypot(t, 1)
        turn(a, p, q, c, t * c)
        for (const row of a) [row[p], row[q]] = [c * row[p] - t * c * row[q], t * c * row[p] + c * row[q]]
        turn(vectors, p, q, c, t * c)
      }
    if (off <= 1e-26 * a.reduce((sum, row, i) => sum + row[i] ** 2, 0)) break
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i])
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => vectors[i]) }
}

/** Products with a packed matrix [N, K]: from rows of length K to rows of length N, and back. */
async function withProducts<T>(gpu: Gpu, weight: Weight, count: number, use: (forward: Product, back: Product) => Promise<T>): Promise<T> {
  const [n, k] = weight.shape
  const slot = (label: string, width: number): Slot => ({ label, purpose: 'activations', sizeBytes: count * width * 4 })
  const [narrow, wide] = [slot('right vectors', k), slot('left vectors', n)]
  const [x, y] = [slotTensor(narrow, [count, k]), slotTensor(wide, [count, n])]
  const arena = new Arena()
  const program = (label: string, record: (r: Recorder) => void) => {
    const r = new Recorder(gpu.profile, tapeKernels)
    record(r)
    return programOf(label, r, arena, gpu.profile.maxBufferBytes)
  }
  const forward = program('W x', (r) => productInto(r, x, weight, y, false))
  const back = program('Wᵀ y', (r) => productInput(r, y, weight, x, false))
  const slots = [narrow, wide, ...arena.slots, forward.uniforms, back.uniforms]
  await allocate(gpu, say`the principal parts of ${weight.name}`, slots)
  const product =
    (p: Program, from: Slot, to: Slot): Product =>
    async (rows) => {
      gpu.device.queue.writeBuffer(from.buffer!, 0, Float32Array.from(rows.flatMap((row) => [...row])))
      p.run(gpu)
      const all = new Float32Array(await readBuffer(gpu, to.buffer!, 0, to.sizeBytes))
      const width = all.length / count
      return rows.map((_, i) => Float64Array.from(all.subarray(i * width, (i + 1) * width)))
    }
  try {
    for (const p of [forward, back]) await p.prepare(gpu)
    return await use(product(forward, narrow, wide), product(back, wide, narrow))
  } finally {
    release(gpu, slots)
  }
}

type Product = (rows: readonly Float64Array[]) => Promise<Float64Array[]>

/** The `rank` largest singular values of a matrix on the GPU. `rank` is at most its smaller side; `random` is uniform in [0, 1). */
export function principal(gpu: Gpu, weight: Weight, rank: number, random: () => number): Promise<Principal> {
  const [n, k] = weight.shape
  const count = Math.min(rank + extra, n, k)
  return withProducts(gpu, weight, count, async (forward, back) => {
    let right: Float64Array[] = Array.from({ length: count }, () => Float64Array.from({ length: k }, () => random() - 0.5))
    for (let round = 0; round < rounds; round++) {
      const left = await forward(right)
      orthonormalise(left)
      right = await back(left)
      orthonormalise(right)
    }
    const images = await forward(right)
    const { values, vectors } = eigen(images.map((a) => Float64Array.from(images, (b) => dot(a, b))))
    const mixed = (rows: readonly Float64Array[], by: Float64Array, factor: number) => {
      const out = new Float64Array(rows[0].length)
      rows.forEach((row, j) => addScaled(out, row, by[j] * factor))
      return out
    }
    const sizes = values.slice(0, rank).map((v) => Math.sqrt(Math.max(0, v)))
    return {
      values: sizes,
      right: sizes.map((_, i) => mixed(right, vectors[i], 1)),
      left: sizes.map((size, i) => mixed(images, vectors[i], size > 0 ? 1 / size : 0)),
    }
  })
}
