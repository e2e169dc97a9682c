// Adapters in GGUF form, of every family and kind, give our own logits when llama.cpp applies them. The base is a GGUF file in F32, since
// llama.cpp rounds activations too where weights are quantised: an NF4 base is handed over as the values that its blocks stand for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Settings, defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import type { ModelFile, TensorEntry } from '../formats/model-file'
import { openModel } from '../formats/open-model'
import { MemorySource } from '../formats/memory-source'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { loadBase, planBase } from '../models/base-model'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { ggufOf, phi3Tokens, someVocabulary } from '../testing/gguf-from-folder'
import { plainModels } from '../testing/golden-families'
import { microBatch, oracle, present, sourcesOf } from '../testing/golden'
import { furthest, llamaPackages, llamaSays, roundsGelu } from '../testing/llama-cpp'
import { writeAdapter } from './adapter'
import { methodBase } from '../peft/base'
import { logitsOf } from '../decode/logits'
import type { LoadedModel } from '../peft/loaded-model'
import { endRun, planRun, readRunAdapter, setUpMethod, startRun } from '../train/run'

const text = [1, 80, 47, 101, 82, 15, 86, 98, 62, 45, 88, 7]
const ownCases: readonly [family: string, method: string, settings: Settings][] = [
  ['llama', 'lora', { alphaPattern: 'v_proj=24, up_proj=3', rankPattern: 'down_proj=4' }],
  ['llama', 'lora', { rsLora: true, alpha: 8 }],
  ['llama', 'qlora', { alphaPattern: 'q_proj=24' }],
  ['llama', 'lora', { targetModules: 'all-linear, lm_head, embed_tokens', rankPattern: 'lm_head=4, embed_tokens=2' }],
  ['qwen2', 'lora', { rsLora: true, alphaPattern: 'k_proj=24' }],
  ['qwen2', 'qlora', {}],
  ['gpt2', 'lora', { alphaPattern: 'c_attn=24', rankPattern: 'c_fc=4' }],
  ['gpt2', 'lora', { rsLora: true, targetModules: 'c_attn' }],
  ['gpt2', 'qlora', {}],
  ['gemma3', 'lora', { alphaPattern: 'o_proj=24' }],
  ['qwen3_moe', 'lora', { targetModules: 'q_proj, gate_proj, up_proj, down_proj', alphaPattern: 'down_proj=24' }],
  ['mixtral', 'lora', { targetModules: 'q_proj, w1, w2, w3', rankPattern: 'w1=4' }],
]
const others = plainModels.filter((name) => !ownCases.some(([family]) => family === name))
const cases = [...ownCases, ...others.map((name) => [name, 'lora', {}] as const)]

describe.skipIf(!present(oracle))('GGUF adapters in llama.cpp', () => {
  let gpu: Gpu
  let work: string
  let packages: string | undefined
  beforeAll(async () => {
    packages = llamaPackages()
    work = mkdtempSync(join(tmpdir(), 'tabtune-'))
    gpu = await openTestGpu()
  }, 300_000)
  afterAll(() => {
    gpu.destroy()
    rmSync(work, { recursive: true, force: true })
  })

  async function load(file: ModelFile, base: 'native' | 'nf4-dq'): Promise<LoadedModel> {
    const plan = planBase(file, base, gpu.profile.maxBindingBytes)
    await loadBase(gpu, plan)
    return { file, plan, base: methodBase(plan, undefined), tokenizer: undefined }
  }

  /** The model with its linear layers as they are on the GPU, in F32. */
  async function decoded({ file, plan, base }: LoadedModel): Promise<ModelFile> {
    const tensors = new Map<string, TensorEntry>(file.tensors)
    for (const name of plan.matrices.keys()) {
      const { shape } = file.tensors.get(name)!
      const bytes = new Uint8Array((await base.unpacked(gpu, name)).buffer)
      const readRows = async (first: number, rows: number) => bytes.slice(first * shape[1] * 4, (first + rows) * shape[1] * 4)
      tensors.set(name, { name, shape, format: 'f32', sizeBytes: bytes.length, readRows })
    }
    return { ...file, tensors }
  }

  test.for(cases)('%s, %s, %o: the same probabilities', { timeout: 300_000 }, async ([family, name, given], context) => {
    if (!packages) return context.skip()
    const folder = await openModel(sourcesOf(join(oracle, family)))
    const nf4 = name === 'qlora' ? await load(folder, 'nf4-dq') : undefined
    const bytes = await ggufOf(nf4 ? await decoded(nf4) : folder, someVocabulary(folder.config.vocab, phi3Tokens))
    const [base, file] = [join(work, 'base.gguf'), join(work, 'adapter.gguf')]
    writeFileSync(base, bytes)
    const model = nf4 ?? (await load(await openModel([new MemorySource('base.gguf', bytes)]), 'native'))

    const method = methodNamed(name)
    const ids = text.map((id) => id % folder.config.vocab)
    const batch = microBatch({ input_ids: [ids], attention_mask: [ids.map(() => 1)], labels: [ids] })
    const run = await planRun({
      profile: gpu.profile,
      model,
      method,
      settings: { ...defaults(method.fields), ...given },
      training: defaultTraining({ batchSize: 1, maxLength: batch.length }),
      trainLengths: [batch.length],
      evalLengths: [],
      steps: 3,
    })
    await startRun(gpu, run)
    for (let step = 1; step <= 3; step++) await run.session.step(gpu, [batch], 0.01, step)
    const adapter = await readRunAdapter(gpu, run)
    await endRun(gpu, run)
    writeFileSync(file, (await writeAdapter(adapter, model.base)).find((f) => f.path === 'adapter.gguf')!.bytes)

    const { hooks, parameters } = await setUpMethod(gpu.profile, model, method, adapter.settings, { initial: adapter.tensors })
    const logits = (await logitsOf(gpu, model.plan, hooks, parameters, ids)).slice(-folder.config.vocab)
    const untouched = (await logitsOf(gpu, model.plan, {}, undefined, ids)).slice(-folder.config.vocab)
    release(gpu, model.plan.slots)
    const said = await llamaSays(packages, base, file, ids)
    expect(furthest(logits, said)).toBeLessThan(roundsGelu(folder.config.family) ? 1e-4 : 1e-6)
    expect(furthest(untouched, said), 'the adapter changes what llama.cpp says').toBeGreaterThan(0.01)
  })
})
