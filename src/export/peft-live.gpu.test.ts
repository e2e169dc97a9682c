// LoRA on the head, rows of single tokens, new tokens, LoRA over tables that grow: against PEFT as it runs here (goldens hold none of these).
// A Python with torch, transformers and peft is named by TABTUNE_PYTHON or found as python3.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultTraining } from '../config/run-config'
import { MemorySource } from '../formats/memory-source'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { release } from '../tensor/program'
import {
  type GoldenBatch,
  largestDifference,
  loadModel,
  microBatch,
  oracle,
  present,
  readFloats,
  readJson,
  relativeDistance,
  sourcesOf,
} from '../testing/golden'
import { pythonWithPeft } from '../testing/python'
import { readAdapter, writeAdapter } from './adapter'
import { logitsOf } from '../decode/logits'
import { endRun, planRun, readRunAdapter, setUpMethod, startRun } from '../train/run'

interface Case {
  base_model: string
  loss: number
  batch: GoldenBatch
}

const script = resolve(import.meta.dirname, '../../e2e/interop/peft_goldens.py')
const names = [
  'head_lora',
  'head_embed_lora',
  'tied_head_lora',
  'tied_head_embed_lora',
  'head_dora',
  'gemma2_head_lora',
  'gpt2_head_lora',
  'tokens_list',
  'tokens_dict',
  'tokens_head',
  'tokens_tied',
  'tokens_tied_apart',
  'tokens_new',
  'tokens_new_tied',
  'tokens_new_gemma2',
  'tokens_new_gemma3',
  'tokens_new_gpt2',
  'grown_both',
  'grown_embed',
  'grown_tied',
  'grown_tied_head',
  'grown_gpt2',
  'tokens_dora',
]

const python = present(oracle) ? pythonWithPeft() : undefined

describe.skipIf(!python)('head and single tokens against PEFT', () => {
  let gpu: Gpu
  let work: string
  beforeAll(async () => {
    gpu = await openTestGpu()
    work = mkdtempSync(join(tmpdir(), 'tabtune-'))
    execFileSync(python!, [script, oracle, work], { stdio: 'pipe' })
  }, 300_000)
  afterAll(() => {
    gpu.destroy()
    rmSync(work, { recursive: true, force: true })
  })

  test('all of its cases are here', () => expect(readdirSync(work).sort()).toEqual([...names].sort()))

  test.each(names)('%s: loss, every gradient, logits; and the same from our own file', { timeout: 60_000 }, async (name) => {
    const folder = join(work, name)
    const golden = readJson<Case>(join(folder, 'case.json'))
    const model = await loadModel(gpu, join(oracle, golden.base_model), 'f32')
    const adapter = await readAdapter(sourcesOf(join(folder, 'init')), model.base)
    const batch = microBatch(golden.batch)
    const run = await planRun({
      profile: gpu.profile,
      model,
      method: adapter.method,
      settings: adapter.settings,
      training: defaultTraining({ batchSize: batch.rows, maxLength: batch.length }),
      trainLengths: [batch.length],
      evalLengths: [],
      steps: 1,
      initial: adapter.tensors,
    })
    gpu.resetPeak()
    await startRun(gpu, run)
    expect(gpu.peakBytes).toBe(run.memory.totalBytes)
    expect(Math.abs((await run.session.gradients(gpu, [batch])) - golden.loss)).toBeLessThan(1e-5)
    const gradients = await readFloats(join(folder, 'grads.safetensors'))
    const got = await run.parameters.read(gpu, 'gradients')
    expect([...got.keys()].sort()).toEqual([...gradients.keys()].sort())
    for (const [key, want] of gradients) expect(relativeDistance(got.get(key)!, want.values), key).toBeLessThan(1e-3)

    const written = await writeAdapter(await readRunAdapter(gpu, run), model.base)
    await endRun(gpu, run)
    const again = await readAdapter(
      written.map((f) => new MemorySource(f.path, f.bytes)),
      model.base,
    )
    const config = (sources: readonly { path: string; bytes: Uint8Array }[]) =>
      JSON.parse(new TextDecoder().decode(sources.find((f) => f.path === 'adapter_config.json')!.bytes)) as Record<string, unknown>
    const theirs = readJson<Record<string, unknown>>(join(folder, 'init', 'adapter_config.json'))
    for (const key of ['trainable_token_indices', 'use_dora', 'use_rslora', 'r', 'lora_alpha'])
      expect(config(written)[key] ?? null, key).toEqual(theirs[key])
    expect((config(written).target_modules as string[]).toSorted()).toEqual((theirs.target_modules as string[]).toSorted())
    const { hooks, parameters } = await setUpMethod(gpu.profile, model, again.method, again.settings, { initial: again.tensors })
    const length = batch.filled![0]
    const logits = await logitsOf(gpu, model.plan, hooks, parameters, golden.batch.input_ids[0].slice(0, length))
    release(gpu, model.plan.slots)
    const want = (await readFloats(join(folder, 'expected.safetensors'))).get('logits')!
    const vocab = want.shape[want.shape.length - 1]
    expect(logits.length).toBe(length * vocab)
    expect(largestDifference(logits, want.values.subarray(0, length * vocab))).toBeLessThan(/gemma|gpt2/.test(name) ? 2e-4 : 1e-4)
  })
})
