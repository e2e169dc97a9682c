// Tests sizes that are multiples of no tile, as in the tiny models of test suites, and unusual head sizes. Compares logits with
// transformers, every base precision with its own numbers in f32, and gradients of every method with differences; tests decoding too.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Settings, defaults } from '../config/field'
import { type BaseFormat, defaultTraining } from '../config/run-config'
import { packedPieces } from '../formats/load-weights'
import type { ModelFile, TensorEntry } from '../formats/model-file'
import { weightFormat } from '../formats/quant/registry'
import type { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { type RandomShape, randomModel } from '../models/random-model'
import { testedFamilies } from '../testing/golden-families'
import { methods, methodNamed } from '../peft/registry'
import type { Method } from '../peft/method'
import { release } from '../tensor/program'
import { slopeError, slopeTolerance } from '../testing/along-gradient'
import { testGpus } from '../testing/device'
import { constantNorms } from '../testing/dora-norms'
import { largestDifference, loadModel, microBatch, present, readJson, shared } from '../testing/golden'
import { methodBase } from '../peft/base'
import { Generator } from '../decode/generate'
import { logitsOf } from '../decode/logits'
import { endRun, planRun, startRun } from './run'

const gpus = testGpus()
const cases = join(shared, 'cases')

const vocab = 49
const ids = [1, 7, 3, 9, 14, 2, 47, 11, 4, 8]
const batch = microBatch({
  input_ids: [ids, ids.toReversed()],
  attention_mask: [ids.map(() => 1), ids.map((_, i) => Number(i < 8))],
  labels: [ids, ids.toReversed().map((id, i) => (i < 8 ? id : -100))],
})

/** A model of two layers without optional tensors. */
function oddModel(family: string, shape: Partial<RandomShape>): ModelFile {
  const usual = { layers: 2, hidden: 18, intermediate: 37, heads: 3, vocab, context: 40 }
  // Gemma's windows mask some keys; its soft caps and rotary bases are the family's own.
  const raw = { sliding_window: 4, sliding_window_pattern: 2, num_experts: 5, num_experts_per_tok: 2, moe_intermediate_size: 7 }
  return randomModel(`odd ${family}`, { family, ...usual, raw, ...shape }, { bare: true })
}

/** The model with the numbers that the GPU has with `base`, in f32. */
async function unquantised(file: ModelFile, base: 'nf4' | 'nf4-dq' | 'f16'): Promise<ModelFile> {
  const { decode, gpuBytes } = weightFormat(base)
  const tensors = new Map<string, TensorEntry>(file.tensors)
  for (const matrix of planBase(file, base, 2 ** 30).matrices.values()) {
    if (matrix.format !== base || base === 'f16') continue
    const [rows, cols] = matrix.shape
    const bytes = new Uint8Array(gpuBytes(rows, cols))
    const entry = file.tensors.get(matrix.name)!
    for await (const piece of packedPieces(entry, { rowStart: 0, rows, cols }, base)) bytes.set(piece.bytes, piece.offset)
    const values = decode(bytes, rows * cols)
    const readRows = async (first: number, count: number) => new Uint8Array(values.slice(first * cols, (first + count) * cols).buffer)
    tensors.set(matrix.name, { ...entry, format: 'f32', readRows })
  }
  return { ...file, tensors }
}

async function logits(gpu: Gpu, file: ModelFile, base: BaseFormat): Promise<Float32Array> {
  const plan = planBase(file, base, gpu.profile.maxBindingBytes)
  await loadBase(gpu, plan)
  const got = await logitsOf(gpu, plan, {}, undefined, ids)
  release(gpu, plan.slots)
  return got
}

/** Compares the whole gradient with differences of the loss, after some steps. */
async function gradientError(gpu: Gpu, file: ModelFile, base: BaseFormat, method: Method, settings: Settings = {}): Promise<number> {
  const plan = planBase(file, base, gpu.profile.maxBindingBytes)
  await loadBase(gpu, plan)
  const small = { virtualTokens: 3, encoderHidden: 12, initText: '', init: 'vocabulary', layers: 2, reductionFactor: 6 }
  const known = Object.entries(small).filter(([key]) => method.fields.some((f) => f.key === key))
  const run = await planRun({
    profile: gpu.profile,
    model: { file, plan, base: methodBase(plan, undefined), tokenizer: undefined },
    method,
    settings: { ...defaults(method.fields), ...Object.fromEntries(known), ...settings },
    training: defaultTraining({ ...method.training, batchSize: batch.rows, maxLength: batch.length, learningRate: 1e-3, seed: 3 }),
    trainLengths: [batch.length],
    evalLengths: [],
    steps: 4,
  })
  await startRun(gpu, run)
  for (let step = 1; step <= 2; step++) expect((await run.session.step(gpu, [batch], 1e-3, step)).finite).toBe(true)
  const error = await slopeError(gpu, run, batch, method.name === 'dora' ? constantNorms : undefined)
  await endRun(gpu, run)
  release(gpu, plan.slots)
  return error
}

describe.skipIf(!present(cases))('logits of transformers', () => {
  test.each(['head-size-4', 'head-size-20', 'odd-shapes'])('%s', { timeout: 120_000 }, async (name) => {
    const golden = readJson<{ ids: number[]; logits: number[][] }>(join(cases, name, 'expected.json'))
    for (const { name: profile, gpu } of gpus) {
      const model = await loadModel(gpu, join(cases, name, 'model'), 'f32')
      const got = await logitsOf(gpu, model.plan, {}, undefined, golden.ids)
      expect(largestDifference(got, Float32Array.from(golden.logits.flat())), profile).toBeLessThan(1e-4)
      expect(await gradientError(gpu, model.file, 'f32', methodNamed('lora')), profile).toBeLessThan(slopeTolerance)
      release(gpu, model.plan.slots)
    }
  })
})

describe('sizes that are not multiples of a tile', () => {
  test.each(['f16', 'nf4', 'nf4-dq'] as const)('%s gives what its numbers give in f32', { timeout: 120_000 }, async (base) => {
    for (const family of ['llama', 'gpt2']) {
      const file = oddModel(family, {})
      const read = await unquantised(file, base)
      for (const { name, gpu } of gpus) {
        const [packed, plain] = [await logits(gpu, file, base), await logits(gpu, read, 'f32')]
        expect(largestDifference(packed, plain), `${family}, ${name}`).toBeLessThan(base === 'f16' ? 3e-3 : 1e-5)
      }
    }
  })

  test.each(testedFamilies)('%s: gradients of LoRA and of all weights, under all profiles', { timeout: 120_000 }, async (family) => {
    const kvHeads = ['gpt2', 'gptneox'].includes(family) ? 3 : 1
    for (const { name, gpu } of gpus)
      for (const [method, base] of [
        ['lora', 'nf4'],
        ['full', 'f32'],
      ] as const)
        expect(await gradientError(gpu, oddModel(family, { kvHeads }), base, methodNamed(method)), `${method}, ${name}`).toBeLessThan(
          slopeTolerance,
        )
  })

  test.each(methods.filter((m) => !['bitfit', 'lora', 'full'].includes(m.name)).map((m) => [m.name, m] as const))(
    '%s learns by the right gradient',
    { timeout: 120_000 },
    async (_, method) => {
      expect(await gradientError(gpus[0].gpu, oddModel('llama', {}), 'f32', method)).toBeLessThan(slopeTolerance)
    },
  )

  test.each([
    ['llama', { targetModules: 'down_proj, embed_tokens, lm_head' }],
    ['llama', { targetModules: 'q_proj, up_proj', start: 'pissa', r: 4 }],
    ['llama', { targetModules: 'v_proj', tokenIds: '3 7', headTokenIds: '48' }],
    ['gpt2', { targetModules: 'wte, c_attn', modulesToSave: 'lm_head' }],
  ] as const)('LoRA of %s with %j', { timeout: 120_000 }, async (family, settings) => {
    for (const { name, gpu } of gpus)
      expect(await gradientError(gpu, oddModel(family, { tied: false }), 'f32', methodNamed('lora'), settings), name).toBeLessThan(
        slopeTolerance,
      )
  })

  const shapes = [
    { hidden: 18, heads: 3, headDim: 2 },
    { hidden: 18, heads: 3, headDim: 6 },
    { hidden: 24, heads: 6, kvHeads: 2, headDim: 4 },
    { hidden: 40, heads: 2, kvHeads: 1, headDim: 20 },
    { hidden: 37, heads: 2, headDim: 36 },
    { hidden: 20, heads: 2, headDim: 100 },
  ]
  test.each(shapes)('decoding with a cache, hidden $hidden, heads of $headDim', { timeout: 120_000 }, async (shape) => {
    const file = oddModel('llama', shape)
    for (const { name, gpu } of gpus) {
      const plan = planBase(file, 'f32', gpu.profile.maxBindingBytes)
      await loadBase(gpu, plan)
      const generator = new Generator(gpu, plan, [{ hooks: {}, rows: 1 }], 40)
      await generator.prepare()
      const [said] = await generator.generate([{ prompt: ids, maxTokens: 5, temperature: 0, seed: 0, stop: [] }])
      const all = [...ids]
      while (all.length < ids.length + 5) {
        const last = (await logitsOf(gpu, plan, {}, undefined, all)).subarray(-vocab)
        all.push(last.indexOf(Math.max(...last)))
      }
      expect(said.ids, name).toEqual(all.slice(ids.length))
      generator.release()
      release(gpu, plan.slots)
    }
  })
})
