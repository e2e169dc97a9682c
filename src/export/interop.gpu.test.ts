// What we write is read by the others: a LoRA trained here gives the same logits in PEFT, and in llama.cpp as GGUF.
// PEFT: a Python with torch, transformers and peft, named by TABTUNE_PYTHON or found as python3.
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { ggufInF32 } from '../testing/gguf-in-f32'
import { planBase } from '../models/base-model'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { type GoldenBatch, largestDifference, loadModel, microBatch, present, readFloats, shared, sourcesOf } from '../testing/golden'
import { furthest, llamaPackages, llamaReads, llamaSays } from '../testing/llama-cpp'
import { pythonWithPeft } from '../testing/python'
import type { Adapter } from '../peft/method'
import { writeAdapter } from './adapter'
import { methodBase } from '../peft/base'
import { logitsOf } from '../decode/logits'
import { mergedGguf } from './merge-gguf'
import { planRun, readRunAdapter, setUpMethod, startRun } from '../train/run'

const folder = join(shared, 'models', 'TinyStories-656K')
const gguf = join(shared, 'models', 'TinyStories-656K-gguf', 'TinyStories-656K.f16.gguf')
const interop = resolve(import.meta.dirname, '../../e2e/interop')
const ids = [1, 80, 147, 201, 282, 215, 286, 598, 1662, 1145, 88]

/** Every position trained on: enough to move an adapter. */
function someBatch(): GoldenBatch {
  return { input_ids: [ids], attention_mask: [ids.map(() => 1)], labels: [ids] }
}

describe.skipIf(!present(folder))('adapters elsewhere', () => {
  let gpu: Gpu
  let adapter: Adapter
  let work: string
  let python: string | undefined
  let packages: string | undefined
  beforeAll(async () => {
    python = pythonWithPeft()
    packages = llamaPackages()
    work = mkdtempSync(join(tmpdir(), 'tabtune-'))
    gpu = await openTestGpu()
    const model = await loadModel(gpu, folder, 'native')
    const method = methodNamed('lora')
    // rsLoRA with an alpha of its own for one module: what GGUF can only carry folded into B.
    const settings = { ...defaults(method.fields), rsLora: true, alphaPattern: 'v_proj=24', rankPattern: 'down_proj=4' }
    const batch = microBatch(someBatch())
    const training = defaultTraining({ batchSize: 1, maxLength: batch.length })
    const run = await planRun({
      profile: gpu.profile,
      model,
      method,
      settings,
      training,
      trainLengths: [batch.length],
      evalLengths: [],
      steps: 3,
    })
    await startRun(gpu, run)
    for (let step = 1; step <= 3; step++) await run.session.step(gpu, [batch], 0.01, step)
    adapter = await readRunAdapter(gpu, run)
    run.session.release(gpu)
    for (const file of await writeAdapter(adapter, model.base)) writeFileSync(join(work, file.path), file.bytes)
    release(gpu, model.plan.slots)
  }, 300_000)
  afterAll(() => {
    gpu.destroy()
    rmSync(work, { recursive: true, force: true })
  })

  async function ours(path: string): Promise<Float32Array<ArrayBuffer>> {
    const model = await loadModel(gpu, path, 'native')
    const { hooks, parameters } = await setUpMethod(gpu.profile, model, adapter.method, adapter.settings, { initial: adapter.tensors })
    const logits = await logitsOf(gpu, model.plan, hooks, parameters, ids)
    release(gpu, model.plan.slots)
    return logits
  }

  test('PEFT loads every tensor and gives the same logits within 1e-4', { timeout: 300_000 }, async (context) => {
    if (!python) return context.skip()
    const out = join(work, 'peft.safetensors')
    execFileSync(python, [join(interop, 'peft_logits.py'), folder, work, ids.join(), out], { stdio: 'pipe' })
    const want = (await readFloats(out)).get('logits')!.values
    expect(largestDifference(await ours(folder), want)).toBeLessThan(1e-4)
  })

  test('llama.cpp gives the same probabilities with the GGUF adapter, within 1e-5', { timeout: 300_000 }, async (context) => {
    if (!packages) return context.skip()
    const logits = (await ours(gguf)).slice(-2048)
    const inF32 = join(work, 'base-f32.gguf')
    writeFileSync(inF32, await ggufInF32(gguf))
    const said = await llamaSays(packages, inF32, join(work, 'adapter.gguf'), ids)
    const base = await llamaSays(packages, inF32, '-', ids)
    expect(furthest(logits, said)).toBeLessThan(1e-5)
    expect(Math.max(...[...base].map(([id, p]) => Math.abs(p - said.get(id)!))), 'the adapter changes what llama.cpp says').toBeGreaterThan(
      0.01,
    )
  })

  test('a model merged into GGUF answers as base and adapter do, here and in llama.cpp', { timeout: 300_000 }, async (context) => {
    if (!packages) return context.skip()
    const file = await openModel(sourcesOf(gguf))
    const source = { file, base: methodBase(planBase(file, 'native', gpu.profile.maxBindingBytes), undefined) }
    const merged = join(work, 'merged.gguf')
    const inF32 = join(work, 'merged-f32.gguf')
    for await (const chunk of (await mergedGguf(source, adapter)).chunks()) appendFileSync(merged, chunk)
    writeFileSync(inF32, await ggufInF32(merged))
    const said = await llamaSays(packages, inF32, '-', ids)
    const model = await loadModel(gpu, merged, 'native')
    const logits = (await logitsOf(gpu, model.plan, {}, undefined, ids)).slice(-2048)
    release(gpu, model.plan.slots)
    expect(furthest(logits, said)).toBeLessThan(1e-5)
    // F16 carries 11 bits of each merged weight.
    expect(furthest((await ours(gguf)).slice(-2048), said)).toBeLessThan(1e-3)
    expect((await llamaReads(packages, merged, 'Once upon a time')).length, 'llama.cpp loads the file as it is written').toBeGreaterThan(0)
  })
})
