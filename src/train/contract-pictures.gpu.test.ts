// The contract of every method on every family that sees pictures: a new adapter starts as the base model if its paper says so; every parameter
// is trained, with the right gradient; the loss falls; the base keeps its bits; a run that is resumed has the same bits; the file is complete;
// a merged model is the same as the base with the adapter.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Settings, defaults } from '../config/field'
import { sentence } from '../config/phrase'
import { type BaseFormat, defaultTraining } from '../config/run-config'
import { joinedBytes } from '../config/joined-bytes'
import { readAdapter, writeAdapter } from '../export/adapter'
import { mergedFiles } from '../export/merged-files'
import { pictureFamilies } from '../formats/families/registry'
import { hfConfig } from '../formats/hf-config'
import { MemorySource } from '../formats/memory-source'
import type { ModelFile } from '../formats/model-file'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { randomModel } from '../models/random-model'
import { weightsName } from '../peft/adapter-folder'
import { type LoadedModel, loadModel } from '../peft/loaded-model'
import { withClassTexts } from '../peft/class-texts'
import type { Adapter, Method } from '../peft/method'
import { everyMethod, methodNamed } from '../peft/registry'
import { readBuffer } from '../tensor/parameters'
import { release } from '../tensor/program'
import { slopeError, slopeTolerance } from '../testing/along-gradient'
import { classify } from '../decode/classify'
import { type FeaturesOf, featuresOf } from '../decode/features'
import { assertSameBits } from '../testing/closeness'
import { openTestGpu } from '../testing/device'
import { largestDifference } from '../testing/golden'
import { batchOfPictures, rowsOfPictures } from '../testing/golden-pictures'
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

const tower = { hidden_size: 32, intermediate_size: 32, num_hidden_layers: 1, num_attention_heads: 2 }
const towers = {
  architectures: ['CLIPModel'],
  model_type: 'clip',
  projection_dim: 16,
  text_config: { ...tower, vocab_size: 24, max_position_embeddings: 12, bos_token_id: 22, eos_token_id: 23 },
  vision_config: { ...tower, image_size: 16, patch_size: 8 },
}
/** The last texts are longer than the others. */
const ids = [[4], [5, 6], [7, 8, 9]]
/** In two templates for the base, of which the first is what a context starts from. */
const templates = ['10 11 12 {} 2', '13 {} 2']

const jsonSource = (settings: object) => new MemorySource('config.json', new TextEncoder().encode(JSON.stringify(settings)))

const modelOf = (): ModelFile => ({
  ...randomModel('shapes', hfConfig('config.json', json)),
  companions: [jsonSource(json)],
})

/** A model that compares pictures with texts. Its scores are far enough apart that a step is seen. */
function comparing(count = 2): ModelFile {
  const made = randomModel('pairs', hfConfig('config.json', towers))
  const scale = { ...made.tensors.get('logit_scale')!, readRows: async () => new Uint8Array(Float32Array.of(2).buffer) }
  const file = { ...made, tensors: new Map(made.tensors).set('logit_scale', scale) }
  return withTexts({ ...file, companions: [jsonSource(towers)] }, count)
}

/** A model that compares pictures with texts, in as many templates. */
const withTexts = (file: ModelFile, count: number): ModelFile =>
  withClassTexts(file, { names: ids.map((own) => own.join(' ')), ids }, templates.slice(0, count))

/** Few prompts, and the last layer. */
function settingsOf({ fields }: Method): Settings {
  const small = { virtualTokens: 3, layers: 1, classSpecific: true, position: 'middle', metaHidden: 2 }
  const known = new Set(fields.map((f) => f.key))
  return { ...defaults(fields), ...Object.fromEntries(Object.entries(small).filter(([key]) => known.has(key))) }
}

const sum = (values: readonly number[]) => values.reduce((all, v) => all + v, 0)
const mean = (values: readonly number[]) => sum(values) / values.length

/** The scores [pictures][classes] of features. */
function scoresOfFeatures(found: FeaturesOf, classes: number, count: number): number[][] {
  const width = found.texts.length / (classes * count)
  const rows = (values: Float32Array) =>
    Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)])
  const texts = rows(found.texts)
  const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((v, i) => v * b[i]))
  return rows(found.pictures).map((picture) =>
    Array.from({ length: classes }, (_, k) => {
      const all = picture.map((_, i) => sum(Array.from({ length: count }, (_, t) => texts[t * classes + k][i])))
      return (found.scale * dot(picture, all)) / Math.sqrt(dot(all, all))
    }),
  )
}

const serving = (task: NonNullable<Method['serves']>[number]) => everyMethod.filter(({ serves }) => serves?.includes(task))
const [sorting, pairing] = [serving('image-classification'), serving('image-text')]
const named = (methods: readonly Method[], name: string) => methods.filter((method) => method.name === name)
/** All methods in f32; over packed weights those that leave linear layers packed, each in one format. */
const cases: readonly (readonly [string, BaseFormat, () => ModelFile, readonly Method[]])[] = [
  ['pictures', 'f32', modelOf, sorting],
  ['pictures', 'f16', modelOf, named(sorting, 'linear-probe')],
  ['pictures', 'nf4-dq', modelOf, named(sorting, 'vpt')],
  ['pictures and texts', 'f32', comparing, pairing],
  ['pictures and texts', 'f16', comparing, named(pairing, 'cocoop')],
  ['pictures and texts', 'nf4-dq', comparing, named(pairing, 'coop')],
]

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

describe.each(cases)('%s in %s', (_kind, format, file, methods) => {
  let model: LoadedModel
  beforeAll(async () => {
    model = await loadModel(gpu, file(), format)
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

  const lossOfLogits = (logits: Float32Array) =>
    mean(
      pictures.map(({ label }, i) => {
        const own = [...logits.subarray(i * ids.length, (i + 1) * ids.length)]
        return Math.log(sum(own.map(Math.exp))) - own[label]
      }),
    )

  /** The logits of the whole model that a merge writes, as it is read again. */
  async function mergedLogits(adapter: Adapter): Promise<Float32Array> {
    const sources = []
    for (const { path, chunks } of await mergedFiles(gpu, model, adapter, 'f32')) {
      const parts = []
      for await (const part of chunks()) parts.push(part)
      sources.push(new MemorySource(path, joinedBytes(parts)))
    }
    const opened = await openModel(sources, { pictures: true })
    const { text } = opened.config
    expect(opened.config.vision!.classes).toEqual(text ? [] : model.file.config.vision!.classes)
    const whole = await loadModel(gpu, text ? withTexts(opened, templates.length) : opened, 'f32')
    const all = pictures.map(({ pixels }) => pixels)
    const logits = await classify(gpu, whole, undefined, all, 2)
    release(gpu, whole.plan.slots)
    return logits
  }

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
    // Prompts, other words and a head where there was none change what the model says from the start, and so do copies in f32 of rounded tensors.
    if (!method.virtualTokens && run.hooks.texts === undefined && (format === 'f32' || !method.baseTensors))
      expect(base).toBeCloseTo(lossOfLogits(untouched), 5)
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
    if (format === 'f32') {
      const changes = method.merge && !(file().config.text && method.name === 'linear-probe')
      if (changes) expect(largestDifference(await mergedLogits(adapter), direct)).toBeLessThan(1e-4)
      else await expect(mergedLogits(adapter)).rejects.toThrow(/which adds other computations|which has none\. Use the adapter/)
    }
    const training = defaultTraining({ ...method.training, steps: 4, batchSize: 1, evalEvery: 2, seed: 3 })
    const request = { model, method, settings: settingsOf(method), training, rows: rowsOfPictures(pictures, model) }
    expect(await requestDifferences(gpu, request, 2)).toEqual([])
    expect(gpu.bytes).toBe(before)
  })
})

test('every family that sees pictures is here', () => {
  const here = cases.map(([, , file]) => file().config.family)
  expect(pictureFamilies.map(({ name }) => name).filter((name) => !here.includes(name))).toEqual([])
  // Each of its methods is in the list of a kind, in f32.
  const tested = new Set(cases.flatMap(([, format, , methods]) => (format === 'f32' ? methods : [])))
  expect(everyMethod.filter((method) => method.serves?.some((task) => task !== 'text') && !tested.has(method))).toEqual([])
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

test.each([
  ['sorts pictures into classes', modelOf, sorting],
  ['compares pictures with texts', comparing, pairing],
] as const)('a method says why it does not serve a model that %s', async (does, file, serves) => {
  const model = await loadModel(gpu, file(), 'f32')
  const others = everyMethod.filter((method) => !serves.includes(method))
  expect(others.length).toBeGreaterThan(0)
  for (const method of others)
    expect(sentence(method.unavailable!(model.base)!), method.name).toMatch(
      new RegExp(`^(shapes|pairs): expected a .+, got a model of the .+ family, which ${does}\\. .+\\. .+\\.$`),
    )
  release(gpu, model.plan.slots)
})

test('a context that starts from the words of a template has its loss', { timeout: 60_000 }, async () => {
  const model = await loadModel(gpu, comparing(1), 'f32')
  const scores = await classify(
    gpu,
    model,
    undefined,
    pictures.map(({ pixels }) => pixels),
    2,
  )
  const losses = pictures.map(({ label }, i) => {
    const own = [...scores.subarray(i * ids.length, (i + 1) * ids.length)]
    return Math.log(own.reduce((sum, z) => sum + Math.exp(z), 0)) - own[label]
  })
  const method = methodNamed('coop')
  const batch = batchOfPictures(pictures, model)
  for (const classSpecific of [false, true]) {
    const settings = { ...settingsOf(method), init: 'text', initText: '10 11 12', position: 'end', classSpecific }
    const training = defaultTraining({ batchSize: 2 })
    const run = await planRun({
      profile: gpu.profile,
      model,
      method,
      settings,
      training,
      trainLengths: [],
      evalLengths: [batch.length],
      steps: 1,
    })
    await startRun(gpu, run)
    const { loss } = await run.session.evaluate(gpu, { count: 1, get: () => [batch] })
    expect(loss).toBeCloseTo((losses[0] + losses[1]) / 2, 5)
    await endRun(gpu, run)
  }
  release(gpu, model.plan.slots)
})

test('texts that a run does not change are read once, before its steps', { timeout: 60_000 }, async () => {
  const model = await loadModel(gpu, comparing(), 'f32')
  const all = pictures.map(({ pixels }) => pixels)
  const batch = batchOfPictures(pictures, model)
  const method = methodNamed('lora')
  for (const [targetModules, once] of [
    ['vision_model', true],
    ['text_model', false],
  ] as const) {
    const run = await planRun({
      profile: gpu.profile,
      model,
      method,
      settings: { ...settingsOf(method), targetModules },
      training: defaultTraining({ batchSize: 2, learningRate: 1e-2 }),
      trainLengths: [batch.length],
      evalLengths: [batch.length],
      steps: 2,
    })
    expect([...run.session.work(batch.length).keys()].some((kernel) => kernel.startsWith('embedding'))).toBe(!once)
    await startRun(gpu, run)
    for (let step = 1; step <= 2; step++) await run.session.step(gpu, [batch], 1e-2, step)
    const { loss } = await run.session.evaluate(gpu, { count: 1, get: () => [batch] })
    const adapter = await readRunAdapter(gpu, run)
    await endRun(gpu, run)
    // Features are computed separately here, and multiplied in float64. The mean of two templates has the direction of their sum.
    const found = await featuresOf(gpu, model, adapter, all)
    const scores = scoresOfFeatures(found, ids.length, templates.length)
    expect(largestDifference(await classify(gpu, model, adapter, all, 2), Float32Array.from(scores.flat()))).toBeLessThan(1e-4)
    expect(loss).toBeCloseTo(mean(scores.map((own, i) => Math.log(sum(own.map(Math.exp))) - own[pictures[i].label])), 4)
  }
  release(gpu, model.plan.slots)
})
