import { expect, it } from 'vitest'
import { MemorySource } from '../formats/memory-source'
import { randomModel } from '../models/random-model'
import { modelFolder } from './model-folder'

const shape = { family: 'gemma2', layers: 1, hidden: 8, intermediate: 8, heads: 2, vocab: 8, context: 16 }

async function configOf(companion: string | undefined, tied = true): Promise<string> {
  const companions = companion === undefined ? [] : [new MemorySource('config.json', new TextEncoder().encode(companion))]
  const files = await modelFolder({ ...randomModel('m', { ...shape, tied }), companions }, 'bf16', [])
  return new TextDecoder().decode(files.find((f) => f.path === 'config.json')!.bytes)
}

it('numbers of config.json stay as they were written, because transformers refuses 30 instead of 30.0', async () => {
  const given = '{"final_logit_softcapping": 30.0, "rms_norm_eps": 1e-06, "rope_scaling": {"factor": 8.0}, "dtype": "float32"}'
  expect(await configOf(given)).toBe(
    '{\n  "final_logit_softcapping": 30.0,\n  "rms_norm_eps": 1e-06,\n  "rope_scaling": {"factor":8.0},\n  "vocab_size": 8,\n  "torch_dtype": "bfloat16"\n}\n',
  )
})

it('numbers that transformers reads as floats are written as floats if there was no config.json', async () => {
  const made = await configOf(undefined)
  for (const line of ['"attn_logit_softcapping": 50.0', '"final_logit_softcapping": 30.0', '"rope_theta": 10000.0'])
    expect(made).toContain(line)
  expect(made).toContain('"query_pre_attn_scalar": 4,')
})

it('two tables that differ are never declared tied', async () => {
  const given = '{"tie_word_embeddings": true}'
  expect(await configOf(given)).toContain('"tie_word_embeddings": true')
  expect(await configOf(given, false)).toContain('"tie_word_embeddings": false')
})

it('biases of a GGUF file are named, because a config.json without the key means none', async () => {
  const written = async (bare: boolean) => {
    const file = { ...randomModel('m', { ...shape, family: 'llama' }, { bare }), companions: [] }
    const config = (await modelFolder(file, 'f32', [])).find((f) => f.path === 'config.json')!
    return JSON.parse(new TextDecoder().decode(config.bytes)) as Record<string, unknown>
  }
  expect(await written(false)).toMatchObject({ attention_bias: true, mlp_bias: true })
  expect(Object.keys(await written(true)).filter((key) => key.endsWith('_bias'))).toEqual([])
})
