// Tokens that an adapter adds: PEFT's users load its folder with its tokenizer, and read the same ids and logits as here.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseSettings } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import { writeSafetensors } from '../formats/safetensors'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { loadBase, planBase, storedValues } from '../models/base-model'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { slopeError, slopeTolerance } from '../testing/along-gradient'
import { largestDifference, microBatch, present, readFloats, readIds, shared, sourcesOf } from '../testing/golden'
import { pythonWithPeft } from '../testing/python'
import { normals } from '../testing/random'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import { readAdapter, writeAdapter } from './adapter'
import { methodBase } from '../peft/base'
import { logitsOf } from '../decode/logits'
import { tokensOf, withNewTokens } from '../peft/new-tokens'
import { endRun, planRun, readRunAdapter, setUpMethod, startRun } from '../train/run'

const demo = resolve(import.meta.dirname, '../../public/demo')
const stories = join(shared, 'models', 'TinyStories-656K')
const script = resolve(import.meta.dirname, '../../e2e/interop/peft_tokens.py')

describe('adapters that add tokens', () => {
  let gpu: Gpu
  let work: string
  beforeAll(async () => {
    gpu = await openTestGpu()
    work = mkdtempSync(join(tmpdir(), 'tabtune-'))
  })
  afterAll(() => {
    gpu.destroy()
    rmSync(work, { recursive: true, force: true })
  })

  async function loaded(folder: string) {
    const file = await openModel(sourcesOf(folder))
    const plan = planBase(file, 'native', gpu.profile.maxBindingBytes)
    const tokenizer = createTokenizer(file.tokenizer!, file.config.vocab, file.special)
    await loadBase(gpu, plan)
    return { file, plan, base: methodBase(plan, tokenizer), tokenizer }
  }

  /** The demo with rows in its embedding that its tokenizer does not use, as Qwen has them. */
  async function padded(rows: number): Promise<string> {
    const folder = join(work, 'padded')
    if (existsSync(folder)) return folder
    mkdirSync(folder)
    const { tensors, config } = await openModel(sourcesOf(demo))
    const data = await Promise.all(
      [...tensors.values()].map(async (entry) => {
        const stored = await storedValues(entry)
        if (entry.shape[0] !== config.vocab) return { name: entry.name, shape: entry.shape, data: stored }
        const values = normals(800, rows * config.hidden, 0.1)
        values.set(stored)
        return { name: entry.name, shape: [rows, config.hidden], data: values }
      }),
    )
    writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(data))
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config.raw, vocab_size: rows, torch_dtype: 'float32' }))
    for (const name of ['tokenizer.json', 'tokenizer_config.json']) copyFileSync(join(demo, name), join(folder, name))
    return folder
  }

  const tables = 'q_proj, embed_tokens, lm_head'
  const cases = [
    ['random', demo, 'lora', 'Once upon <hero> a time<town>, <hero>', 'all-linear'],
    ['random', 'padded', 'lora', 'Once upon <hero> a time<town>, <hero>', 'all-linear'],
    ['mean', demo, 'qlora', '<hero>Once upon <town> a time<hero>', 'all-linear'],
    ['random', demo, 'lora', 'Once upon <hero> a time<town>, <hero>', tables],
    ['random', 'padded', 'lora', 'Once upon <hero> a time<town>, <hero>', tables],
    // No text behind tokens: whether a space is put in front of it differs between tokenizer.json and transformers' LlamaTokenizer.
    ['random', stories, 'dora', 'Once upon a time<hero><town><hero>', 'all-linear'],
  ] as const

  test.each(cases)('%s start, %s, %s, %s, %s', { timeout: 300_000 }, async (start, place, name, text, targetModules) => {
    const folder = place === 'padded' ? await padded(1040) : place
    if (!present(folder)) return
    const model = await loaded(folder)
    const { vocab, hidden } = model.file.config
    const method = methodNamed(name)
    const settings = parseSettings(name, method.fields, { newTokens: '<hero>, <town>', newTokenStart: start, targetModules })
    const { tokenizer } = withNewTokens(model, tokensOf({ method, settings }))
    const ids = tokenizer!.encode(text, { addSpecial: true })
    const first = model.base.nextTokenId!
    expect(first).toBe(place === 'padded' ? 1024 : vocab)
    expect(ids.filter((id) => id >= first)).toHaveLength(3)
    expect(new Set(ids.filter((id) => id >= first))).toEqual(new Set([first, first + 1]))
    expect(tokenizer!.decode(ids, { skipSpecial: true })).toContain('<hero>')

    const batch = microBatch({ input_ids: [ids], attention_mask: [ids.map(() => 1)], labels: [ids] })
    const training = defaultTraining({ batchSize: 1, maxLength: batch.length })
    const lengths = { trainLengths: [batch.length], evalLengths: [], steps: 3 }
    const run = await planRun({ profile: gpu.profile, model, method, settings, training, ...lengths })
    await startRun(gpu, run)
    const key = run.parameters.names.find((n) => n.endsWith(targetModules === tables ? 'new_rows' : 'trainable_tokens_delta'))!
    const before = (await run.parameters.read(gpu)).get(key)!
    const { mean, deviation } = await model.base.rowStatistics(model.base.family.embedding(model.file.config).name, first)
    const distances = Array.from(before, (v, i) => (v - mean[i % hidden]) / deviation[i % hidden])
    const spread = Math.sqrt(distances.reduce((sum, z) => sum + z * z, 0) / distances.length)
    expect(spread, 'the spread of the other rows, or none').toBeCloseTo(start === 'mean' ? 0 : 1, start === 'mean' ? 4 : 0)
    const losses: number[] = []
    for (let step = 1; step <= 3; step++) losses.push((await run.session.step(gpu, [batch], 0.01, step)).loss)
    expect(losses[2]).toBeLessThan(losses[0])
    if (targetModules === tables && place === demo) expect(await slopeError(gpu, run, batch)).toBeLessThan(slopeTolerance)
    const adapter = await readRunAdapter(gpu, run)
    await endRun(gpu, run)
    const change = largestDifference(adapter.tensors.get(key)!.values, before)
    if (targetModules === tables) expect(change).toBe(0)
    else expect(change).toBeGreaterThan(1e-3)

    const files = await writeAdapter(adapter, model.base)
    const again = await readAdapter(
      files.map((f) => new MemorySource(f.path, f.bytes)),
      model.base,
    )
    expect(tokensOf(again)).toEqual(['<hero>', '<town>'])
    // Without our own file the names come from the tokenizer in the folder.
    const theirs = files.filter((f) => f.path !== 'tabtune.json').map((f) => new MemorySource(f.path, f.bytes))
    expect(tokensOf(await readAdapter(theirs, model.base))).toEqual(['<hero>', '<town>'])
    const { hooks, parameters } = await setUpMethod(gpu.profile, model, again.method, again.settings, { initial: again.tensors })
    const logits = await logitsOf(gpu, model.plan, hooks, parameters, ids)
    expect(logits.length).toBe(ids.length * Math.max(vocab, first + 2))
    release(gpu, model.plan.slots)

    const python = pythonWithPeft()
    if (!python) return
    const adapterFolder = mkdtempSync(join(work, 'adapter-'))
    for (const file of files) writeFileSync(join(adapterFolder, file.path), file.bytes)
    const out = join(work, 'out.safetensors')
    execFileSync(python, [script, folder, adapterFolder, text, out], { stdio: 'pipe' })
    expect(await readIds(out)).toEqual(ids)
    expect(largestDifference(logits, (await readFloats(out)).get('logits')!.values)).toBeLessThan(1e-4)
  })
})
