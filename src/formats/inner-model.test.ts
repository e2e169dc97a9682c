// Folders of models that also read pictures, in both forms of names: the language model is read, with its own config.json for merging.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { stringifyJson } from '../config/exact-json'
import { sentence } from '../config/phrase'
import { growth } from './families/ministral3'
import { hfConfig } from './hf-config'
import { ownConfig, textPart } from './inner-model'
import { planBase } from '../models/base-model'
import { MemorySource } from './memory-source'
import type { ModelFile } from './model-file'
import { openModel } from './open-model'
import { readSafetensorsHeader, writeSafetensors } from './safetensors'

const folder = (name: string) => `e2e/interop/goldens/${name}`
const json = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>

/** The folder, with tensors renamed (in F32 zeros), and settings of config.json changed. */
async function opened(name: string, rename: (name: string) => string, config: Record<string, unknown> = {}): Promise<ModelFile> {
  const header = await readSafetensorsHeader(new MemorySource('w', readFileSync(`${folder(name)}/model.safetensors`)))
  const tensors = [...header.tensors].map(([tensor, { shape }]) => ({
    name: rename(tensor),
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  }))
  return openModel([
    new MemorySource('m/config.json', new TextEncoder().encode(JSON.stringify({ ...json(`${folder(name)}/config.json`), ...config }))),
    new MemorySource('m/model.safetensors', writeSafetensors(tensors)),
  ])
}

const inVersion4 = (name: string) =>
  name
    .replace(/^model\.language_model\./, 'language_model.model.')
    .replace(/^lm_head/, 'language_model.lm_head')
    .replace(/^model\.(vision_tower|multi_modal_projector)/, '$1')
/** Qwen's own files have the language model's names, and `visual` beside them. */
const inQwensFiles = (name: string) => name.replace(/^model\.language_model\./, 'model.').replace(/^model\.visual/, 'visual')

it.each([
  ['tiny_gemma3_pictures', inVersion4, 'gemma3_text', 'Gemma3ForCausalLM'],
  ['tiny_mistral3_pictures', inVersion4, 'mistral', 'MistralForCausalLM'],
  ['tiny_qwen2_5_vl', inQwensFiles, 'qwen2', 'Qwen2ForCausalLM'],
])('%s', async (name, older, modelType, architecture) => {
  const [now, before] = [await opened(name, (tensor) => tensor), await opened(name, older)]
  expect([...before.tensors.keys()].sort()).toEqual([...now.tensors.keys()].sort())
  for (const model of [now, before]) {
    expect(() => planBase(model, 'native', 2 ** 31)).not.toThrow()
    expect(sentence(model.leftOut!)).toMatch(/^The model also reads pictures; .* leaves out \d+ tensors$/)
    const source = model.companions!.find((one) => one.name.endsWith('config.json'))!
    const own = JSON.parse(new TextDecoder().decode(await source.read(0, source.sizeBytes))) as Record<string, unknown>
    expect(own).toMatchObject({ model_type: modelType, architectures: [architecture], hidden_size: 16 })
    expect(Object.keys(own).filter((key) => /vision|image|text_config/.test(key))).toEqual([])
  }
})

it('sizes that Google leaves to the class', () => {
  const text = { model_type: 'gemma3_text', hidden_size: 2560, intermediate_size: 10_240, num_hidden_layers: 34, sliding_window: 1024 }
  const given = { model_type: 'gemma3', architectures: ['Gemma3ForConditionalGeneration'], text_config: text, vision_config: {} }
  expect(hfConfig('config.json', given)).toMatchObject({ family: 'gemma3', heads: 8, kvHeads: 4, headDim: 256, vocab: 262_208, tied: true })
})

it.each([
  [true, false, true],
  [false, true, true],
  [undefined, false, false],
  [false, undefined, false],
])('a head that is tied by the whole model (%s) or by its language model (%s)', (outer, inner, tied) => {
  const text = { model_type: 'ministral3', tie_word_embeddings: inner }
  expect(textPart({ architectures: ['Mistral3ForConditionalGeneration'], text_config: text, tie_word_embeddings: outer })).toMatchObject({
    tie_word_embeddings: tied,
  })
})

it('the merged config.json names the defaults that its own class does not have', () => {
  const text = { model_type: 'qwen2_vl_text' }
  const whole = { architectures: ['Qwen2VLForConditionalGeneration'], text_config: text }
  expect(JSON.parse(stringifyJson(ownConfig(whole, text, 'qwen2')))).toMatchObject({
    model_type: 'qwen2',
    rms_norm_eps: 1e-5,
    rope_theta: 1e6,
  })
  expect(ownConfig(whole, { ...text, rope_parameters: { rope_theta: 7 }, rms_norm_eps: 3 }, 'qwen2')).not.toHaveProperty('rope_theta')
})

const ministral = (rope: Record<string, unknown>) =>
  growth(
    hfConfig('config.json', {
      model_type: 'ministral3',
      hidden_size: 16,
      intermediate_size: 16,
      num_hidden_layers: 1,
      num_attention_heads: 8,
      vocab_size: 8,
      ...rope,
    }),
  )

it('queries of Ministral 3 grow as often as its rotary settings say, without YaRN too', () => {
  const settings = { rope_type: 'default', llama_4_scaling_beta: 0.1, original_max_position_embeddings: 16 }
  for (const key of ['rope_parameters', 'rope_scaling']) expect(ministral({ [key]: settings })).toEqual({ beta: 0.1, every: 16 })
  expect(() => ministral({ rope_parameters: { ...settings, original_max_position_embeddings: undefined } })).toThrow(
    'original_max_position_embeddings: expected a positive number',
  )
})
