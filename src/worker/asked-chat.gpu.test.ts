// Several turns: every model continues with its own answers, and what is in its cache from earlier prompts does not change a bit of them.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { defaultDataOptions } from '../config/data-options'
import { sentence } from '../config/phrase'
import { memoryFolders } from '../testing/memory-folder'
import { noTunings } from '../testing/no-tunings'
import { oneDeviceGpu } from '../testing/one-device'
import { directRenderer } from '../tokenizer/template-renderer'
import type { GenerateRequest, Result } from './api'
import { Engine } from './engine'

const demo = resolve(import.meta.dirname, '../../public/demo')
const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']

async function unwrapped<T>(result: Promise<Result<T>>): Promise<T> {
  const got = await result
  if (!got.ok) throw new Error(sentence(got.error.phrase))
  return got.value
}

async function opened(): Promise<Engine> {
  const engine = new Engine({ gpu: await oneDeviceGpu(), renderer: directRenderer, tunings: noTunings, folders: memoryFolders() })
  const files = names.map((name) => ({ path: `demo/${name}`, file: new File([new Uint8Array(readFileSync(join(demo, name)))], name) }))
  await unwrapped(engine.loadModel(files, 'native', () => undefined))
  return engine
}

const long = Array.from({ length: 8 }, (_, i) => `There was a cat and it saw ${i} red doors.`).join(' ')
const common = { asPrompt: true, maxTokens: 8, seed: 0, runIds: [undefined] }
const ask = (engine: Engine, request: Partial<GenerateRequest> & { prompt: string }) =>
  unwrapped(engine.generate({ ...common, ...request }, () => undefined))

test('an answer after two turns is that of a fresh engine, with the turns before it in the cache', { timeout: 120_000 }, async () => {
  const engine = await opened()
  const [first] = await ask(engine, { prompt: long })
  expect(first.cachedTokens).toBe(0)
  const next = { prompt: ' Then the dog', earlier: [[{ prompt: long, answer: first.text }]] }
  const [second] = await ask(engine, next)
  // Whole pieces of 64 tokens, without the one that has the last token of the first prompt.
  expect(second.cachedTokens).toBe(64 * Math.floor((first.promptTokens - 1) / 64))
  expect(second.cachedTokens).toBeGreaterThan(64)
  const [fresh] = await ask(await opened(), next)
  expect(fresh).toMatchObject({ cachedTokens: 0, promptTokens: second.promptTokens, text: second.text, pieces: second.pieces })
  expect(second.promptTokens).toBeGreaterThan(first.promptTokens + first.tokens)
  // Another beginning shares nothing, and an edited end shares what is in front of it.
  const [other] = await ask(engine, { prompt: `The ${long}` })
  expect(other.cachedTokens).toBe(0)
  const [edited] = await ask(engine, { prompt: `The ${long} So` })
  expect(edited.cachedTokens).toBe(64 * Math.floor((other.promptTokens - 1) / 64))
  const [again] = await ask(await opened(), { prompt: `The ${long} So` })
  expect(edited.pieces).toEqual(again.pieces)
})

test('each model gets its own turns; stop texts, lengths and the reason why a prompt is too long', { timeout: 120_000 }, async () => {
  const engine = await opened()
  const runIds = [undefined, undefined]
  const earlier = [[{ prompt: 'Once', answer: ' upon a time' }], [{ prompt: 'Once', answer: ' more, the little' }]]
  const request = { prompt: ' there was', earlier, runIds }
  const both = await ask(engine, request)
  for (const [at, turns] of earlier.entries()) {
    const [alone] = await ask(engine, { prompt: ' there was', earlier: [turns] })
    expect(alone.text).toBe(both[at].text)
  }
  expect(both[0].text).not.toBe(both[1].text)
  const joined = await ask(engine, { prompt: 'Once upon a time there was' })
  expect(joined[0]).toMatchObject({ text: both[0].text, promptTokens: both[0].promptTokens, asked: { form: 'raw' } })
  expect(joined[0].pieces!.alternatives!.map(([{ probability }]) => probability)).toEqual(joined[0].pieces!.probabilities)

  const stop = joined[0].text.slice(4, 6)
  const [stopped] = await ask(engine, { prompt: 'Once upon a time there was', stops: [stop] })
  const kept = joined[0].text.slice(0, joined[0].text.indexOf(stop))
  expect(stopped).toMatchObject({ text: kept, complete: true })
  expect(stopped.pieces!.lengths.reduce((sum, length) => sum + length, 0)).toBe(kept.length)

  const lengths = await unwrapped(engine.promptLengths({ asPrompt: true, ...request }))
  expect(lengths.map(({ tokens }) => tokens)).toEqual(both.map(({ promptTokens }) => promptTokens))
  const data = '{"prompt": "Once upon a time there was", "completion": " a cat"}'
  const file = { path: 'rows.jsonl', file: new File([data], 'rows.jsonl') }
  await unwrapped(engine.loadData(file, file, { ...defaultDataOptions, separator: '' }, 64, () => undefined))
  const row = await unwrapped(engine.heldOutRow(7, 64))
  expect(row).toEqual({ at: 0, line: 1, prompt: 'Once upon a time there was', expected: 'a cat' })
  const [tooLong] = await unwrapped(engine.promptLengths({ asPrompt: true, runIds: [undefined], prompt: long.repeat(9) }))
  expect(sentence(tooLong.problem!)).toMatch(/^The conversation has \d+ tokens; this model takes at most \d+\. Begin a new one/)
})
