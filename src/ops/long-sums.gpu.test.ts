// Sums over the vocabulary and over tokens keep small terms, compared with float64 at the largest accepted sizes.
import { describe, expect, it } from 'vitest'
import { Recorder } from '../tensor/recorder'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { held, runRecorded } from '../testing/run-recorded'
import { stepState } from '../testing/step-state'
import { tapeKernels } from './add'
import { addBias } from './bias'
import { headLoss } from './cross-entropy'
import { rowNorms } from './dora'
import { trainableWeight } from './weight'

const gpus = testGpus()
const columns = 262_144

/** Rows of logits [V] and a target. */
const rows: Record<string, { logits: (v: number, noise: number) => number; target: number }> = {
  flat: { logits: () => 0.1, target: 77 },
  'nearly flat': { logits: (_, noise) => noise / 10, target: 5 },
  // A target near the top keeps the loss below 16, where one step of f32 is half of the allowed error.
  spread: { logits: (_, noise) => 3 * noise, target: 200_500 },
  peaked: { logits: (v, noise) => (v === 262_143 ? 25.3 : noise), target: 262_143 },
  'peaked elsewhere': { logits: (v) => (v === 3 ? 9.7 : 0.3), target: 100_001 },
  mixed: { logits: (v, noise) => (v % 1000 === 0 ? 8 + noise : v < 60_000 ? -12.3 : noise), target: 60_000 },
  'a tail': { logits: (v) => (v === 0 ? 12.1 : -1.7), target: 0 },
  'a few terms at the end': { logits: (v, noise) => (v < 262_000 ? -0.7 : 5 + noise), target: 262_100 },
}

function crossEntropyReference(logits: Float32Array, target: number): number {
  const highest = logits.reduce((a, b) => Math.max(a, b))
  let sum = 0
  for (const z of logits) sum += Math.exp(z - highest)
  return Math.log(sum) + highest - logits[target]
}

describe('the loss at 262,144 columns', () => {
  const kinds = Object.values(rows)
  const width = kinds.length
  const noise = normals(7, columns)
  // Hidden states are unit vectors, so the logits of a row are a column of the head, exactly.
  const head = new Float32Array(columns * width)
  for (let v = 0; v < columns; v++) kinds.forEach(({ logits }, kind) => (head[v * width + kind] = logits(v, noise[v])))
  const hidden = Float32Array.from({ length: width * width }, (_, i) => (i % (width + 1) === 0 ? 1 : 0))
  const expected = kinds.map(({ target }, kind) =>
    crossEntropyReference(
      Float32Array.from({ length: columns }, (_, v) => head[v * width + kind]),
      target,
    ),
  )

  it('is within 2e-6 of float64', async () => {
    const all = Uint32Array.from({ length: width }, (_, i) => i)
    for (const { name, gpu } of gpus) {
      const r = new Recorder(gpu.profile, tapeKernels)
      const x = held('hidden', [width, width], hidden)
      const w = held('head', [columns, width], head)
      const index = held('rows', [width], all)
      const targets = held(
        'targets',
        [width],
        Int32Array.from(kinds, ({ target }) => target),
      )
      const state = held('state', [64], stepState({ lossScale: 1, supervised: width }))
      const metrics = held('metrics', [8], new Float32Array(8))
      const inputs = { rows: index.tensor, place: index.tensor, targets: targets.tensor, state: state.tensor, metrics: metrics.tensor }
      headLoss(r, x.tensor, { ...trainableWeight(w.tensor), trainable: undefined }, inputs, false)
      const losses = r.launches.flatMap((l) => l.tensors).find((t) => t.label === 'losses')!
      const read = await runRecorded(gpu, r.launches, [x, w, index, targets, state, metrics], 'apart', width)
      const found = read(losses)
      Object.keys(rows).forEach((kind, i) => expect(Math.abs(found[i] - expected[i]), `${kind} (${name})`).toBeLessThan(2e-6))
    }
  })
})

/** Numbers of one sign whose rounding does not cancel out. */
const alike = (count: number, by: number) => Float32Array.from({ length: count }, (_, i) => 0.1 + by * (i % 7))

describe('sums over many rows or columns have a relative error below 5e-6', () => {
  it('the gradient of a bias over 131,072 tokens', async () => {
    const [tokens, width] = [131_072, 4]
    const values = alike(tokens * width, 1e-3)
    const expected = Array.from({ length: width }, (_, n) => {
      let sum = 0
      for (let m = 0; m < tokens; m++) sum += values[m * width + n]
      return sum
    })
    for (const { name, gpu } of gpus) {
      const r = new Recorder(gpu.profile, tapeKernels)
      const [x, dy] = [held('x', [tokens, width], new Float32Array(tokens * width)), held('dy', [tokens, width], values)]
      const [b, db] = [held('b', [width], new Float32Array(width)), held('db', [width], new Float32Array(width))]
      Object.assign(b.tensor, { requiresGrad: true, grad: db.tensor })
      r.passGrad(addBias(r, x.tensor, b.tensor), dy.tensor)
      r.backward()
      const read = await runRecorded(gpu, r.launches, [x, dy, b, db], 'apart')
      expected.forEach((sum, n) => expect(Math.abs(read(db.tensor)[n] / sum - 1), name).toBeLessThan(5e-6))
    }
  })

  it('the norm of rows of 65,536 weights', async () => {
    const [count, cols] = [3, 65_536]
    const values = alike(count * cols, 1e-2)
    for (const { name, gpu } of gpus) {
      const r = new Recorder(gpu.profile, tapeKernels)
      const w = held('w', [count, cols], values)
      const [a, b] = [held('a', [4, cols], new Float32Array(4 * cols)), held('b', [count, 4], new Float32Array(count * 4))]
      const norms = rowNorms(r, trainableWeight(w.tensor), { a: a.tensor, b: b.tensor, scale: 1 })
      const read = await runRecorded(gpu, r.launches, [w, a, b], 'apart')
      for (let n = 0; n < count; n++) {
        let sum = 0
        for (let k = 0; k < cols; k++) sum += values[n * cols + k] ** 2
        expect(Math.abs(read(norms)[n] / Math.sqrt(sum) - 1), name).toBeLessThan(5e-6)
      }
    }
  })
})
