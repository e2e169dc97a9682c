// Uses adapters that are prompts: compares their logits with PEFT's, writes and reads their files, and decodes after a prefix.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaults } from '../config/field'
import { MemorySource } from '../formats/memory-source'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { llamaAdapter } from '../peft/llama-adapter'
import type { Adapter, Method } from '../peft/method'
import { pTuning } from '../peft/p-tuning'
import { pTuningV2 } from '../peft/p-tuning-v2'
import { prefixTuning } from '../peft/prefix-tuning'
import { release } from '../tensor/program'
import { plainModels } from '../testing/golden-families'
import { type GoldenBatch, largestDifference, loadModel, oracle, present, readFloats, readJson, sourcesOf } from '../testing/golden'
import { readAdapter, writeAdapter } from '../export/adapter'
import { Generator } from '../decode/generate'
import { logitsOf } from '../decode/logits'
import type { LoadedModel } from '../peft/loaded-model'
import { setUpMethod } from './run'

interface Case {
  base_model: string
  batch_a: GoldenBatch
  extra_logit_positions: number
}

const cases: readonly [name: string, method: Method][] = [
  ['prefix_tuning', pTuningV2],
  ['prefix_tuning_projection', prefixTuning],
  ['prefix_tuning_gpt2', pTuningV2],
  ['ptuning_mlp', pTuning],
  ['ptuning_lstm', pTuning],
  ['adaption_prompt', llamaAdapter],
]
const vocab = 128

describe.skipIf(!present(oracle))('prompts in use', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  async function logits(model: LoadedModel, adapter: Adapter, ids: readonly number[]): Promise<Float32Array> {
    const { hooks, parameters } = await setUpMethod(gpu.profile, model, adapter.method, adapter.settings, { initial: adapter.tensors })
    return logitsOf(gpu, model.plan, hooks, parameters, ids)
  }

  /** The answer of a greedy decoder without a cache, which computes everything again for every token. */
  async function recomputed(model: LoadedModel, adapter: Adapter, prompt: readonly number[], tokens: number): Promise<number[]> {
    const ids = [...prompt]
    while (ids.length < prompt.length + tokens) {
      const last = (await logits(model, adapter, ids)).subarray(-vocab)
      ids.push(last.indexOf(Math.max(...last)))
    }
    return ids.slice(prompt.length)
  }

  test.each(cases)('%s', { timeout: 120_000 }, async (name, method) => {
    const folder = join(oracle, 'methods', name)
    const golden = readJson<Case>(join(folder, 'case.json'))
    const model = await loadModel(gpu, join(folder, golden.base_model), 'f32')
    const adapter = await readAdapter(sourcesOf(join(folder, 'init')), model.base)
    expect(adapter.method.name).toBe(method.name)

    const ids = golden.batch_a.input_ids[0]
    const want = (await readFloats(join(folder, 'expected.safetensors')))
      .get('logits')!
      .values.subarray(golden.extra_logit_positions * vocab)
      .subarray(0, ids.length * vocab)
    const got = await logits(model, adapter, ids)
    expect(largestDifference(got, want)).toBeLessThan(1e-4)

    const files = (await writeAdapter(adapter, model.base)).map(({ path, bytes }) => new MemorySource(path, bytes))
    expect(files.some((f) => f.name === 'trainable.safetensors')).toBe(/ptuning|projection/.test(name))
    const again = await readAdapter(files, model.base)
    expect([...again.tensors]).toEqual([...adapter.tensors])
    expect(again.settings).toEqual(adapter.settings)
    expect(await logits(model, again, ids)).toEqual(got)

    const peftOnly = await readAdapter(
      files.filter((f) => !['trainable.safetensors', 'tabtune.json'].includes(f.name)),
      model.base,
    )
    const kept = await readFloats(join(folder, 'init', 'adapter_model.safetensors'))
    for (const [key, t] of kept) expect(largestDifference(peftOnly.tensors.get(key)!.values, t.values), key).toBeLessThan(1e-6)
    expect(await logits(model, peftOnly, ids)).toEqual(got)

    const { hooks, parameters } = await setUpMethod(gpu.profile, model, adapter.method, adapter.settings, { initial: adapter.tensors })
    const generator = new Generator(gpu, model.plan, [{ hooks, parameters, rows: 2 }], 128)
    await generator.prepare()
    const prompt = ids.slice(0, 7)
    const ask = { maxTokens: 6, temperature: 0, seed: 0, stop: [] }
    const said = await generator.generate([{ ...ask, prompt }])
    expect(said).toMatchObject([{ ids: await recomputed(model, adapter, prompt, 6), complete: false }])
    // The second row has another prompt, a shorter one, and ends before the first.
    const both = await generator.generate([
      { ...ask, prompt },
      { ...ask, prompt: prompt.slice(0, 4), maxTokens: 2 },
    ])
    expect(both[0]).toEqual(said[0])
    expect(both[1].ids).toEqual(await recomputed(model, adapter, prompt.slice(0, 4), 2))
    generator.release()
    release(gpu, model.plan.slots)
  })

  test.each(plainModels)('LLaMA-Adapter starts out as %s', { timeout: 60_000 }, async (name) => {
    const model = await loadModel(gpu, join(oracle, name), 'f32')
    const { hooks, parameters } = await setUpMethod(gpu.profile, model, llamaAdapter, defaults(llamaAdapter.fields), {})
    const ids = [5, 9, 77, 3, 20]
    expect(await logitsOf(gpu, model.plan, hooks, parameters, ids)).toEqual(await logitsOf(gpu, model.plan, {}, undefined, ids))
    release(gpu, model.plan.slots)
  })
})
