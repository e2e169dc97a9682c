// AdamW with 8-bit states against float64, starting from the codes on the GPU. Codes are equal unless two are equally near.
import { afterEach, describe, expect, it } from 'vitest'
import { dynamicMap, unsignedDynamicMap } from '../formats/quant/dynamic-map'
import type { Gpu } from '../gpu/gpu'
import { Parameters, readBuffer } from '../tensor/parameters'
import { Arena, Program, allocate, release } from '../tensor/program'
import { Recorder } from '../tensor/recorder'
import { type Slot, slotTensor } from '../tensor/tensor'
import { assertClose, forwardTolerance } from '../testing/closeness'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { type AdamWSettings, type AdamWTensor, adamWReference } from '../testing/reference/optimizer'
import { type Block, adamW8Reference } from '../testing/reference/optimizer-8bit'
import { stepState } from '../testing/step-state'
import { tapeKernels } from './add'
import { optimizerStep } from './optimizer'

const gpus = testGpus()
const settings: AdamWSettings = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, clip: 0 }
const maps = { signed: dynamicMap, unsigned: unsignedDynamicMap }
const steps = 5

// Whole blocks, a partial block at the end, and a tensor in between that is too small for 8 bits. The last one makes a second group.
const specs = [
  { name: 'a', shape: [65, 128], decay: true, rate: 1 },
  { name: 'small', shape: [4095], decay: false, rate: 1 },
  { name: 'b', shape: [67, 63], decay: false, rate: 16 },
  { name: 'c', shape: [64, 64], decay: true, rate: 0.5 },
].map((s, i) => ({
  ...s,
  count: s.shape.reduce((a, b) => a * b),
  values: normals(
    70 + i,
    s.shape.reduce((a, b) => a * b),
    0.3,
  ),
}))

/** From 1e-30 to 1: all decades of the map and smaller numbers; some are 0. */
function gradientOf(step: number, index: number): Float32Array<ArrayBuffer> {
  const { count } = specs[index]
  const size = normals(900 + 10 * step + index, count, 4)
  return normals(80 + 10 * step + index, count, 0.1).map((g, i) => (i % 97 === 0 ? 0 : g * 10 ** -Math.abs(size[i])))
}

async function start(gpu: Gpu) {
  const parameters = new Parameters(true, 56_000, false, false, Float32Array.of(...dynamicMap, ...unsignedDynamicMap))
  for (const spec of specs) parameters.add(spec)
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
  return {
    parameters,
    async step(gradients: readonly Float32Array<ArrayBuffer>[], number: number, loss = 1) {
      const { beta1, beta2 } = settings
      const corrections = {
        correction1: 1 - beta1 ** number,
        correction2: Math.sqrt(1 - beta2 ** number),
      }
      gpu.device.queue.writeBuffer(state.buffer!, 0, stepState({ ...settings, ...corrections }))
      gpu.device.queue.writeBuffer(metrics.buffer!, 0, new Float32Array([loss]))
      specs.forEach(({ name }, i) => {
        const { space, offset } = parameters.tensor(name).grad!
        if (space.kind === 'slot') gpu.device.queue.writeBuffer(space.slot.buffer!, offset, gradients[i])
      })
      program.run(gpu)
    },
    /** The blocks of a tensor as they are on the GPU. */
    async blocks(name: string): Promise<Block[]> {
      const { space, offset } = parameters.tensor(name)
      const group = parameters.groups.find((g) => space.kind === 'slot' && g.values === space.slot)!
      const values = (await parameters.read(gpu)).get(name)!
      const bytes = await readBuffer(gpu, group.states[0].buffer!, 0, group.states[0].sizeBytes)
      return Array.from({ length: Math.ceil(values.length / 256) }, (_, i) => {
        const at = (offset / 1024 + i) * 520
        const n = Math.min(256, values.length - 256 * i)
        const [meanLargest, squareLargest] = new Float32Array(bytes, at + 512, 2)
        return {
          values: Float64Array.from(values.subarray(256 * i, 256 * i + n)),
          meanCodes: new Uint8Array(bytes, at, n).slice(),
          squareCodes: new Uint8Array(bytes, at + 256, n).slice(),
          meanLargest,
          squareLargest,
        }
      })
    },
    release: () => release(gpu, slots),
  }
}

let open: { release(): void } | undefined
afterEach(() => {
  open?.release()
  open = undefined
})

/** Codes that differ although one is clearly nearer than the other. */
const wrong = (got: Uint8Array, want: Uint8Array, margins: Float64Array) =>
  Array.from(got).filter((code, i) => code !== want[i] && margins[i] > 4e-6).length

describe('optimizerStep with 8-bit states', () => {
  it('the codes, the largest magnitudes and the weights of float64, over five steps', async () => {
    for (const { name: profile, gpu } of gpus) {
      const optimizer = (open = await start(gpu))
      expect(optimizer.parameters.groups.map((g) => g.bits)).toEqual([8, 32, 8])
      const small: AdamWTensor = {
        values: Float64Array.from(specs[1].values),
        mean: new Float64Array(4095),
        square: new Float64Array(4095),
        rate: 1,
        decay: false,
      }
      let near = 0
      for (let step = 1; step <= steps; step++) {
        const gradients = specs.map((_, i) => gradientOf(step, i))
        const before = await Promise.all(specs.map((s) => (s.name === 'small' ? [] : optimizer.blocks(s.name))))
        await optimizer.step(gradients, step)
        for (const [t, spec] of specs.entries()) {
          if (spec.name === 'small') continue
          const after = await optimizer.blocks(spec.name)
          before[t].forEach((block, i) => {
            const want = adamW8Reference(block, gradients[t].subarray(256 * i), settings, step, spec, maps)
            const at = `${spec.name}, block ${i} at step ${step} (${profile})`
            assertClose(`values of ${at}`, after[i].values, want.values, forwardTolerance)
            assertClose(`magnitudes of ${at}`, [after[i].meanLargest, after[i].squareLargest], [want.meanLargest, want.squareLargest], {
              rtol: 1e-6,
              atol: 0,
            })
            expect(wrong(after[i].meanCodes, want.meanCodes, want.meanMargins), `means of ${at}`).toBe(0)
            expect(wrong(after[i].squareCodes, want.squareCodes, want.squareMargins), `squares of ${at}`).toBe(0)
            near += after[i].meanCodes.filter((code, k) => code !== want.meanCodes[k]).length
          })
        }
        adamWReference([small], [Float64Array.from(gradients[1])], settings, step)
      }
      // Ties are rare, so few codes may differ.
      expect(near).toBeLessThan(5)
      assertClose(`the small tensor (${profile})`, (await optimizer.parameters.read(gpu)).get('small')!, small.values, forwardTolerance)
      optimizer.release()
    }
  })

  it('zero gradients leave zero states, and a loss that is not finite leaves everything', async () => {
    for (const { gpu } of gpus) {
      const optimizer = (open = await start(gpu))
      await optimizer.step(
        specs.map((s) => new Float32Array(s.count)),
        1,
      )
      for (const block of await optimizer.blocks('c')) {
        expect([block.meanLargest, block.squareLargest]).toEqual([0, 0])
        expect(new Set(block.meanCodes)).toEqual(new Set([127]))
        expect(block.values.every(Number.isFinite)).toBe(true)
      }
      await optimizer.step(
        specs.map((_, i) => gradientOf(2, i)),
        2,
      )
      const before = await optimizer.blocks('a')
      await optimizer.step(
        specs.map((_, i) => gradientOf(3, i)),
        3,
        Number.NaN,
      )
      expect(await optimizer.blocks('a')).toEqual(before)
      optimizer.release()
    }
  })
})
