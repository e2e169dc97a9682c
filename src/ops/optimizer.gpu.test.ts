import { afterEach, describe, expect, it } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { Parameters } from '../tensor/parameters'
import { Arena, Program, allocate, release } from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import { readBuffer } from '../tensor/parameters'
import { type Slot, slotTensor } from '../tensor/tensor'
import { assertClose, forwardTolerance } from '../testing/closeness'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { type AdamWSettings, type AdamWTensor, adamWReference, globalNorm } from '../testing/reference/optimizer'
import { stepState } from '../testing/step-state'
import { tapeKernels } from './add'
import { optimizerStep } from './optimizer'
import { readStepMetrics, stepMetricsBytes } from './step-metrics'

const gpus = testGpus()
const settings: AdamWSettings = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, clip: 0 }

// The largest tensor takes several pieces of the norm, and the binding limit makes two groups.
const specs = [
  { name: 'a', shape: [3, 7], decay: true, rate: 1 },
  { name: 'b', shape: [300, 256], decay: true, rate: 16 },
  { name: 'c', shape: [5], decay: false, rate: 1 },
  { name: 'd', shape: [130, 128], decay: true, rate: 0.5 },
].map((s, i) => ({
  ...s,
  values: normals(
    70 + i,
    s.shape.reduce((a, b) => a * b),
  ),
}))

function setUp() {
  const parameters = new Parameters(true, 320_000)
  for (const spec of specs) parameters.add(spec)
  return parameters
}

async function startOptimizer(gpu: Gpu) {
  const parameters = setUp()
  const state: Slot = { label: 'state', purpose: 'inputs', sizeBytes: 256 }
  const metrics: Slot = { label: 'metrics', purpose: 'inputs', sizeBytes: 256 }
  const r = new Recorder(gpu.profile, tapeKernels)
  optimizerStep(r, parameters, slotTensor(state, [64]), slotTensor(metrics, [8]))
  const arena = new Arena()
  const program = new Program('update', r.launches, arena, gpu.profile.maxBufferBytes)
  const slots = [...parameters.slots, state, metrics, ...arena.slots, program.uniforms]
  await allocate(gpu, 'the test', slots)
  await parameters.write(gpu)
  await program.prepare(gpu)
  const offsets = new Map<string, { slot: Slot; offset: number }>()
  for (const { name } of specs) {
    const { space, offset } = parameters.tensor(name).grad!
    if (space.kind === 'slot') offsets.set(name, { slot: space.slot, offset })
  }
  return {
    groups: parameters.groups.length,
    async step(gradients: readonly Float32Array<ArrayBuffer>[], number: number, s: AdamWSettings, loss = 1) {
      const corrections = {
        correction1: 1 - s.beta1 ** number,
        correction2: Math.sqrt(1 - s.beta2 ** number),
      }
      gpu.device.queue.writeBuffer(state.buffer!, 0, stepState({ ...s, ...corrections }))
      gpu.device.queue.writeBuffer(metrics.buffer!, 0, new Float32Array([loss]))
      specs.forEach(({ name }, i) => gpu.device.queue.writeBuffer(offsets.get(name)!.slot.buffer!, offsets.get(name)!.offset, gradients[i]))
      program.run(gpu)
      return readStepMetrics(await readBuffer(gpu, metrics.buffer!, 0, stepMetricsBytes))
    },
    values: () => parameters.read(gpu),
    release: () => release(gpu, slots),
  }
}

function reference(): AdamWTensor[] {
  return specs.map((s) => ({
    values: Float64Array.from(s.values),
    mean: new Float64Array(s.values.length),
    square: new Float64Array(s.values.length),
    rate: s.rate,
    decay: s.decay,
  }))
}

function gradientsOf(step: number): Float32Array<ArrayBuffer>[] {
  return specs.map((s, i) => normals(80 + 10 * step + i, s.values.length, 0.1))
}

let open: { release(): void } | undefined
afterEach(() => {
  open?.release()
  open = undefined
})

describe('optimizerStep', () => {
  for (const clip of [0, 0.5, 1e6])
    it(`four AdamW steps, clipping at ${clip}`, async () => {
      for (const { name, gpu } of gpus) {
        const s = { ...settings, clip }
        const optimizer = (open = await startOptimizer(gpu))
        expect(optimizer.groups).toBe(2)
        const expected = reference()
        for (let step = 1; step <= 4; step++) {
          const gradients = gradientsOf(step)
          const wide = gradients.map((g) => Float64Array.from(g))
          const { gradNorm, finite, clipFactor, halted } = await optimizer.step(gradients, step, s)
          const norm = globalNorm(wide)
          assertClose(`metrics (${name})`, [gradNorm, finite, clipFactor, halted], [norm, 1, clip ? Math.min(1, clip / norm) : 1, 0], {
            rtol: 1e-5,
            atol: 1e-6,
          })
          adamWReference(expected, wide, s, step)
        }
        const got = await optimizer.values()
        specs.forEach((spec, i) =>
          assertClose(`${spec.name} (${name})`, got.get(spec.name)!, expected[i].values, forwardTolerance, spec.shape),
        )
        optimizer.release()
      }
    })

  for (const [what, gradient, loss] of [
    ['a NaN gradient', Number.NaN, 1],
    ['an infinite gradient', Number.NEGATIVE_INFINITY, 1],
    ['a NaN loss', 0.1, Number.NaN],
    ['an infinite loss', 0.1, Number.POSITIVE_INFINITY],
  ] as const)
    it(`${what} leaves every weight as it is, then and in the steps under way`, async () => {
      for (const { gpu } of gpus) {
        const optimizer = (open = await startOptimizer(gpu))
        await optimizer.step(gradientsOf(1), 1, settings)
        const before = await optimizer.values()
        const bad = gradientsOf(2)
        bad[1][70_000] = gradient
        expect(await optimizer.step(bad, 2, settings, loss)).toMatchObject({ finite: 0, halted: 1 })
        expect(await optimizer.step(gradientsOf(3), 3, settings)).toMatchObject({ finite: 0, halted: 1 })
        expect(await optimizer.values()).toEqual(before)
        optimizer.release()
      }
    })
})
