// Adapters from elsewhere compute what PEFT computes with them, by themselves and merged, or are refused: the cases of ../shared, and,
// where a Python with PEFT is at hand, files that it saves with patterns, layers and tables; it reads ours back as they are.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { combineLora } from '../peft/combine'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { largestDifference, loadModel, oracle, present, readFloats, readJson, shared, sourcesOf } from '../testing/golden'
import { pythonWithPeft } from '../testing/python'
import type { Adapter } from '../peft/method'
import { loraFileOf, loraFiles, readAdapter, readLoraFile, writeAdapter } from './adapter'
import { logitsOf } from '../decode/logits'
import { mergedFolder } from './merge'
import type { LoadedModel } from '../peft/loaded-model'
import { setUpMethod } from '../train/run'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

async function logitsWith(model: LoadedModel, { method, settings, tensors }: Adapter, ids: readonly number[]): Promise<Float32Array> {
  const { hooks, parameters } = await setUpMethod(gpu.profile, model, method, settings, { initial: tensors })
  return logitsOf(gpu, model.plan, hooks, parameters, ids)
}

async function logitsMerged(model: LoadedModel, adapter: Adapter, ids: readonly number[]): Promise<Float32Array> {
  const sources = await Promise.all(
    (await mergedFolder(model, adapter, 'f32')).map(async ({ path, sizeBytes, chunks }) => {
      const bytes = new Uint8Array(sizeBytes)
      let at = 0
      for await (const chunk of chunks()) {
        bytes.set(chunk, at)
        at += chunk.length
      }
      return new MemorySource(`merged/${path}`, bytes)
    }),
  )
  const plan = planBase(await openModel(sources), 'native', gpu.profile.maxBindingBytes)
  await loadBase(gpu, plan)
  const logits = await logitsOf(gpu, plan, {}, undefined, ids)
  release(gpu, plan.slots)
  return logits
}

/** An adapter alone with weight 1, once more from what combining it writes. */
async function combinedAlone(model: LoadedModel, adapter: Adapter): Promise<Adapter> {
  const file = loraFileOf('theirs', adapter, model.base)
  const files = loraFiles(combineLora([file, file], [0.25, 0.75], 'cat'))
  return readAdapter(
    files.map((f) => new MemorySource(f.path, f.bytes)),
    model.base,
  )
}

const cases = join(shared, 'cases')

describe.skipIf(!present(cases))('cases', () => {
  const folder = (name: string) => join(cases, name, 'adapter')

  test.each(['alpha-pattern-regex', 'embeddings-saved-beside-lora', 'target-not-in-model'])(
    '%s: as PEFT, merged and combined too',
    { timeout: 60_000 },
    async (name) => {
      const want = readJson<{ ids: number[]; last_position_logits_0_to_7: number[] }>(join(cases, name, 'expected.json'))
      const model = await loadModel(gpu, join(cases, '_model', 'tiny'), 'native')
      const adapter = await readAdapter(sourcesOf(folder(name)), model.base)
      for (const logits of [
        await logitsWith(model, adapter, want.ids),
        await logitsMerged(model, adapter, want.ids),
        await logitsWith(model, await combinedAlone(model, adapter), want.ids),
      ]) {
        const last = logits.subarray((want.ids.length - 1) * (logits.length / want.ids.length))
        want.last_position_logits_0_to_7.forEach((v, i) => expect(Math.abs(last[i] - v), `logit ${i}`).toBeLessThan(2e-4))
      }
      release(gpu, model.plan.slots)
    },
  )

  test('pissa-not-converted is refused with what to do, alone and for combining', async () => {
    const { base } = await loadModel(gpu, join(cases, '_model', 'tiny'), 'native')
    const files = sourcesOf(folder('pissa-not-converted'))
    const want = /init_lora_weights is set to "pissa".*path_initial_model_for_weight_conversion/
    await expect(readAdapter(files, base)).rejects.toThrow(want)
    await expect(readLoraFile('theirs', files)).rejects.toThrow(want)
  })

  test('adapter-config: a value of a wrong type is refused with a sentence', async () => {
    const { base } = await loadModel(gpu, join(cases, '_model', 'tiny'), 'native')
    const config = sourcesOf(join(cases, 'adapter-config')).filter((f) => f.name === 'adapter_config.json')
    const weights = sourcesOf(folder('target-not-in-model')).filter((f) => f.name.endsWith('.safetensors'))
    await expect(readAdapter([...config, ...weights], base)).rejects.toThrow(
      'adapter_config.json, modules_to_save: expected a list of names, got 9007199254740992',
    )
  })
})

const interop = resolve(import.meta.dirname, '../../e2e/interop')
const python = present(oracle) ? pythonWithPeft() : undefined
const names = [
  'patterns',
  'patterns_gpt2',
  'layers',
  'excluded',
  'other_lists',
  'copies',
  'changed_tables',
  'changed_tied_table',
  'table_under_update',
  'trained_tied_table',
  'trained_tables',
  'dora',
  'ia3',
  'ln_tuning',
  'ln_tuning_gpt2',
  'ln_tuning_gemma3',
  'ln_tuning_and_head',
  'ln_tuning_tied_table',
]

describe.skipIf(!python)('files that PEFT saves', () => {
  let work: string
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'tabtune-'))
    execFileSync(python!, [join(interop, 'peft_files.py'), oracle, work], { stdio: 'pipe' })
  }, 300_000)
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  test.each(names)('%s: its logits, merged too; and it reads our file as it is', { timeout: 120_000 }, async (name) => {
    const { base_model, ids } = readJson<{ base_model: string; ids: number[] }>(join(work, name, 'case.json'))
    const want = (await readFloats(join(work, name, 'expected.safetensors'))).get('logits')!.values
    const model = await loadModel(gpu, join(oracle, base_model), 'f32')
    const adapter = await readAdapter(sourcesOf(join(work, name, 'init')), model.base)
    expect(largestDifference(await logitsWith(model, adapter, ids), want)).toBeLessThan(2e-4)
    if (!name.includes('tied_table')) expect(largestDifference(await logitsMerged(model, adapter, ids), want)).toBeLessThan(3e-4)
    release(gpu, model.plan.slots)

    const ours = join(work, name, 'ours')
    mkdirSync(ours)
    for (const { path, bytes } of await writeAdapter(adapter, model.base)) writeFileSync(join(ours, path), bytes)
    const out = join(work, name, 'again.safetensors')
    execFileSync(python!, [join(interop, 'peft_logits.py'), join(oracle, base_model), ours, ids.join(), out], { stdio: 'pipe' })
    expect(largestDifference((await readFloats(out)).get('logits')!.values, want)).toBeLessThan(1e-4)
  })
})
