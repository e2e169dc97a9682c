// An adapter that adds tokens merged into its base: tables and vocabulary grow, and the model says what it said with the adapter.
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseSettings } from '../config/field'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { loadBase, planBase } from '../models/base-model'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { largestDifference, present, shared, sourcesOf } from '../testing/golden'
import { normals } from '../testing/random'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import { methodBase } from '../peft/base'
import { logitsOf } from '../decode/logits'
import { type StreamedFile, mergedFolder } from './merge'
import { mergedGguf } from './merge-gguf'
import { tokensOf, withNewTokens } from '../peft/new-tokens'
import type { LoadedModel } from '../peft/loaded-model'
import { setUpMethod } from '../train/run'

const demo = resolve(import.meta.dirname, '../../public/demo')
const q8 = join(shared, 'models', 'TinyStories-656K-gguf', 'TinyStories-656K.q8_0.gguf')
const text = 'Once upon<hero> a time<town>'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

async function loaded(sources: readonly MemorySource[], base: 'native' | 'nf4-dq' = 'native'): Promise<LoadedModel> {
  const file = await openModel(sources)
  const plan = planBase(file, base, gpu.profile.maxBindingBytes)
  const tokenizer = createTokenizer(file.tokenizer!, file.config.vocab, file.special)
  await loadBase(gpu, plan)
  return { file, plan, base: methodBase(plan, tokenizer), tokenizer }
}

async function collected(files: readonly StreamedFile[]): Promise<MemorySource[]> {
  return Promise.all(
    files.map(async (file) => {
      const bytes = new Uint8Array(file.sizeBytes)
      let at = 0
      for await (const chunk of file.chunks()) {
        bytes.set(chunk, at)
        at += chunk.length
      }
      expect(at, file.path).toBe(file.sizeBytes)
      return new MemorySource(`merged/${file.path}`, bytes)
    }),
  )
}

test.each([
  [demo, 'native', 'folder'],
  [demo, 'nf4-dq', 'folder'],
  [demo, 'native', 'gguf'],
  [q8, 'native', 'gguf'],
  [q8, 'native', 'folder'],
] as const)('%s with base precision %s into a %s', { timeout: 300_000 }, async (path, base, form) => {
  if (!present(path)) return
  const model = await loaded(sourcesOf(path), base)
  const method = methodNamed('lora')
  const settings = parseSettings('lora', method.fields, { newTokens: '<hero>, <town>', tokenIds: '7, 5' })
  const drawn = await setUpMethod(gpu.profile, model, method, settings, {})
  const tensors = drawn.parameters.names.map((key, i) => {
    const shape = drawn.parameters.shape(key)
    return [key, { shape, values: normals(900 + i, shape[0] * shape[1], 0.1) }] as const
  })
  const adapter = { method, settings, tensors: new Map(tensors) }
  const ids = withNewTokens(model, tokensOf(adapter)).tokenizer!.encode(text, { addSpecial: true })
  const { hooks, parameters } = await setUpMethod(gpu.profile, model, method, settings, { initial: adapter.tensors })
  const want = await logitsOf(gpu, model.plan, hooks, parameters, ids)
  const source = base === 'nf4-dq' ? { ...model, held: { gpu, model } } : model
  const merged = await collected(form === 'gguf' ? [await mergedGguf(source, adapter)] : await mergedFolder(source, adapter, 'f32'))
  release(gpu, model.plan.slots)

  const whole = await loaded(merged)
  expect(whole.file.config.vocab).toBe(model.file.config.vocab + 2)
  expect(whole.tokenizer!.encode(text, { addSpecial: true })).toEqual(ids)
  const got = await logitsOf(gpu, whole.plan, {}, undefined, ids)
  release(gpu, whole.plan.slots)
  expect(got.length).toBe(want.length)
  const scale = Math.max(...want.map(Math.abs))
  expect(largestDifference(got, want) / scale).toBeLessThan(form === 'gguf' ? 5e-3 : 1e-5)
})
