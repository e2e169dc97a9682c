// A GGUF base that full fine-tuning trained is written as a folder and as a GGUF file, for every family: both give the logits of the
// model that was trained. What cannot be written is said before the first step.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseSettings } from '../config/field'
import { sentence } from '../config/phrase'
import { defaultTraining } from '../config/run-config'
import { hfConfig } from '../formats/hf-config'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import type { ModelFile } from '../formats/model-file'
import type { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { ggufOf, someVocabulary } from '../testing/gguf-from-folder'
import { plainModels } from '../testing/golden-families'
import { largestDifference, oracle, present, sourcesOf } from '../testing/golden'
import type { Adapter } from '../peft/method'
import { readAdapter, writeAdapter } from './adapter'
import { methodBase } from '../peft/base'
import { logitsOf } from '../decode/logits'
import { mergedGguf } from './merge-gguf'
import type { LoadedModel } from '../peft/loaded-model'
import { planRun, setUpMethod, startRun } from '../train/run'

const method = methodNamed('full')
const settings = parseSettings('full', method.fields, {})
const ids = [1, 5, 9, 77, 3, 20, 64, 2]

describe.skipIf(!present(oracle))('full fine-tuning of a GGUF base', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  async function loaded(file: ModelFile): Promise<LoadedModel> {
    const plan = planBase(file, 'native', gpu.profile.maxBindingBytes)
    await loadBase(gpu, plan)
    return { file, plan, base: methodBase(plan, undefined), tokenizer: undefined }
  }

  async function logits(sources: readonly MemorySource[]): Promise<Float32Array> {
    const { plan } = await loaded(await openModel(sources))
    const got = await logitsOf(gpu, plan, {}, undefined, ids)
    release(gpu, plan.slots)
    return got
  }

  async function opened(name: string, changed = {}): Promise<LoadedModel> {
    const folder = await openModel(sourcesOf(join(oracle, name)))
    const bytes = await ggufOf(folder, { ...someVocabulary(folder.config.vocab), ...changed })
    return loaded(await openModel([new MemorySource(`${name}.gguf`, bytes)]))
  }

  /** All tensors as if trained: none is what it was. */
  async function trained({ base }: LoadedModel): Promise<Adapter> {
    const changed = async (key: string, i: number) => (await base.stored(key)).map((v, at) => v + 0.02 * Math.sin(i + at))
    const entries = [...base.tensors].map(async ([key, { shape }], i) => [key, { shape, values: await changed(key, i) }] as const)
    return { method, settings, tensors: new Map(await Promise.all(entries)) }
  }

  test.each(plainModels)('%s is written as a folder and as GGUF', { timeout: 120_000 }, async (name) => {
    const model = await opened(name)
    const adapter = await trained(model)
    const { hooks, parameters } = await setUpMethod(gpu.profile, model, method, settings, { initial: adapter.tensors })
    const want = await logitsOf(gpu, model.plan, hooks, parameters, ids)

    const files = (await writeAdapter(adapter, model.base)).map(({ path, bytes }) => new MemorySource(path, bytes))
    expect(largestDifference(await logits(files), want)).toBeLessThan(1e-5)
    expect((await readAdapter(files, model.base)).tensors).toEqual(adapter.tensors)
    const json = files.find((f) => f.name === 'config.json')!
    const config = hfConfig(
      'config.json',
      JSON.parse(new TextDecoder().decode(await json.read(0, json.sizeBytes))) as Record<string, unknown>,
    )
    expect({ ...config, raw: {} }).toEqual({ ...model.file.config, raw: {} })

    const { chunks, sizeBytes } = await mergedGguf(model, adapter)
    const bytes = new Uint8Array(sizeBytes)
    let at = 0
    for await (const chunk of chunks()) {
      bytes.set(chunk, at)
      at += chunk.length
    }
    // Matrices are F16 there.
    expect(largestDifference(await logits([new MemorySource('merged.gguf', bytes)]), want)).toBeLessThan(2e-2)
    release(gpu, model.plan.slots)
  })

  test('a method whose folder cannot be written is refused before the first step', async () => {
    const model = await opened('llama', { 'tokenizer.ggml.model': { type: 'text', value: 'rwkv' } })
    const run = await planRun({
      profile: gpu.profile,
      model,
      method,
      settings,
      training: defaultTraining({ batchSize: 1, maxLength: 8 }),
      trainLengths: [8],
      evalLengths: [],
      steps: 1,
    })
    expect(sentence(run.memory.problem!)).toMatch(
      /^tokenizer\.ggml\.model: expected gpt2 or llama, got rwkv\. Start from the model's Hugging Face/,
    )
    await expect(startRun(gpu, run)).rejects.toThrow(/rwkv/)
    release(gpu, model.plan.slots)
  })
})
