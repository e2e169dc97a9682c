// A model from a Hugging Face folder merged into GGUF: llama.cpp loads it, says what we say, and reads text as its tokenizer does.
// A model from GGUF trained as a whole: transformers loads its folder with its tokenizer, and gives our ids and logits.
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseSettings } from '../config/field'
import type { TokenizerSource } from '../formats/model-file'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { ggufInF32 } from '../testing/gguf-in-f32'
import { loadBase, planBase } from '../models/base-model'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { llamaCppModels } from '../testing/golden-families'
import { largestDifference, oracle, present, readFloats, readIds, shared, sourcesOf } from '../testing/golden'
import { furthest, llamaPackages, llamaReads, llamaSays, roundsGelu } from '../testing/llama-cpp'
import { pythonWithPeft } from '../testing/python'
import { normals } from '../testing/random'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import type { Adapter } from '../peft/method'
import { writeAdapter } from './adapter'
import { methodBase } from '../peft/base'
import { logitsOf } from '../decode/logits'
import { mergedGguf } from './merge-gguf'
import type { LoadedModel } from '../peft/loaded-model'
import { setUpMethod } from '../train/run'

const demo = resolve(import.meta.dirname, '../../public/demo')
const stories = join(shared, 'models', 'TinyStories-656K')
const text = 'Once upon a time, there was a girl. She said: "Let\'s play!"'

/** A tokenizer that llama.cpp takes, of made-up tokens, for models that are asked by ids alone. */
function someTokenizer(size: number): TokenizerSource {
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  // The line feed as byte-level BPE writes it is the one that llama.cpp looks for; the one merge needs its two parts.
  const named: Record<number, string> = { 3: 'Ċ', 4: 't', 5: '1' }
  const vocab = Object.fromEntries(Array.from({ length: size }, (_, id) => [named[id] ?? `t${id}`, id]))
  const added_tokens = [0, 1, 2].map((id) => ({ id, content: `t${id}`, special: true }))
  const model = { type: 'BPE', vocab, merges: [['t', '1']] }
  const tokenizerJson = { added_tokens, normalizer: null, pre_tokenizer: bytes, decoder: bytes, post_processor: null, model }
  return { kind: 'hf', tokenizerJson, tokenizerConfig: { bos_token: 't1', eos_token: 't2' } }
}

describe('models between folders and GGUF', () => {
  let gpu: Gpu
  let work: string
  beforeAll(async () => {
    gpu = await openTestGpu()
    work = mkdtempSync(join(tmpdir(), 'tabtune-'))
  })
  afterAll(() => {
    gpu.destroy()
    rmSync(work, { recursive: true, force: true })
  })

  async function loaded(path: string): Promise<LoadedModel> {
    const file = await openModel(sourcesOf(path))
    const plan = planBase(file, 'native', gpu.profile.maxBindingBytes)
    const tokenizer = file.tokenizer && createTokenizer(file.tokenizer, file.config.vocab, file.special)
    await loadBase(gpu, plan)
    return { file, plan, base: methodBase(plan, tokenizer), tokenizer }
  }

  /** An adapter whose values are random and not small. */
  async function randomAdapter(model: LoadedModel): Promise<Adapter> {
    const method = methodNamed('lora')
    const settings = parseSettings('lora', method.fields, {})
    const { parameters } = await setUpMethod(gpu.profile, model, method, settings, {})
    const tensors = parameters.names.map((key, i) => {
      const shape = parameters.shape(key)
      return [key, { shape, values: normals(700 + i, shape[0] * shape[1], 0.05) }] as const
    })
    return { method, settings, tensors: new Map(tensors) }
  }

  const ofOracle = llamaCppModels.map((name) => join(oracle, name))

  test.for([demo, stories, ...ofOracle])('%s in llama.cpp', { timeout: 300_000 }, async (folder, context) => {
    const packages = present(folder) ? llamaPackages() : undefined
    if (!packages) return context.skip()
    const model = await loaded(folder)
    const adapter = await randomAdapter(model)
    const file = model.tokenizer ? model.file : { ...model.file, tokenizer: someTokenizer(model.file.config.vocab) }
    const some = Array.from({ length: 12 }, (_, i) => (i * 37 + 5) % Math.min(120, model.file.config.vocab))
    const ids = model.tokenizer?.encode(text, { addSpecial: true }) ?? some
    const { hooks, parameters } = await setUpMethod(gpu.profile, model, adapter.method, adapter.settings, { initial: adapter.tensors })
    const logits = (await logitsOf(gpu, model.plan, hooks, parameters, ids)).slice(-model.file.config.vocab)
    const { chunks } = await mergedGguf({ file, base: model.base }, adapter)
    release(gpu, model.plan.slots)
    const merged = join(work, 'merged.gguf')
    const inF32 = join(work, 'merged-f32.gguf')
    rmSync(merged, { force: true })
    for await (const chunk of chunks()) appendFileSync(merged, chunk)
    writeFileSync(inF32, await ggufInF32(merged))
    const said = await llamaSays(packages, inF32, '-', ids)
    // F16 carries 11 bits of each merged weight.
    expect(furthest(logits, said)).toBeLessThan(2e-3)
    const again = await loaded(merged)
    const ofMerged = (await logitsOf(gpu, again.plan, {}, undefined, ids)).slice(-model.file.config.vocab)
    release(gpu, again.plan.slots)
    expect(furthest(ofMerged, said)).toBeLessThan(roundsGelu(model.file.config.family) ? 1e-4 : 1e-5)
    const read = await llamaReads(packages, merged, text)
    if (model.tokenizer) expect(read).toEqual(model.tokenizer.encode(text))
  })

  const quantised = (name: string) => join(shared, 'models', 'TinyStories-656K-gguf', `TinyStories-656K.${name}.gguf`)

  /** A folder as full fine-tuning of a GGUF base writes it, before any step. */
  async function wholeFolder(model: LoadedModel, name: string): Promise<string> {
    const method = methodNamed('full')
    const tensors = new Map(
      await Promise.all(
        [...model.base.tensors].map(async ([key, { shape }]) => [key, { shape, values: await model.base.stored(key) }] as const),
      ),
    )
    const folder = join(work, name)
    for (const file of await writeAdapter({ method, settings: parseSettings('full', method.fields, {}), tensors }, model.base)) {
      mkdirSync(dirname(join(folder, file.path)), { recursive: true })
      writeFileSync(join(folder, file.path), file.bytes)
    }
    return folder
  }

  test('a demo that was loaded from GGUF, in transformers', { timeout: 300_000 }, async (context) => {
    const python = pythonWithPeft()
    if (!python) return context.skip()
    const merged = join(work, 'demo.gguf')
    const source = await loaded(demo)
    for await (const chunk of (await mergedGguf(source, await randomAdapter(source))).chunks()) appendFileSync(merged, chunk)
    release(gpu, source.plan.slots)
    await checkInTransformers(python, merged)
  })

  test('q8_0 in transformers', { timeout: 300_000 }, async (context) => {
    const python = present(quantised('q8_0')) ? pythonWithPeft() : undefined
    if (!python) return context.skip()
    await checkInTransformers(python, quantised('q8_0'), 'Once upon a time')
  })

  async function checkInTransformers(python: string, path: string, words = text): Promise<void> {
    const model = await loaded(path)
    const folder = await wholeFolder(model, 'whole')
    const ids = model.tokenizer!.encode(words, { addSpecial: true })
    const logits = await logitsOf(gpu, model.plan, {}, undefined, ids)
    release(gpu, model.plan.slots)
    const out = join(work, 'whole.safetensors')
    execFileSync(python, [resolve(import.meta.dirname, '../../e2e/interop/whole_model.py'), folder, words, out], { stdio: 'pipe' })
    expect(await readIds(out)).toEqual(ids)
    expect(largestDifference(logits, (await readFloats(out)).get('logits')!.values)).toBeLessThan(2e-4)
  }
})
