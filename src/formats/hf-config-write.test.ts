import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { oracle, present, sourcesOf } from '../testing/golden'
import { stringifyJson } from '../config/exact-json'
import { hfConfig } from './hf-config'
import { hfConfigJson } from './hf-config-write'
import { openModel } from './open-model'

describe.skipIf(!present(oracle))('config.json made from what GGUF says', () => {
  it.each(['llama', 'llama_tied', 'llama3_rope', 'qwen2', 'qwen3'])('%s reads back as it was', async (name) => {
    const model = await openModel(sourcesOf(join(oracle, name)))
    const { config } = model
    const json = JSON.parse(stringifyJson(hfConfigJson(model))) as Record<string, unknown>
    expect({ ...hfConfig('config.json', json), raw: {} }).toEqual({ ...config, raw: {} })
    for (const key of ['architectures', 'bos_token_id', 'eos_token_id']) expect(json[key], key).toEqual(config.raw[key])
  })

  it('refuses unknown rotary factors', async () => {
    const model = await openModel(sourcesOf(join(oracle, 'llama')))
    const { config } = model
    const ropeFactors = Array.from({ length: config.headDim / 2 }, (_, i) => 1 + i)
    expect(() => hfConfigJson({ ...model, config: { ...config, ropeFactors } })).toThrow(
      /expected Llama 3's rotary scaling or a linear one/,
    )
  })
})
