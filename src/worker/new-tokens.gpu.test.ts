// New tokens on the page's way: the run reads the data again with them, the adapter goes out and comes back with its tokenizer, and is talked to.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { sentence } from '../config/phrase'
import { parseSettings } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { methodNamed } from '../peft/registry'
import { memoryFolders } from '../testing/memory-folder'
import { noTunings } from '../testing/no-tunings'
import { saying } from '../testing/saying'
import { oneDeviceGpu } from '../testing/one-device'
import { directRenderer } from '../tokenizer/template-renderer'
import type { Result } from './api'
import { Engine } from './engine'

const demo = resolve(import.meta.dirname, '../../public/demo')
const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']

async function unwrapped<T>(result: Promise<Result<T>>): Promise<T> {
  const got = await result
  if (!got.ok) throw new Error(sentence(got.error.phrase))
  return got.value
}

test('a run with new tokens, from the data to an answer', { timeout: 300_000 }, async () => {
  const engine = new Engine({ gpu: await oneDeviceGpu(), renderer: directRenderer, tunings: noTunings, folders: memoryFolders() })
  const files = names.map((name) => ({ path: `demo/${name}`, file: new File([new Uint8Array(readFileSync(join(demo, name)))], name) }))
  await unwrapped(engine.loadModel(files, 'native', () => undefined))
  const rows = Array.from({ length: 8 }, (_, i) => JSON.stringify({ prompt: `Say ${i}.`, completion: '<hero><town><hero><town>' }))
  const data = { path: 'rows.jsonl', file: new File([rows.join('\n')], 'rows.jsonl') }
  const options = { format: 'auto', trainOn: 'completion', holdOut: 0, skipBadLines: false, seed: 0 } as const
  // Three rows have another completion, which the model will not give.
  const lines = [...rows, ...rows.slice(0, 3).map((row) => row.replace('<hero>', '<town>'))]
  const held = { path: 'held.jsonl', file: new File([lines.join('\n')], 'held.jsonl') }
  const before = await unwrapped(engine.loadData(data, held, options, 64, () => undefined))

  const { fields } = methodNamed('lora')
  const config = {
    method: 'lora',
    methodSettings: parseSettings('lora', fields, { newTokens: '<hero>, <town>' }),
    training: defaultTraining({ steps: 20, batchSize: 8, maxLength: 64, learningRate: 0.01, warmup: 0 }),
  }
  const memory = await unwrapped(engine.estimate(config))
  expect(memory.problem).toBeUndefined()
  const without = await unwrapped(engine.estimate({ ...config, methodSettings: parseSettings('lora', fields, {}) }))
  expect(memory.trainableParameters - without.trainableParameters).toBe(2 * 128)
  const supervised: number[] = []
  const summary = await unwrapped(
    engine.train('run', config, (events) => {
      for (const event of events) if (event.type === 'step') supervised.push(event.metrics.tokens)
    }),
  )
  expect(summary.peakGpuBytes).toBe(memory.totalBytes)
  // Four tokens and the end of each of 8 rows; without the new tokens they would be many more.
  expect(supervised[0]).toBe(8 * 5)
  expect(before.trainedTokens).toBeGreaterThan(8 * 5)

  const say = async (runId: string) => {
    const request = { runIds: [runId], prompt: 'Say 3.', maxTokens: 3, temperature: 0, seed: 0, asPrompt: true }
    return (await unwrapped(engine.generate(request, () => undefined)))[0].text
  }
  expect(await say('run')).toBe('<hero><town><hero>')
  // Eleven rows, six and five of them at once.
  expect(await unwrapped(engine.exactMatch('run', 100, 64, () => undefined))).toEqual({ matched: 8, rows: 11 })
  const out = await unwrapped(engine.adapterFiles('run'))
  expect(out.files.map((f) => f.path)).toEqual(expect.arrayContaining(['tokenizer.json', 'tokenizer_config.json', 'added_tokens.json']))
  const back = await unwrapped(engine.restoreAdapter('again', { files: out.files.filter((f) => f.path !== 'tabtune.json') }))
  expect(back.settings.newTokens).toBe('<hero>, <town>')
  expect(await say('again')).toBe('<hero><town><hero>')

  const known = await engine.estimate({ ...config, methodSettings: parseSettings('lora', fields, { newTokens: '<s>' }) })
  expect(known).toMatchObject({ ok: false, error: { kind: 'FormatError', phrase: saying('its token 0') } })
})
