// A merged model computes what the model with its adapter does: against PEFT's logits, and for a quantised base against our own.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BaseFormat } from '../config/run-config'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { loadBase, planBase } from '../models/base-model'
import { release } from '../tensor/program'
import {
  type GoldenBatch,
  goldenFolder,
  largestDifference,
  loadModel,
  oracle,
  present,
  readFloats,
  readJson,
  sourcesOf,
} from '../testing/golden'
import { ggufOf } from '../testing/gguf-from-folder'
import type { Adapter } from '../peft/method'
import { readAdapter } from './adapter'
import { methodBase } from '../peft/base'
import { logitsOf } from '../decode/logits'
import { type StreamedFile, mergedFolder } from './merge'
import { mergedGguf } from './merge-gguf'
import type { LoadedModel } from '../peft/loaded-model'
import { setUpMethod } from '../train/run'

interface Case {
  base_model: string
  batch_a: GoldenBatch
}

async function collected(files: readonly StreamedFile[]): Promise<MemorySource[]> {
  const out: MemorySource[] = []
  for (const file of files) {
    const bytes = new Uint8Array(file.sizeBytes)
    let at = 0
    for await (const chunk of file.chunks()) {
      bytes.set(chunk, at)
      at += chunk.length
    }
    expect(at, file.path).toBe(file.sizeBytes)
    out.push(new MemorySource(`merged/${file.path}`, bytes))
  }
  return out
}

describe.skipIf(!present(oracle))('merging', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  async function logitsOfSources(sources: readonly MemorySource[], ids: readonly number[]): Promise<Float32Array> {
    const file = await openModel(sources)
    const plan = planBase(file, 'native', gpu.profile.maxBindingBytes)
    await loadBase(gpu, plan)
    const logits = await logitsOf(gpu, plan, {}, undefined, ids)
    release(gpu, plan.slots)
    return logits
  }

  async function opened(
    name: string,
    base: BaseFormat,
  ): Promise<{ model: LoadedModel; adapter: Adapter; golden: Case; folder: string; ids: number[] }> {
    const folder = goldenFolder(`methods/${name}`)
    const golden = readJson<Case>(join(folder, 'case.json'))
    const model = await loadModel(gpu, join(folder, golden.base_model), base)
    const adapter = await readAdapter(sourcesOf(join(folder, 'init')), model.base, true)
    const { input_ids: all, attention_mask: mask } = golden.batch_a
    return {
      model,
      adapter,
      golden,
      folder,
      ids: all[0].slice(
        0,
        mask[0].reduce((a, b) => a + b, 0),
      ),
    }
  }

  const cases = [
    'lora_all_linear',
    'lora_rslora',
    'lora_rank_pattern',
    'lora_qwen2',
    'lora_gpt2',
    'lora_embedding_target',
    'lora_modules_to_save',
    'lora_dora',
    'ia3',
    'ia3_gpt2',
    'tiny_ln_tuning',
    'bitfit_qwen2',
    'last_n_layers',
  ]

  test.each(cases)("%s: PEFT's logits, and without the merge others", { timeout: 60_000 }, async (name) => {
    const { model, adapter, folder, ids } = await opened(name, 'f32')
    const before = await logitsOf(gpu, model.plan, {}, undefined, ids)
    release(gpu, model.plan.slots)
    const want = (await readFloats(join(folder, 'expected.safetensors')))
      .get('logits')!
      .values.subarray(0, ids.length * model.file.config.vocab)
    const merged = await collected(await mergedFolder(model, adapter, 'f32'))
    expect(largestDifference(await logitsOfSources(merged, ids), want)).toBeLessThan(name.includes('gpt2') ? 2e-4 : 1e-4)
    // These two start as the base is.
    if (name !== 'bitfit_qwen2' && name !== 'last_n_layers') expect(largestDifference(before, want)).toBeGreaterThan(1e-3)
  })

  test.each(['nf4-dq', 'native'] as const)(
    'LoRA on a base with precision %s: merged and separate logits are equal',
    { timeout: 60_000 },
    async (base) => {
      const { model, adapter, ids } = await opened('lora_all_linear', base)
      const { hooks, parameters } = await setUpMethod(gpu.profile, model, adapter.method, adapter.settings, { initial: adapter.tensors })
      const apart = await logitsOf(gpu, model.plan, hooks, parameters, ids)
      const merged = await collected(await mergedFolder({ ...model, held: { gpu, model } }, adapter, 'f32'))
      release(gpu, model.plan.slots)
      expect(largestDifference(await logitsOfSources(merged, ids), apart)).toBeLessThan(1e-4)
    },
  )

  test.each(['f16', 'bf16'] as const)('%s: the weights rounded, nothing else', { timeout: 60_000 }, async (dtype) => {
    const { model, adapter, ids, folder } = await opened('lora_all_linear', 'f32')
    release(gpu, model.plan.slots)
    const merged = await collected(await mergedFolder(model, adapter, dtype))
    const want = (await readFloats(join(folder, 'expected.safetensors')))
      .get('logits')!
      .values.subarray(0, ids.length * model.file.config.vocab)
    const scale = Math.max(...want.map(Math.abs))
    const difference = largestDifference(await logitsOfSources(merged, ids), want)
    expect(difference).toBeGreaterThan(1e-6)
    expect(difference / scale).toBeLessThan(dtype === 'f16' ? 5e-3 : 4e-2)
    const config = JSON.parse(
      new TextDecoder().decode(
        await merged.find((f) => f.name.endsWith('/config.json'))!.read(0, merged.find((f) => f.name.endsWith('/config.json'))!.sizeBytes),
      ),
    ) as Record<string, unknown>
    expect(config.torch_dtype).toBe(dtype === 'f16' ? 'float16' : 'bfloat16')
  })

  // GPT-2's Conv1D, Gemma's norms that count from 1, Llama's permuted rows.
  test.each([
    ['lora_all_linear', 'llama'],
    ['ia3', 'llama'],
    ['lora_gemma3', 'gemma3'],
    ['ia3_gpt2', 'gpt2'],
    ['bitfit_gpt2', 'gpt2'],
    ['tiny_ln_tuning', 'tiny_gpt2'],
  ])('%s into GGUF: the same model in F16', { timeout: 60_000 }, async (name, base) => {
    const folder = goldenFolder(`methods/${name}`)
    const file = await openModel([new MemorySource('base.gguf', await ggufOf(await openModel(sourcesOf(goldenFolder(base)))))])
    const plan = planBase(file, 'native', gpu.profile.maxBindingBytes)
    const source = { file, base: methodBase(plan, undefined) }
    const adapter = await readAdapter(sourcesOf(join(folder, 'init')), source.base)
    const { input_ids: all, attention_mask: mask } = readJson<Case>(join(folder, 'case.json')).batch_a
    const ids = all[0].slice(
      0,
      mask[0].reduce((a, b) => a + b, 0),
    )
    const want = (await readFloats(join(folder, 'expected.safetensors'))).get('logits')!.values.subarray(0, ids.length * file.config.vocab)
    const [merged] = await collected([await mergedGguf(source, adapter)])
    const written = await openModel([merged])
    expect(
      new Set([...written.tensors.values()].filter((t) => t.shape.length === 2 && !t.name.includes('wpe')).map((t) => t.format)),
    ).toEqual(new Set(['f16']))
    const { metadata } = written.gguf!.header
    expect({ ...metadata, 'general.file_type': undefined }).toEqual({ ...file.gguf!.header.metadata, 'general.file_type': undefined })
    const scale = Math.max(...want.map(Math.abs))
    expect(largestDifference(await logitsOfSources([merged], ids), want) / scale).toBeLessThan(5e-3)
    if (name !== 'lora_all_linear') return
    const [small] = await collected([await mergedGguf(source, adapter, 'q8_0')])
    const formats = [...(await openModel([small])).tensors.values()].filter((t) => t.shape.length === 2).map((t) => t.format)
    // One of its matrices has rows that are no multiple of 32.
    expect(new Set(formats)).toEqual(new Set(['q8_0', 'f16']))
    expect(largestDifference(await logitsOfSources([small], ids), want) / scale).toBeLessThan(4e-2)
  })

  test('adapters that cannot be merged are refused with a sentence', async () => {
    const prompt = await opened('prompt_tuning_random', 'f32')
    await expect(mergedFolder(prompt.model, prompt.adapter, 'f32')).rejects.toThrow(
      /expected a method that changes weights, got Prompt tuning/,
    )
    release(gpu, prompt.model.plan.slots)
  })
})
