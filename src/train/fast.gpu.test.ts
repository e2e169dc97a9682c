// Runs with fast products: they differ from exact ones by rounding only, and keep the contract of every run (contract.gpu.test.ts).
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { defaults } from '../config/field'
import { sentence } from '../config/phrase'
import { type TrainingSettings, defaultTraining } from '../config/run-config'
import { type Profile, withHalves } from '../gpu/profile'
import type { Gpu } from '../gpu/gpu'
import { loadBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { methodBase } from '../peft/base'
import { type LoadedModel, planModel } from '../peft/loaded-model'
import { methodNamed } from '../peft/registry'
import { readBuffer } from '../tensor/parameters'
import { release } from '../tensor/program'
import { assertSameBits } from '../testing/closeness'
import { openTestGpu, testProfiles } from '../testing/device'
import { microBatch } from '../testing/golden'
import { lacksF16, lacksMatrices, productBounds, smallForms } from '../testing/fast-products'
import { randomBase, resumeDifferences } from '../testing/resumed-run'
import { type Run, endRun, planRun, readRunAdapter, startRun } from './run'

const [length, vocab, layers] = [32, 64, 2]
const ids = Array.from({ length }, (_, i) => (i * 37 + 5) % vocab)
const batch = microBatch({
  input_ids: [ids, ids.toReversed()],
  attention_mask: [ids, ids].map((row) => row.map(() => 1)),
  labels: [ids, ids.toReversed()],
})
const shape = { family: 'qwen2', layers, hidden: 64, intermediate: 128, heads: 2, kvHeads: 1, vocab, context: 64 }
const file = randomModel('fast', shape)

/** Products of halves one after another: seven of each layer, and the head's. Their errors are independent, so they add up like lengths. */
const products = 7 * layers + 1

interface Asked {
  name: string
  precision: TrainingSettings['precision']
}

function planned(profile: Profile, model: LoadedModel, { name, precision }: Asked): Promise<Run> {
  const method = methodNamed(name)
  const settings = defaults(method.fields)
  const training = defaultTraining({ ...method.training, batchSize: 2, maxLength: length, learningRate: 1e-2, seed: 3, precision })
  return planRun({ profile, model, method, settings, training, trainLengths: [length], evalLengths: [length], steps: 4 })
}

describe.each(['software', 'hardware', 'hardware with subgroup matrices'] as const)('fast products on %s', (kind) => {
  const byMatrices = kind === 'hardware with subgroup matrices'
  const lacking = () => lacksF16(gpu) ?? (byMatrices ? lacksMatrices(gpu, 'f16') : undefined)
  const fastFiles = byMatrices ? ['row_halves', 'matmul_matrix'] : ['matmul_halves', 'matmul_input_halves']
  let gpu: Gpu
  let model: LoadedModel
  beforeAll(async () => {
    // Halves that are widened need no f16, so they are tested on every device.
    gpu = await openTestGpu({
      profile: { ...testProfiles[kind === 'software' ? kind : 'hardware'], ...(kind === 'software' && { f16: true }) },
    })
    if (lacking()) return
    if (byMatrices) gpu = await openTestGpu({ profile: { ...gpu.profile, matrices: { fast: smallForms(gpu, 'f16')[0] } } })
    const plan = planModel(file, 'nf4', gpu.profile.maxBindingBytes).plan
    await loadBase(gpu, plan)
    model = { file, plan, base: methodBase(plan, undefined), tokenizer: undefined }
  })
  afterAll(() => {
    if (!lacking()) release(gpu, model.plan.slots)
    gpu.destroy()
  })

  const baseBytes = () => Promise.all(model.plan.slots.map((slot) => readBuffer(gpu, slot.buffer!, 0, slot.sizeBytes)))

  /** The loss and gradient before the first step, the evaluation, and the losses and adapter of four steps. */
  async function ran(asked: Asked) {
    const run = await planned(gpu.profile, model, asked)
    await startRun(gpu, run)
    const loss = await run.session.gradients(gpu, [batch])
    const gradients = await run.parameters.read(gpu, 'gradients')
    const { loss: evaluated } = await run.session.evaluate(gpu, { count: 1, get: () => [batch] })
    const losses: number[] = []
    for (let step = 1; step <= 4; step++) losses.push((await run.session.step(gpu, [batch], run.plan.training.learningRate, step)).loss)
    const { tensors } = await readRunAdapter(gpu, run)
    const kernels = [...run.session.work(length).keys()]
    await endRun(gpu, run)
    return { loss, gradients, evaluated, losses, tensors, kernels }
  }

  // Methods that act beside products, on their outputs and in front of attention.
  test.for(['lora', 'ia3', 'prefix-tuning'])('%s', async (name, { skip }) => {
    if (lacking()) return skip(lacking())
    const before = await baseBytes()
    const [exact, fast] = [await ran({ name, precision: 'exact' }), await ran({ name, precision: 'fast' })]
    const withHalvesOf = ({ kernels }: typeof fast) =>
      new Set(kernels.map((kernel) => kernel.split(' ')[0]).filter((file) => /halves|matrix$/.test(file)))
    expect(withHalvesOf(fast)).toEqual(new Set(fastFiles))
    expect(withHalvesOf(exact).size).toBe(0)
    const { halves } = withHalves(gpu.profile)
    const allowed = Math.sqrt(products) * productBounds[halves!].usual
    expect(Math.abs(fast.loss / exact.loss - 1)).toBeLessThan(allowed)
    expect(fast.evaluated).toBe(exact.evaluated)
    // The gradient has passed all products twice.
    for (const [tensor, g] of fast.gradients) {
      const expected = exact.gradients.get(tensor)!
      const size = Math.hypot(...expected)
      const apart = Math.hypot(...g.map((v, i) => v - expected[i]))
      expect(apart, tensor).toBeLessThanOrEqual(Math.SQRT2 * allowed * size + 1e-9)
    }
    expect(fast.losses.at(-1)).toBeLessThan(fast.losses[0])
    for (const [i, bytes] of (await baseBytes()).entries()) assertSameBits('the base', new Float32Array(bytes), new Float32Array(before[i]))
  })

  it('the same seed gives the same bits', async ({ skip }) => {
    if (lacking()) return skip(lacking())
    const [first, again] = [await ran({ name: 'lora', precision: 'fast' }), await ran({ name: 'lora', precision: 'fast' })]
    expect(again.losses).toEqual(first.losses)
    for (const [tensor, { values }] of first.tensors)
      assertSameBits(tensor, Float32Array.from(values), Float32Array.from(again.tensors.get(tensor)!.values))
  })

  it('a run that is resumed has the bits of one that was not interrupted', async ({ skip }) => {
    if (lacking()) return skip(lacking())
    const base = await randomBase(gpu)
    expect(await resumeDifferences(gpu, base, { method: methodNamed('lora'), settings: {}, training: { precision: 'fast' } })).toEqual([])
    release(gpu, base.plan.slots)
  })
})

it('a device without f16 is refused by name', async () => {
  const gpu = await openTestGpu({ profile: { f16: false } })
  const { memory } = await planned(gpu.profile, planModel(file, 'nf4', gpu.profile.maxBindingBytes), { name: 'lora', precision: 'fast' })
  expect(sentence(memory.problem!)).toMatch(
    /^Precision: expected a graphics device that computes in f16 .+, got one without it\. Choose exact products\.$/,
  )
  expect(memory.problemSettings).toEqual(['precision'])
  gpu.destroy()
})
