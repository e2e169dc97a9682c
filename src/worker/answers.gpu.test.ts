// Where answers end, and that a model is asked as it was trained: from rows in a template to an answer, and once more from what was written.
import type { RowAnswers } from '../config/answered-rows'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { sentence } from '../config/phrase'
import { parseSettings } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { methodNamed } from '../peft/registry'
import { present, shared } from '../testing/golden'
import { memoryFolders } from '../testing/memory-folder'
import { noTunings } from '../testing/no-tunings'
import { oneDeviceGpu } from '../testing/one-device'
import { directRenderer } from '../tokenizer/template-renderer'
import type { PickedFile, Result, TrainEvent } from './api'
import { Engine } from './engine'

const cases = join(shared, 'cases')
const nothing = () => undefined

async function unwrapped<T>(result: Promise<Result<T>>): Promise<T> {
  const got = await result
  if (!got.ok) throw new Error(sentence(got.error.phrase))
  return got.value
}

const picked = (path: string, content: string | Uint8Array<ArrayBuffer>): PickedFile => ({ path, file: new File([content], path) })
const filesIn = (folder: string) => new Map(readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]))
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

/** The tiny model, with `changes` of its files. */
const tiny = (changes: Record<string, string | Uint8Array<ArrayBuffer>>) =>
  Object.entries({ ...Object.fromEntries(filesIn(join(cases, '_model', 'tiny'))), ...changes }).map(([name, bytes]) =>
    picked(`tiny/${name}`, bytes),
  )

const turns = (user: string, assistant: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: user },
      { role: 'assistant', content: assistant },
    ],
  })

/** One for all tests, so that kernels are compiled once. */
let opened: Engine | undefined

/** The engine with a model and nothing of what it held before, and with rows where there are any: for training, and five times for evaluation, as answers beyond eight rows may be ended early. */
async function page(model: PickedFile[], rows?: string): Promise<Engine> {
  const engine = (opened ??= new Engine({
    gpu: await oneDeviceGpu(),
    renderer: directRenderer,
    tunings: noTunings,
    folders: memoryFolders(),
  }))
  await unwrapped(engine.loadModel(model, 'native', nothing))
  const options = { format: 'auto', trainOn: 'completion', holdOut: 0, skipBadLines: false, seed: 0 } as const
  if (rows === undefined) return engine
  const held = Array.from({ length: 5 }, () => rows.trim()).join('\n')
  await unwrapped(engine.loadData(picked('rows.jsonl', rows), picked('held.jsonl', held), options, 64, nothing))
  return engine
}

async function trained(engine: Engine, method: string, steps: number, settings: Record<string, unknown> = {}) {
  const training = defaultTraining({ steps, batchSize: 2, maxLength: 64, learningRate: 2e-2, warmup: 0, evalEvery: 0 })
  await unwrapped(
    engine.train('run', { method, methodSettings: parseSettings(method, methodNamed(method).fields, settings), training }, nothing),
  )
  return unwrapped(engine.adapterFiles('run'))
}

async function say(engine: Engine, prompt: string, runId?: string, asPrompt = true) {
  const [answer] = await unwrapped(engine.generate({ runIds: [runId], prompt, asPrompt, maxTokens: 40, temperature: 0, seed: 0 }, nothing))
  return answer
}

describe.skipIf(!present(cases))('answers', () => {
  test.each([
    ['end-of-turn-not-a-stop', 'red', 'blue'],
    ['empty-think-exact-match', '<think>\n\n</think>\n\nred', '<think>\n\n</think>\n\nblue'],
  ])('%s: a whole model that is trained, and the folder that it becomes', { timeout: 120_000 }, async (name, ...expected) => {
    const files = filesIn(join(cases, name))
    const rows = text(files.get('rows.jsonl'))
    const engine = await page(tiny(Object.fromEntries([...files].filter(([path]) => !/^README|^rows/.test(path)))), rows)
    const { files: out } = await trained(engine, 'full', 250)
    const folder = out.map(({ path, bytes }) => picked(`out/${path}`, bytes))
    const generation = JSON.parse(text(out.find(({ path }) => path === 'generation_config.json')?.bytes)) as Record<string, unknown>
    expect(generation).toMatchObject({ bos_token_id: 256, eos_token_id: [257, 259] })
    const check = async (runId: string | undefined) => {
      expect(await unwrapped(engine.exactMatch(runId, 100, 64, nothing))).toEqual({ matched: 10, rows: 10 })
    }
    await check('run')
    await page(folder, rows)
    await check(undefined)
    const last = await page(folder)
    for (const [at, prompt] of ['door', 'roof'].entries())
      expect(await say(last, prompt)).toMatchObject({ text: expected[at], complete: true, asked: { form: 'template' } })
  })

  // No family is known by this end token, and the tokenizer's own is another.
  const over = `{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '[over]\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`
  const tokenizer = () =>
    text(filesIn(join(cases, '_model', 'tiny')).get('tokenizer.json')).replace(
      /"content": "<tool_call>"([^}]*)"special": false/,
      '"content": "[over]"$1"special": true',
    )
  const rows = [turns('sun', 'day'), turns('moon', 'night')].join('\n')

  test('an adapter remembers the tokens that end its answers, and so do merged and combined ones', { timeout: 120_000 }, async () => {
    const model = tiny({ 'tokenizer.json': tokenizer(), 'chat_template.jinja': over })
    const engine = await page(model, rows)
    const files = await trained(engine, 'lora', 100, { r: 16, alpha: 32, targetModules: 'all-linear' })
    expect(await unwrapped(engine.exactMatch('run', 100, 64, nothing))).toMatchObject({ matched: 10, rows: 10 })
    const told: RowAnswers[] = []
    const request = { runIds: [undefined, 'run'], rows: 7, seed: 1, maxLength: 64, maxTokens: 8 }
    await unwrapped(engine.answerRows(request, (more) => told.push(...more)))
    expect(told.map(({ line }) => line)).toEqual([...new Set(told.map(({ line }) => line))].toSorted((a, b) => a - b))
    expect(told).toHaveLength(7)
    for (const { expected, answers } of told) {
      const [base, adapter] = answers
      expect([adapter.text.trim(), adapter.complete, base.text.trim() === expected]).toEqual([expected, true, false])
      expect(adapter.pieces!.lengths.reduce((sum, length) => sum + length, 0)).toBe(adapter.text.length)
      // The most likely of 263 tokens is chosen. The base writes characters of several tokens.
      for (const [k, { pieces }] of answers.entries())
        for (const p of pieces!.probabilities) expect(p > (k === 1 ? 1 / 263 : 0) && p <= 1).toBe(true)
    }
    const part = { runId: 'run', name: 'run', weight: 0.5 }
    const combined = await unwrapped(engine.combine([part, part], 'cat'))
    // Another model ends the answering first, so that nothing uses weights that are freed; the answers so far stay.
    let other: Promise<unknown> | undefined
    const ended = await engine.answerRows(
      { ...request, rows: 10, maxTokens: 40 },
      () => (other ??= engine.loadModel(model, 'native', nothing)),
    )
    expect([ended.ok || ended.error.kind, await other]).toMatchObject(['Cancelled', { ok: true }])

    const fresh = await page(model)
    await unwrapped(fresh.restoreAdapter('kept', files))
    await unwrapped(fresh.restoreAdapter('combined', combined))
    const bare = files.files.filter(({ path }) => path !== 'tabtune.json')
    await unwrapped(fresh.restoreAdapter('elsewhere', { files: bare }))
    for (const runId of ['kept', 'combined'])
      expect(await say(fresh, 'moon', runId)).toMatchObject({ text: 'night', tokens: 5, complete: true, asked: { form: 'template' } })
    // What came without a word of ours is asked in the base's template, and nobody knows where its answers end.
    expect(await say(fresh, 'moon', 'elsewhere')).toMatchObject({ complete: false, asked: { form: 'template' } })

    const zip = await unwrapped(fresh.merge('kept', 'f32', 'merged', nothing))
    const merged = Object.entries(unzipSync(new Uint8Array(await zip.arrayBuffer())))
    const generation = JSON.parse(text(merged.find(([path]) => path.endsWith('generation_config.json'))?.[1])) as Record<string, unknown>
    expect(generation.eos_token_id).toEqual([257, 259, 262])
    // Over a base without the template it cannot be asked so.
    const without = await page(tiny({ 'tokenizer.json': tokenizer() }))
    await unwrapped(without.restoreAdapter('kept', files))
    await expect(say(without, 'moon', 'kept')).rejects.toThrow(/^prompt: expected the chat template/)
    expect(await say(without, '<|im_start|>user\nmoon[over]\n<|im_start|>assistant\n', 'kept', false)).toMatchObject({
      text: 'night',
      complete: true,
    })

    const whole = await page(merged.map(([path, bytes]) => picked(path, bytes.slice())))
    expect(await say(whole, 'sun')).toMatchObject({ text: 'day', complete: true })
  })

  test(
    'prompts that are answered while a run trains change no bit of it, and are answered as by its adapter',
    { timeout: 120_000 },
    async () => {
      const engine = await page(tiny({ 'tokenizer.json': tokenizer(), 'chat_template.jinja': over }), rows)
      const events = async (samplePrompts: number) => {
        const all: TrainEvent[] = []
        const training = defaultTraining({
          steps: 6,
          batchSize: 2,
          maxLength: 64,
          learningRate: 2e-2,
          warmup: 0,
          evalEvery: 2,
          samplePrompts,
        })
        const config = { method: 'lora', methodSettings: parseSettings('lora', methodNamed('lora').fields, { dropout: 0.1 }), training }
        await unwrapped(engine.train('run', config, (some) => all.push(...some)))
        return all
      }
      const metrics = (all: TrainEvent[]) =>
        all.flatMap((event) => (event.type === 'step' ? event.metrics.loss : event.type === 'eval' ? event.metrics.evalLoss : []))
      const [without, sampled] = [await events(0), await events(3)]
      expect(metrics(sampled)).toEqual(metrics(without))
      const samples = sampled.flatMap((event) => (event.type === 'samples' ? event.samples : []))
      expect(without.some(({ type }) => type === 'samples')).toBe(false)
      // On a busy machine, those between are left out because they would take too long.
      expect([samples[0].step, samples.at(-1)?.step, samples.some(({ problem }) => problem)]).toEqual([0, 6, false])
      const answersOf = async (runId?: string) => {
        const told: RowAnswers[] = []
        const request = { runIds: [runId], rows: 10, seed: 0, maxLength: 64, maxTokens: 32 }
        await unwrapped(engine.answerRows(request, (more) => told.push(...more)))
        return new Map(told.map(({ prompt, answers }) => [prompt, answers[0].text.trim()]))
      }
      for (const [at, runId] of [
        [0, undefined],
        [samples.length - 1, 'run'],
      ] as const) {
        const wanted = await answersOf(runId)
        expect(samples[at].rows).toHaveLength(3)
        // An answer may have been cut short for the same reason.
        for (const { prompt, answer, cut = false } of samples[at].rows) {
          expect(wanted.get(prompt)?.startsWith(answer)).toBe(true)
          expect(cut).toBe(answer !== wanted.get(prompt))
        }
      }
    },
  )

  test('without a template, an adapter is also asked as it was trained, but not with raw prompts', { timeout: 120_000 }, async () => {
    const engine = await page(tiny({}), rows)
    const files = await trained(engine, 'lora', 100, { r: 16, alpha: 32, targetModules: 'all-linear' })
    const fresh = await page(tiny({}))
    await unwrapped(fresh.restoreAdapter('kept', files))
    expect(await say(fresh, 'sun', 'kept')).toMatchObject({ text: ' day', complete: true, asked: { form: 'chat' } })
    expect(await say(fresh, 'User: moon\nAssistant:', 'kept', false)).toMatchObject({ text: ' night', asked: { form: 'raw' } })
    expect(await say(fresh, 'sun')).toMatchObject({ asked: { form: 'raw' } })

    const again = await page(tiny({}), rows)
    const whole = await trained(again, 'full', 250)
    const model = await page(whole.files.map(({ path, bytes }) => picked(`out/${path}`, bytes)))
    expect(await say(model, 'sun')).toMatchObject({ text: ' day', complete: true, asked: { form: 'chat' } })
  })
})
