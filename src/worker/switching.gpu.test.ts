// The page talks to the base and to any kept adapter in turn: the base stays where it is on the GPU.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { sentence } from '../config/phrase'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import { Gpu } from '../gpu/gpu'
import { planBase } from '../models/base-model'
import { methodNamed } from '../peft/registry'
import { parseSettings } from '../config/field'
import { memoryFolders } from '../testing/memory-folder'
import { noTunings } from '../testing/no-tunings'
import { oneDeviceGpu } from '../testing/one-device'
import { normals } from '../testing/random'
import { directRenderer } from '../tokenizer/template-renderer'
import { writeAdapter } from '../export/adapter'
import { methodBase } from '../peft/base'
import { setUpMethod } from '../train/run'
import type { Result } from './api'
import { Engine } from './engine'

const demo = resolve(import.meta.dirname, '../../public/demo')
const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(demo, name)))

async function unwrapped<T>(result: Promise<Result<T>>): Promise<T> {
  const got = await result
  if (!got.ok) throw new Error(sentence(got.error.phrase))
  return got.value
}

/** Files of an adapter with random values. */
async function adapterFiles(gpu: Gpu, name: string, seed: number) {
  const file = await openModel(names.map((n) => new MemorySource(`demo/${n}`, bytesOf(n))))
  const plan = planBase(file, 'native', gpu.profile.maxBindingBytes)
  const base = methodBase(plan, undefined)
  const method = methodNamed(name)
  const settings = parseSettings(name, method.fields, {})
  const { parameters } = await setUpMethod(gpu.profile, { file, plan, base, tokenizer: undefined }, method, settings, {})
  const tensors = parameters.names.map((key, i) => {
    const shape = parameters.shape(key)
    const values = normals(
      seed + i,
      shape.reduce((a, b) => a * b, 1),
      0.1,
    )
    return [key, { shape, values }] as const
  })
  return { files: await writeAdapter({ method, settings, tensors: new Map(tensors) }, base) }
}

afterEach(() => vi.restoreAllMocks())

test('switching between the base and kept adapters allocates no weight buffer and leaves none', { timeout: 300_000 }, async () => {
  const made: string[] = []
  const whole = Gpu.prototype.buffer
  vi.spyOn(Gpu.prototype, 'buffer').mockImplementation(function (this: Gpu, label, ...rest) {
    made.push(label)
    return whole.call(this, label, ...rest)
  })
  const webgpu = await oneDeviceGpu()
  const planning = await Gpu.open(webgpu)
  const [loraFiles, iaFiles] = [await adapterFiles(planning, 'lora', 300), await adapterFiles(planning, 'ia3', 500)]
  planning.destroy()
  made.length = 0

  const engine = new Engine({ gpu: webgpu, renderer: directRenderer, tunings: noTunings, folders: memoryFolders() })
  const files = names.map((name) => ({ path: `demo/${name}`, file: new File([bytesOf(name)], name) }))
  await unwrapped(engine.loadModel(files, 'native', () => undefined))
  const weights = new Set(made)
  expect([...weights].filter((label) => label.endsWith('.weight')).length).toBeGreaterThan(10)
  await unwrapped(engine.restoreAdapter('lora', loraFiles))
  await unwrapped(engine.restoreAdapter('ia3', iaFiles))
  made.length = 0

  const say = async (runId: string | undefined) => {
    const request = { runIds: [runId], prompt: 'There is a game', maxTokens: 6, temperature: 0, seed: 0, asPrompt: false }
    return (await unwrapped(engine.generate(request, () => undefined)))[0].text
  }
  const first = [await say(undefined), await say('lora'), await say('ia3')]
  expect(new Set(first).size).toBe(3)
  expect([await say('lora'), await say(undefined), await say('ia3')]).toEqual([first[1], first[0], first[2]])
  // All at once, from one program: the same answers, and each text goes to its own place.
  const told: string[] = []
  const runIds = ['ia3', undefined, 'lora']
  const together = await unwrapped(
    engine.generate({ runIds, prompt: 'There is a game', maxTokens: 6, temperature: 0, seed: 0, asPrompt: false }, (text, at) => {
      told[at] = text
    }),
  )
  expect(together.map(({ text }) => text)).toEqual([first[2], first[0], first[1]])
  expect(told).toEqual(together.map(({ text }) => text))
  expect(made.length).toBeGreaterThan(0)
  expect(made.filter((label) => weights.has(label) && label !== 'readback')).toEqual([])
})
