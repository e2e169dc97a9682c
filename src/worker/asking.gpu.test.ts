// An adapter is asked as it was trained from its folder alone: on the page after a reload, with no data loaded, and by the Python of its
// model card in PEFT (a Python with torch, transformers and peft is named by TABTUNE_PYTHON or found as python3).
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { AskingOptions } from '../config/asking-fields'
import { defaultDataOptions } from '../config/data-options'
import { parseSettings } from '../config/field'
import { sentence } from '../config/phrase'
import { presetNamed } from '../config/prompt-presets'
import { defaultTraining } from '../config/run-config'
import { methodNamed } from '../peft/registry'
import { memoryFolders } from '../testing/memory-folder'
import { noTunings } from '../testing/no-tunings'
import { oneDeviceGpu } from '../testing/one-device'
import { pythonWithPeft } from '../testing/python'
import { directRenderer } from '../tokenizer/template-renderer'
import type { AdapterFiles, Result } from './api'
import { Engine } from './engine'

const demo = resolve(import.meta.dirname, '../../public/demo')
const script = resolve(import.meta.dirname, '../../e2e/interop/peft_usage.py')
const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']
const preset = presetNamed('question-answer')!
const question = 'Say 3.'

async function unwrapped<T>(result: Promise<Result<T>>): Promise<T> {
  const got = await result
  if (!got.ok) throw new Error(sentence(got.error.phrase))
  return got.value
}

/** An engine as after a reload of the page: it holds the model and nothing else. */
async function reloaded(): Promise<Engine> {
  const engine = new Engine({ gpu: await oneDeviceGpu(), renderer: directRenderer, tunings: noTunings, folders: memoryFolders() })
  const files = names.map((name) => ({ path: `demo/${name}`, file: new File([new Uint8Array(readFileSync(join(demo, name)))], name) }))
  await unwrapped(engine.loadModel(files, 'native', () => undefined))
  return engine
}

async function trained(engine: Engine, asking: AskingOptions, newTokens: string): Promise<void> {
  const rows = Array.from({ length: 4 }, (_, i) => JSON.stringify({ prompt: `Say ${i}.`, completion: 'a red door' }))
  const data = { path: 'rows.jsonl', file: new File([rows.join('\n')], 'rows.jsonl') }
  const options = { format: 'auto', trainOn: 'completion', holdOut: 0, skipBadLines: false, seed: 0, ...asking } as const
  await unwrapped(engine.loadData(data, undefined, options, 32, () => undefined))
  const training = defaultTraining({ steps: 16, batchSize: 4, maxLength: 32, learningRate: 0.02, warmup: 0 })
  const methodSettings = parseSettings('lora', methodNamed('lora').fields, { newTokens })
  await unwrapped(engine.train('run', { method: 'lora', methodSettings, training }, () => undefined))
}

test('rows of another file have the loss that they have as evaluation rows of the data', { timeout: 300_000 }, async () => {
  const engine = await reloaded()
  const options = { ...defaultDataOptions, taskDescription: 'Name it.' }
  const file = (name: string, completions: readonly string[]) => {
    const rows = completions.map((completion, i) => JSON.stringify({ prompt: `Say ${i}.`, completion }))
    return { path: name, file: new File([rows.join('\n')], name) }
  }
  const [data, old] = [file('rows.jsonl', ['a red door', 'a blue door']), file('old.jsonl', ['a green door', 'two doors', 'a door'])]
  const training = defaultTraining({ batchSize: 2, maxLength: 32, steps: 1 })
  const nothing = () => undefined
  await unwrapped(engine.loadData(data, old, options, 32, nothing))
  const expected = await unwrapped(engine.evaluate(undefined, training, nothing))
  await unwrapped(engine.loadData(data, undefined, options, 32, nothing))
  expect(await unwrapped(engine.evaluateFile(undefined, old, options, training, nothing))).toEqual({ evaluation: expected, rows: 3 })
  expect((await unwrapped(engine.rowMap(old, options, 32, nothing))).lines).toEqual([1, 2, 3])
  expect(await unwrapped(engine.cutData(32))).toMatchObject({ name: 'rows.jsonl' })
})

async function answer(engine: Engine) {
  const request = { runIds: ['run'], prompt: question, maxTokens: 16, temperature: 0, seed: 0, asPrompt: true }
  const [{ text, asked, complete }] = await unwrapped(engine.generate(request, () => undefined))
  return { text, asked, complete }
}

function inPeft(python: string, { files }: AdapterFiles): string {
  const folder = mkdtempSync(join(tmpdir(), 'asking-'))
  for (const { path, bytes } of files) writeFileSync(join(folder, path), bytes)
  return execFileSync(python, [script, demo, folder, question], { stdio: 'pipe' }).toString()
}

test.each<[string, AskingOptions, string]>([
  ['a task description and system words', { taskDescription: 'Name it.', systemWords: 'Be short.' }, ''],
  ['the question-answer preset', { promptTemplate: preset.promptTemplate }, preset.tokens.join(', ')],
])('an adapter with %s answers from its folder as after its training', { timeout: 300_000 }, async (_, asking, newTokens) => {
  const first = await reloaded()
  await trained(first, asking, newTokens)
  const said = await answer(first)
  expect(said).toMatchObject({ text: 'a red door', complete: true, asked: { form: 'pair', ...asking } })
  const files = await unwrapped(first.adapterFiles('run'))
  const second = await reloaded()
  await unwrapped(second.restoreAdapter('run', files))
  expect(await answer(second)).toEqual(said)
  const python = pythonWithPeft()
  if (python) expect(inPeft(python, files).trim()).toBe(said.text)
})
