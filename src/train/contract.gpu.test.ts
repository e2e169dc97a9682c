// The contract of every method in the registry, on every family in f32, and on most over NF4 or Q4_K: a new adapter starts as the base
// model if its paper says so; every parameter is trained, with the right gradient; the loss on one batch falls; the base model keeps its
// bits; the adapter's file is complete.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Settings, defaults } from '../config/field'
import { sentence } from '../config/phrase'
import { defaultTraining } from '../config/run-config'
import { MemorySource } from '../formats/memory-source'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { loadBase, planBase } from '../models/base-model'
import type { Adapter, Method } from '../peft/method'
import { methods } from '../peft/registry'
import { readBuffer } from '../tensor/parameters'
import { release } from '../tensor/program'
import { slopeError, slopeTolerance } from '../testing/along-gradient'
import { largestDifference, microBatch } from '../testing/golden'
import { testedFamilies } from '../testing/golden-families'
import { assertSameBits } from '../testing/closeness'
import { constantNorms } from '../testing/dora-norms'
import { type RandomShape, randomModel } from '../models/random-model'
import { inQ4K } from '../testing/random-q4k'
import { readAdapter, writeAdapter } from '../export/adapter'
import { weightsName } from '../peft/adapter-folder'
import { methodBase } from '../peft/base'
import { evaluateBatches } from './evaluate'
import { logitsOf } from '../decode/logits'
import { type LoadedModel, planModel } from '../peft/loaded-model'
import { type Run, endRun, planRun, readRunAdapter, setUpMethod, startRun } from './run'

const formats = ['f32', 'nf4', 'q4_k'] as const
const steps = 4
const length = 8
const vocab = 64
const ids = Array.from({ length }, (_, i) => (i * 37 + 5) % vocab)
const batch = microBatch({
  input_ids: [ids, ids.toReversed()],
  attention_mask: [ids.map(() => 1), ids.map((_, i) => Number(i < length - 2))],
  labels: [ids, ids.toReversed().map((id, i) => (i < length - 2 ? id : -100))],
})

const biased = ['qwen2', 'gpt2', 'gptneox']
/** Families that are tested with packed weights too. The others have the same linear layers as one of these, which read packed rows in the same way. */
const packed = ['llama', 'qwen2', 'qwen3', 'gemma2', 'gemma3', 'gpt2']
const familiesIn = (format: (typeof formats)[number]) => testedFamilies.filter((family) => format === 'f32' || packed.includes(family))

/**
 * The methods that are tested on a family in a format. Over packed weights, each method takes turns between NF4 and Q4_K from family to family,
 * so every pair of method, family and format is tested. The family with biases and grouped heads has all of them.
 */
function methodsOn(family: string, format: (typeof formats)[number]): readonly Method[] {
  if (family === 'qwen3moe') return methods.filter(({ name }) => besideExperts.includes(name))
  if (format === 'f32' || family === 'qwen2') return methods
  const turn = packed.indexOf(family) + (format === 'nf4' ? 0 : 1)
  return methods.filter((_, i) => (i + turn) % 2 === 0)
}

/** Of a family with experts: methods that train experts, and that change what comes before them. Other families have the other methods' sites. */
const besideExperts = ['lora', 'full', 'top-layers', 'prefix-tuning']

/** Two layers, for methods that depend on the layer and for Gemma's alternating windows. Packed weights are read in the same way in each layer. */
const blocksIn = (format: (typeof formats)[number]) => (format === 'f32' ? 2 : 1)

function modelOf(family: string, format: (typeof formats)[number]) {
  // Rows of Q4_K must be whole blocks of 256. All models have the same head size, so that they share their kernels.
  const hidden = format === 'q4_k' ? 256 : 64
  const shape: RandomShape = {
    family,
    layers: blocksIn(format),
    hidden,
    intermediate: hidden,
    heads: hidden / 32,
    kvHeads: ['gpt2', 'gptneox'].includes(family) ? hidden / 32 : 1,
    vocab,
    context: 64,
    // Gemma's windows mask some keys on the first layer; its soft caps and rotary bases are the family's own.
    raw: { sliding_window: 4, sliding_window_pattern: 2, num_experts: 4, num_experts_per_tok: 2, moe_intermediate_size: 32 },
  }
  const random = randomModel(`random ${family}`, shape)
  // Llama and Qwen3 models may have biases, but the usual ones have none.
  const tensors = new Map([...random.tensors].filter(([tensor]) => biased.includes(family) || !tensor.endsWith('.bias')))
  const model = { ...random, tensors, companions: [new MemorySource('config.json', new TextEncoder().encode('{}'))] }
  return format === 'q4_k' ? inQ4K(model) : model
}

/** The method's defaults, with short prompts, small encoders and at most as many layers as the model has. */
function settingsOf(method: Method, layers: number) {
  const small = { virtualTokens: 5, encoderHidden: 32, initText: '', init: 'vocabulary', layers }
  const known = new Set(method.fields.map((f) => f.key))
  return { ...defaults(method.fields), ...Object.fromEntries(Object.entries(small).filter(([key]) => known.has(key))) }
}

/** Settings that put every dropout of the method at `rate`. */
function dropouts({ fields }: Method, rate: number): Settings {
  const keys = fields.map((f) => f.key).filter((key) => /dropout/i.test(key))
  return Object.fromEntries(keys.map((key) => [key, rate]))
}

/** Further settings with which the method is evaluated: with every dropout, and with each kind of network that computes a prompt. */
function evaluated(method: Method): Settings[] {
  const networks = method.fields.find((f) => f.key === 'encoder')
  const each = networks?.type === 'choice' ? networks.options.map(({ value }) => ({ encoder: value })) : [{}]
  return each.map((settings) => ({ ...dropouts(method, 0.5), ...settings }))
}

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

describe.each(formats.flatMap((format) => familiesIn(format).map((family) => ({ family, format }))))(
  'every method on $family in $format',
  ({ family, format }) => {
    let model: LoadedModel
    let untouched: Float32Array
    /** The logits of the model as stored in its file, before it is quantised. */
    let asStored: Float32Array
    let bits: Float32Array
    beforeAll(async () => {
      const file = modelOf(family, format)
      const planned = planBase(file, 'native', gpu.profile.maxBindingBytes)
      await loadBase(gpu, planned)
      asStored = await logitsOf(gpu, planned, {}, undefined, ids)
      release(gpu, planned.slots)
      const plan = planBase(file, format === 'nf4' ? 'nf4' : 'native', gpu.profile.maxBindingBytes)
      await loadBase(gpu, plan)
      model = { file, plan, base: methodBase(plan, undefined), tokenizer: undefined }
      untouched = await logitsOf(gpu, plan, {}, undefined, ids)
      bits = await baseBits()
    })
    afterAll(() => release(gpu, model.plan.slots))

    async function baseBits(): Promise<Float32Array> {
      const { slots } = model.plan
      const all = new Uint8Array(slots.reduce((sum, slot) => sum + slot.sizeBytes, 0))
      let at = 0
      for (const slot of slots) {
        all.set(new Uint8Array(await readBuffer(gpu, slot.buffer!, 0, slot.sizeBytes)), at)
        at += slot.sizeBytes
      }
      return new Float32Array(all.buffer)
    }

    async function logitsWith({ method, settings, tensors }: Omit<Adapter, 'tensors'> & Partial<Adapter>): Promise<Float32Array> {
      const { hooks, parameters } = await setUpMethod(gpu.profile, model, method, settings, { initial: tensors })
      return logitsOf(gpu, model.plan, hooks, parameters, ids)
    }

    function planned(method: Method, more: Settings = {}, evalLengths: readonly number[] = []): Promise<Run> {
      const learningRate = Math.max(method.training.learningRate ?? 1e-3, 1e-4)
      const training = defaultTraining({ ...method.training, batchSize: batch.rows, maxLength: length, learningRate, seed: 3 })
      const settings = { ...settingsOf(method, blocksIn(format)), ...more }
      return planRun({ profile: gpu.profile, model, method, settings, training, trainLengths: [length], evalLengths, steps })
    }

    /** Trains, records which parameters have no gradient in the first steps, and compares the gradient with the change of the loss at the end. */
    async function trained(
      method: Method,
    ): Promise<{ losses: number[]; adapter: Adapter; still: string[]; error: number; fileBytes: number }> {
      const run = await planned(method)
      await startRun(gpu, run)
      const moved = new Set<string>()
      const losses: number[] = []
      for (let step = 1; step <= steps; step++) {
        const result = await run.session.step(gpu, [batch], run.plan.training.learningRate, step)
        expect(result.finite).toBe(true)
        losses.push(result.loss)
        if (step > 2) continue
        for (const [name, g] of await run.parameters.read(gpu, 'gradients')) {
          expect(g.every(Number.isFinite), name).toBe(true)
          if (g.some((v) => v !== 0)) moved.add(name)
        }
      }
      const adapter = await readRunAdapter(gpu, run)
      const error = await slopeError(gpu, run, batch, method.name === 'dora' ? constantNorms : undefined)
      const still = run.parameters.names.filter((name) => !moved.has(name))
      await endRun(gpu, run)
      return { losses, adapter, still, error, fileBytes: run.memory.adapterFileBytes }
    }

    // Dropout and other randomness act only in training. Tested once per format, on the family with biases and grouped heads.
    const evaluations = family === 'qwen2' ? methods : []
    test.each(evaluations.flatMap((m) => evaluated(m).map((more) => [m.name, JSON.stringify(more), m, more] as const)))(
      '%s %s: evaluated in the run as its adapter is from its files, bit for bit',
      { timeout: 120_000 },
      async (_name, _more, method, more) => {
        const batches = { count: 1, get: () => [batch] }
        const run = await planned(method, more, [length])
        await startRun(gpu, run)
        for (let step = 1; step <= 2; step++) await run.session.step(gpu, [batch], run.plan.training.learningRate, step)
        const inRun = await run.session.evaluate(gpu, batches)
        const adapter = await readRunAdapter(gpu, run)
        await endRun(gpu, run)
        const files = await writeAdapter(adapter, model.base)
        const again = await readAdapter(
          files.map((f) => new MemorySource(f.path, f.bytes)),
          model.base,
        )
        for (const settings of [again.settings, { ...again.settings, ...dropouts(method, 0) }])
          expect(await evaluateBatches(gpu, model, { ...again, settings }, batches, [length], run.plan.training)).toEqual(inRun)
      },
    )

    test.each(methodsOn(family, format).map((m) => [m.name, m] as const))('%s', { timeout: 120_000 }, async (_name, method) => {
      if (method.unavailable?.(model.base)) {
        const { memory } = await planned(method)
        expect(sentence(memory.problem!)).toMatch(new RegExp(`^${model.base.name}: expected .+, got .+\\. .+\\.$`))
        return
      }
      const before = gpu.bytes
      const settings = settingsOf(method, blocksIn(format))
      // A prompt before the input changes the output from the start, so only other methods start as the base model.
      if (!method.virtualTokens) {
        // Matrices that are trained themselves start from the file's values, before quantisation to NF4.
        const own = method.baseTensors?.(model.base, settings) ?? []
        const expected = own.some((tensor) => model.plan.matrices.has(tensor)) ? asStored : untouched
        expect(largestDifference(await logitsWith({ method, settings }), expected)).toBeLessThan(1e-4)
      }

      const first = await trained(method)
      // An expert to which no token was routed rightly has no gradient from this batch.
      expect(first.still.filter((parameter) => !/lora_[AB]\.\d|\.experts\.\d/.test(parameter))).toEqual([])
      expect(first.losses.at(-1)).toBeLessThan(first.losses[0])
      expect(first.error, 'the gradient against differences of the loss').toBeLessThan(slopeTolerance)
      assertSameBits('the base after training', await baseBits(), bits)
      // The same seed gives the same bits. Tested once per format, on the family with biases and grouped heads.
      if (family === 'qwen2') expect((await trained(method)).losses).toEqual(first.losses)

      const files = await writeAdapter(first.adapter, model.base)
      const weights = files.find((f) => f.path === weightsName(method))!.bytes
      expect(weights.length, 'bytes of the file as the plan said').toBe(first.fileBytes)
      const again = await readAdapter(
        files.map((f) => new MemorySource(f.path, f.bytes)),
        model.base,
      )
      expect(again.method.name).toBe(first.adapter.method.name)
      const direct = await logitsWith(first.adapter)
      assertSameBits('logits from the file', await logitsWith(again), direct)
      expect(largestDifference(direct, untouched)).toBeGreaterThan(1e-6)
      expect(gpu.bytes).toBe(before)
    })
  },
)

test('every method serves a family', () => {
  const bases = testedFamilies.map((family) => planModel(modelOf(family, 'f32'), 'native', gpu.profile.maxBindingBytes).base)
  for (const method of methods)
    expect(
      bases.some((base) => !method.unavailable?.(base)),
      method.name,
    ).toBe(true)
})
