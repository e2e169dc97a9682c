// The contract of every method on models that see pictures: a new adapter starts as the base model if its paper says so; every parameter is
// trained, with the right gradient; the loss falls; the base keeps its bits; a snapshot continues with the same bits; the file is complete.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Settings, defaults } from '../config/field'
import { sentence } from '../config/phrase'
import { type BaseFormat, defaultTraining } from '../config/run-config'
import { readAdapter, writeAdapter } from '../export/adapter'
import { hfConfig } from '../formats/hf-config'
import { MemorySource } from '../formats/memory-source'
import type { Gpu } from '../gpu/gpu'
import { randomModel } from '../models/random-model'
import { weightsName } from '../peft/adapter-folder'
import { type LoadedModel, loadModel } from '../peft/loaded-model'
import type { Adapter, Method } from '../peft/method'
import { everyMethod } from '../peft/registry'
import { readBuffer } from '../tensor/parameters'
import { release } from '../tensor/program'
import { slopeError, slopeTolerance } from '../testing/along-gradient'
import { classify } from '../decode/classify'
import { assertSameBits } from '../testing/closeness'
import { openTestGpu } from '../testing/device'
import { largestDifference } from '../testing/golden'
import { batchOfPictures } from '../testing/golden-pictures'
import { requestDifferences } from '../testing/resumed-run'
import { normals, randomNumbers } from '../testing/random'
import { PictureBudget, pictureReader } from '../pictures/loader'
import { folderSet } from '../pictures/picture-set'
import { parseProcessor } from '../pictures/processor'
import { fileOf, painted, pngOf } from '../pictures/testing/tiny-picture'
import { nodeCodecs } from '../cli/node/picture-codecs'
import type { PictureData } from '../data/picture-data'
import { pictureRunRows } from './picture-run'
import { type Run, endRun, planRun, readRunAdapter, startRun } from './run'

const steps = 4
const json = {
  architectures: ['ViTForImageClassification'],
  model_type: 'vit',
  hidden_size: 64,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  image_size: 16,
  patch_size: 8,
  id2label: { 0: 'circle', 1: 'square', 2: 'star' },
}
const pictures = [0, 1].map((i) => ({ pixels: Float32Array.from(normals(300 + i, 3 * 16 * 16)), label: 2 - i }))

const modelOf = () => ({
  ...randomModel('shapes', hfConfig('config.json', json)),
  companions: [new MemorySource('config.json', new TextEncoder().encode(JSON.stringify(json)))],
})

/** Few prompts, and the last layer. */
function settingsOf({ fields }: Method): Settings {
  const small = { virtualTokens: 3, layers: 1 }
  const known = new Set(fields.map((f) => f.key))
  return { ...defaults(fields), ...Object.fromEntries(Object.entries(small).filter(([key]) => known.has(key))) }
}

const serving = everyMethod.filter(({ serves }) => serves?.includes('image-classification'))
/** All methods in f32; over packed weights those that leave linear layers packed, each in one format. */
const cases: readonly (readonly [BaseFormat, readonly Method[]])[] = [
  ['f32', serving],
  ['f16', serving.filter(({ name }) => name === 'linear-probe')],
  ['nf4-dq', serving.filter(({ name }) => name === 'vpt')],
]

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

describe.each(cases)('pictures in %s', (format, methods) => {
  let model: LoadedModel
  beforeAll(async () => {
    model = await loadModel(gpu, modelOf(), format)
  })
  afterAll(() => release(gpu, model.plan.slots))

  const logitsWith = (adapter?: Adapter) =>
    classify(
      gpu,
      model,
      adapter,
      pictures.map(({ pixels }) => pixels),
      2,
    )

  async function baseBits(): Promise<Float32Array> {
    const parts = []
    for (const slot of model.plan.slots) parts.push(...new Uint32Array(await readBuffer(gpu, slot.buffer!, 0, slot.sizeBytes)))
    return Float32Array.from(parts)
  }

  function planned(method: Method): Promise<Run> {
    const learningRate = Math.max(method.training.learningRate ?? 1e-3, 1e-4)
    const training = defaultTraining({ ...method.training, batchSize: pictures.length, learningRate, seed: 3 })
    const lengths = [batchOfPictures(pictures, model).length]
    return planRun({
      profile: gpu.profile,
      model,
      method,
      settings: settingsOf(method),
      training,
      trainLengths: lengths,
      evalLengths: lengths,
      steps,
    })
  }

  test.each(methods.map((method) => [method.name, method] as const))('%s', { timeout: 120_000 }, async (_name, method) => {
    const batch = batchOfPictures(pictures, model)
    const before = gpu.bytes
    const bits = await baseBits()
    const untouched = await logitsWith()
    const run = await planned(method)
    gpu.resetPeak()
    await startRun(gpu, run)
    expect(gpu.peakBytes, 'planned bytes').toBe(run.memory.totalBytes)
    const { loss: base } = await run.session.evaluate(gpu, { count: 1, get: () => [batch] })
    const moved = new Set<string>()
    const losses: number[] = []
    for (let step = 1; step <= steps; step++) {
      const result = await run.session.step(gpu, [batch], run.plan.training.learningRate, step)
      expect(result.finite).toBe(true)
      losses.push(result.loss)
      if (step <= 2) for (const [name, g] of await run.parameters.read(gpu, 'gradients')) if (g.some((v) => v !== 0)) moved.add(name)
    }
    const adapter = await readRunAdapter(gpu, run)
    const error = await slopeError(gpu, run, batch)
    const still = run.parameters.names.filter((name) => !moved.has(name))
    await endRun(gpu, run)

    expect(still).toEqual([])
    expect(losses[0]).toBeCloseTo(base, 5)
    expect(losses.at(-1)).toBeLessThan(losses[0])
    expect(error, 'the gradient against differences of the loss').toBeLessThan(slopeTolerance)
    assertSameBits('the base after training', await baseBits(), bits)

    const files = await writeAdapter(adapter, model.base)
    expect(files.find((f) => f.path === weightsName(method))!.bytes.length).toBe(run.memory.adapterFileBytes)
    const again = await readAdapter(
      files.map((f) => new MemorySource(f.path, f.bytes)),
      model.base,
    )
    const direct = await logitsWith(adapter)
    assertSameBits('logits from the file', await logitsWith(again), direct)
    expect(largestDifference(direct, untouched)).toBeGreaterThan(1e-6)
    expect(gpu.bytes).toBe(before)
  })
})

test(
  'a run on pictures that change in each epoch is resumed with the same bits, and counts right classes',
  { timeout: 120_000 },
  async () => {
    const model = await loadModel(gpu, modelOf(), 'f32')
    const random = randomNumbers(9)
    const files = Array.from({ length: 9 }, (_, i) =>
      fileOf(
        `${['a', 'b', 'c'][i % 3]}/${i}.png`,
        pngOf(painted(16, 16, () => [0, 1, 2].map((c) => (c === i % 3 ? 255 : random() * 255)))),
      ),
    )
    const set = folderSet('shapes', files)
    const processor = parseProcessor('p', { image_processor_type: 'ViTImageProcessor', size: 16 })
    const budget = new PictureBudget(0)
    const reader = pictureReader(set.entries, { processor, codecs: nodeCodecs(), budget })
    const method = everyMethod.find(({ name }) => name === 'linear-probe')!
    const training = defaultTraining({
      ...method.training,
      steps: 8,
      batchSize: 2,
      evalEvery: 3,
      seed: 2,
      shots: 2,
      flip: true,
      colour: 0.3,
    })
    const parts = { train: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8), eval: Int32Array.of(0, 4, 8) }
    const rows = pictureRunRows(model.file, { set, reader }, parts, training)
    expect(rows.train).toHaveLength(6)
    const request = { model, method, settings: defaults(method.fields), training, rows }
    expect(await requestDifferences(gpu, request, 4)).toEqual([])
    const run = await planRun({ profile: gpu.profile, ...request, trainLengths: [5], evalLengths: [5], steps: 1 })
    await startRun(gpu, run)
    const all = await Promise.all(
      Array.from(parts.eval, async (row) => ({ pixels: await (rows.dataset as PictureData).pixels(row), label: set.entries[row].label })),
    )
    const { accuracy } = await run.session.evaluate(gpu, { count: 3, get: (i) => [batchOfPictures([all[i]], model)] })
    await endRun(gpu, run)
    const logits = await classify(
      gpu,
      model,
      undefined,
      all.map(({ pixels }) => pixels),
      2,
    )
    const right = all.filter(({ label }, i) => {
      const own = [...logits.subarray(i * 3, i * 3 + 3)]
      return own.indexOf(Math.max(...own)) === label
    })
    expect(accuracy).toBeCloseTo(right.length / 3, 6)
    release(gpu, model.plan.slots)
  },
)

test('a method for language models only says why it does not serve pictures', async () => {
  const model = await loadModel(gpu, modelOf(), 'f32')
  const others = everyMethod.filter((method) => !serving.includes(method))
  expect(others.length).toBeGreaterThan(0)
  for (const method of others)
    expect(sentence(method.unavailable!(model.base)!), method.name).toMatch(
      /^shapes: expected a language model, got a ViT model, which sorts pictures into classes\. .+\. .+\.$/,
    )
  release(gpu, model.plan.slots)
})
