// Names of a tower or a block among LoRA's target modules.
import { expect, test } from 'vitest'
import { defaults } from '../config/field'
import { hfConfig } from '../formats/hf-config'
import { planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { methodBase } from './base'
import { lora } from './lora'
import { loraSites, rankFields } from './lora-sites'

const tower = { hidden_size: 32, intermediate_size: 32, num_hidden_layers: 2, num_attention_heads: 2 }
const towers = {
  architectures: ['CLIPModel'],
  model_type: 'clip',
  projection_dim: 16,
  text_config: { ...tower, vocab_size: 24, max_position_embeddings: 12, bos_token_id: 22, eos_token_id: 23 },
  vision_config: { ...tower, image_size: 16, patch_size: 8 },
}
const base = methodBase(planBase(randomModel('pairs', hfConfig('config.json', towers)), 'f32', 2 ** 27), undefined)
const layers = ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'self_attn.out_proj', 'mlp.fc1', 'mlp.fc2']
const inside = (block: string) => layers.map((layer) => `${block}.${layer}`)
const blocksOf = (name: string) => [0, 1].flatMap((n) => inside(`${name}.encoder.layers.${n}`))

test.each([
  ['vision_model', blocksOf('vision_model')],
  ['text_model', blocksOf('text_model')],
  ['text_model.encoder.layers.1, vision_model', [...inside('text_model.encoder.layers.1'), ...blocksOf('vision_model')]],
])('LoRA on %s: these layers and no others, by name in the file', (targetModules, want) => {
  const settings = { ...defaults(rankFields), targetModules }
  expect(
    loraSites(base, settings)
      .map(({ site }) => site)
      .sort(),
  ).toEqual([...want].sort())
  expect([...(lora.toConfig({ ...defaults(lora.fields), targetModules }, base).target_modules as string[])].sort()).toEqual(
    [...want].sort(),
  )
})

test('part of a name is refused, with the names that there are', () => {
  expect(() => loraSites(base, { ...defaults(rankFields), targetModules: 'vision' })).toThrow('got vision. Correct the list.')
})
