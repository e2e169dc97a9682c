import { describe, expect, it } from 'vitest'
import { Recorder } from '../tensor/recorder'
import { testGpus, type TestGpu } from '../testing/device'
import { normals } from '../testing/random'
import { type Placing, held, runRecorded } from '../testing/run-recorded'
import { stepState } from '../testing/step-state'
import { tapeKernels } from './add'
import { dropout } from './dropout'

const gpus = testGpus()
const [rows, width] = [601, 100]
const n = rows * width

/** y and dx for x and dy = 1, 2, 3, …, none of which is 0. */
async function run({ gpu }: TestGpu, rate: number, site: number, seed: number, placing: Placing = 'apart', before = 0) {
  const r = new Recorder(gpu.profile, tapeKernels, true)
  const x = held(
    'x',
    [rows, width],
    normals(50, n).map((v) => v || 1),
  )
  const dy = held(
    'dy',
    [rows, width],
    Float32Array.from({ length: n }, (_, i) => 1 + i / n),
  )
  const dx = held('dx', [rows, width], new Float32Array(n).fill(before))
  const state = held('state', [64], stepState({ seed }))
  x.tensor.requiresGrad = true
  x.tensor.grad = dx.tensor
  const y = dropout(r, x.tensor, rate, site, state.tensor)
  r.passGrad(y, dy.tensor)
  r.backward()
  const read = await runRecorded(gpu, r.launches, [x, dy, dx, state], placing)
  return { x: x.values, dy: dy.values, y: placing === 'apart' ? read(y) : undefined, dx: read(dx.tensor) }
}

function maskOf(y: Float32Array): boolean[] {
  return [...y].map((v) => v !== 0)
}

/** Five standard deviations of the share of n independent draws. */
function bound(share: number, count = n): number {
  return 5 * Math.sqrt((share * (1 - share)) / count)
}

describe('dropout', () => {
  for (const rate of [0.05, 0.5, 0.9])
    it(`drops a share of ${rate}, scales the rest, with the same mask backward`, async () => {
      for (const gpu of gpus) {
        const { x, dy, y, dx } = await run(gpu, rate, 3, 77)
        const kept = maskOf(y!)
        expect(Math.abs(kept.filter(Boolean).length / n - (1 - rate))).toBeLessThan(bound(rate))
        kept.forEach((keep, i) => {
          const factor = keep ? 1 / (1 - rate) : 0
          if (Math.abs(y![i] - x[i] * factor) > 1e-6 * Math.abs(x[i] * factor)) expect.fail(`y[${i}] is ${y![i]}, x is ${x[i]}`)
          if (Math.abs(dx[i] - dy[i] * factor) > 1e-6 * dy[i] * factor) expect.fail(`dx[${i}] is ${dx[i]}, dy is ${dy[i]}, kept ${keep}`)
        })
      }
    })

  it('adds its gradient to what is there', async () => {
    for (const gpu of gpus) {
      const [zero, two] = [await run(gpu, 0.5, 3, 77), await run(gpu, 0.5, 3, 77, 'planned', 2)]
      expect(two.dx).toEqual(zero.dx.map((v) => v + 2))
    }
  })

  it('masks are independent between seeds, sites and neighbouring values', async () => {
    const mask = async (site: number, seed: number) => maskOf((await run(gpus[0], 0.5, site, seed)).y!)
    const first = await mask(3, 77)
    for (const other of [await mask(4, 77), await mask(3, 78), await mask(77, 3)]) {
      const same = first.filter((keep, i) => keep === other[i]).length / n
      expect(Math.abs(same - 0.5)).toBeLessThan(bound(0.5))
    }
    for (const distance of [1, 2, 4, width]) {
      const same = first.filter((keep, i) => i >= distance && keep === first[i - distance]).length / (n - distance)
      expect(Math.abs(same - 0.5)).toBeLessThan(bound(0.5, n - distance))
    }
    expect(await mask(3, 77)).toEqual(first)
  })

  it('launches nothing at rate 0 or in a pass that does not train', () => {
    const [x, state] = [held('x', [rows, width], new Float32Array(n)).tensor, held('state', [64], stepState({})).tensor]
    for (const [rate, training] of [
      [0, true],
      [0.5, false],
    ] as const) {
      const r = new Recorder(gpus[0].gpu.profile, tapeKernels, training)
      expect(dropout(r, x, rate, 1, state)).toBe(x)
      expect(r.launches).toEqual([])
    }
  })
})
