// config.json and the tensors of models that see pictures.
import { describe, expect, it, test } from 'vitest'
import { messageOf } from '../config/errors'
import { planBase } from '../models/base-model'
import { modelOfConfig } from '../models/model-of-config'
import { randomModel } from '../models/random-model'
import { hfConfig } from './hf-config'
import { floatPieces } from './load-weights'
import { MemorySource } from './memory-source'
import { type TensorEntry, rowsAndCols } from './model-file'
import { hasClasses, withClasses } from './new-classes'
import { openModel } from './open-model'
import { writeSafetensors } from './safetensors'

const json = {
  architectures: ['ViTForImageClassification'],
  model_type: 'vit',
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  image_size: 8,
  patch_size: 4,
  id2label: { 0: 'cat', 1: 'dog', 2: 'owl' },
}
const config = hfConfig('config.json', json)

const text = (name: string, value: unknown) => new MemorySource(name, new TextEncoder().encode(JSON.stringify(value)))

async function valuesOf(entry: TensorEntry): Promise<Float32Array> {
  const [rows, cols] = rowsAndCols(entry.shape)
  const all = new Float32Array(rows * cols)
  for await (const { start, values } of floatPieces(entry, { rowStart: 0, rows, cols })) all.set(values, start * cols)
  return all
}

/** A folder with random weights under names that `named` changes; undefined leaves a tensor out. */
async function folder(named: (name: string) => string | undefined, settings: object = json): Promise<MemorySource[]> {
  const { tensors } = randomModel('made', config)
  const data = []
  for (const [name, entry] of tensors) {
    const other = named(name)
    if (other !== undefined) data.push({ name: other, shape: entry.shape, data: await valuesOf(entry) })
  }
  return [text('made/config.json', settings), new MemorySource('made/model.safetensors', writeSafetensors(data))]
}

/** The names that transformers 5 has in memory. */
const newer = (name: string) =>
  name
    .replace('encoder.layer.', 'layers.')
    .replace('attention.attention.query', 'attention.q_proj')
    .replace('attention.attention.key', 'attention.k_proj')
    .replace('attention.attention.value', 'attention.v_proj')
    .replace('attention.output.dense', 'attention.o_proj')
    .replace('intermediate.dense', 'mlp.fc1')
    .replace('output.dense', 'mlp.fc2')

it('has the sizes and classes of config.json, and a position for [CLS] and each patch', () => {
  expect(config).toMatchObject({ family: 'vit', vocab: 3, context: 5, headDim: 4, normEpsilon: 1e-12 })
  expect(config.vision).toEqual({ channels: 3, height: 8, width: 8, patch: 4, classes: ['cat', 'dog', 'owl'] })
})

it('has two classes, pictures of 224 and patches of 16 if config.json does not say, as transformers does', () => {
  const { id2label: _, image_size: _size, patch_size: _patch, ...rest } = json
  expect(hfConfig('config.json', rest).vision).toMatchObject({ height: 224, width: 224, patch: 16, classes: ['LABEL_0', 'LABEL_1'] })
})

test.each([
  [{ architectures: ['ViTForMaskedImageModeling'] }, /ViTForImageClassification.+ViTForMaskedImageModeling/],
  [{ patch_size: 3 }, /square patches that fill a picture, got patches of 3 × 3 in pictures of 8 × 8/],
  [{ patch_size: [4, 2] }, /patches of 4 × 2/],
  [{ image_size: 'large' }, /image_size: expected a number of pixels/],
  [{ num_channels: 1 }, /num_channels: expected 3/],
  [{ id2label: { 1: 'dog' } }, /id2label: expected a name for each class from 0 on/],
  [{ hidden_act: 'quick_gelu' }, /expected the activation gelu of vit models, got quick_gelu/],
  [{ qkv_bias: 'false' }, /qkv_bias: expected true or false, got "false"/],
  [{ num_attention_heads: 3 }, /hidden_size \/ num_attention_heads/],
])('refuses %j by name', (change, sentence) => {
  expect(() => hfConfig('config.json', { ...json, ...change })).toThrow(sentence)
})

describe('a folder', () => {
  it('is read by the names of transformers 4 and 5, whole or bare', async () => {
    const usual = await openModel(await folder((name) => name), { pictures: true })
    for (const named of [newer, (name: string) => newer(name).replace(/^vit\./, '')]) {
      const other = await openModel(await folder(named), { pictures: true })
      expect([...other.tensors.keys()].sort()).toEqual([...usual.tensors.keys()].sort())
      for (const [name, entry] of usual.tensors) expect(await valuesOf(other.tensors.get(name)!), name).toEqual(await valuesOf(entry))
      planBase(other, 'f32', 2 ** 27)
    }
  })

  it.each(['classifier.weight', 'vit.encoder.layer.1.attention.attention.key.bias', 'vit.embeddings.cls_token'])(
    'without %s is refused, not filled with random numbers',
    async (missing) => {
      const model = await openModel(await folder((name) => (name === missing ? undefined : name)), { pictures: true })
      expect(() => planBase(model, 'f32', 2 ** 27)).toThrow(missing)
    },
  )

  it('may lack biases of queries, keys and values only if config.json says so', async () => {
    const unbiased = (name: string) => (/(query|key|value)\.bias$/.test(name) ? undefined : name)
    const files = await folder(unbiased, { ...json, qkv_bias: false })
    expect(planBase(await openModel(files, { pictures: true }), 'f32', 2 ** 27).parameters).toBeGreaterThan(0)
  })

  it('is refused by name where a language model is opened', async () => {
    const said = await openModel(await folder((name) => name)).catch(messageOf)
    expect(said).toMatch(/^made: expected a language model, got a model of the ViT family, which sorts pictures into classes\./)
    expect(await modelOfConfig(text('made/config.json', json)).catch(messageOf)).toMatch(
      /expected a language model, got a model of the ViT family/,
    )
  })
})

describe('other classes', () => {
  const model = { ...randomModel('made', config), config }

  it('give the model a new head, which is zero', async () => {
    const other = withClasses(model, ['boot', 'coat'])
    expect(other.config).toMatchObject({ vocab: 2, vision: { classes: ['boot', 'coat'] } })
    planBase(other, 'f32', 2 ** 27)
    for (const name of ['classifier.weight', 'classifier.bias'])
      expect((await valuesOf(other.tensors.get(name)!)).every((value) => value === 0)).toBe(true)
  })

  it('leave its head if they are its own', () => {
    expect(withClasses(model, ['cat', 'dog', 'owl']).tensors).toBe(model.tensors)
    expect(hasClasses(['cat', 'dog', 'owl'], ['dog', 'cat', 'owl'])).toBe(false)
    expect(hasClasses(['LABEL_0', 'LABEL_1'], ['dog', 'cat'])).toBe(true)
    expect(() => withClasses(model, ['cat'])).toThrow(/expected at least two names, got 1/)
  })
})
