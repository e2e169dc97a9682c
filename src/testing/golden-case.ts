// Golden cases of methods: loss, every gradient, and ten optimizer steps in two variants.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Settings, defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import type { MicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import type { LoadedModel } from '../peft/loaded-model'
import type { Method } from '../peft/method'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { readAdapter } from '../export/adapter'
import { endRun, planRun, startRun } from '../train/run'
import { learningRate } from '../train/schedule'
import { type GoldenBatch, goldenFolder, loadModel, microBatch, present, readFloats, readJson, relativeDistance, sourcesOf } from './golden'
import { type PictureBatch, pictureBatch } from './golden-pictures'

interface Case {
  base_model: string
  /** The key in the adapter's file of each parameter; null if it has none. In the first set. */
  param_map?: Record<string, string | null>
  /** Shape by key in the adapter's file. In the second set. */
  trainable?: Record<string, number[]>
  loss_f32: number
  /** Parameters with a gradient of 0, such as the biases of keys: what is there comes from rounding. */
  grads_zero_up_to_rounding?: string[]
  /** Of models that compare pictures with texts: the classes. */
  extra?: { class_name_tokens?: number[][] }
  batch_a: GoldenBatch | PictureBatch
  batch_b: GoldenBatch | PictureBatch
}

type Variant = 'adamw' | 'adamw_clip_warmup_cosine'
type Losses = Record<Variant, { f32: { losses: number[]; grad_norm_before_clip: number[] } }>

const variants = {
  adamw: { schedule: 'constant', warmup: 0, clip: 0 },
  adamw_clip_warmup_cosine: { schedule: 'cosine', warmup: 3, clip: 1 },
} as const

/** The method and settings of a case without a file to start from: its name begins with that of the method. */
function startOf(name: string): { method: Method; settings: Settings } {
  const method = methodNamed(['linear_probe', 'bitfit'].find((start) => name.startsWith(start))?.replace('_', '-') ?? 'full')
  return { method, settings: defaults(method.fields) }
}

function batchOf(batch: GoldenBatch | PictureBatch, model: LoadedModel, folder: string): MicroBatch | Promise<MicroBatch> {
  return 'images' in batch ? pictureBatch(batch, model, folder) : microBatch(batch)
}

/** Checks the case `name`. Nothing stays allocated. */
async function checkGoldenCase(gpu: Gpu, name: string, checkpointing: boolean): Promise<void> {
  const folder = goldenFolder(`methods/${name}`)
  const golden = readJson<Case>(join(folder, 'case.json'))
  const losses = readJson<Losses>(join(folder, 'losses.json'))
  const model = await loadModel(
    gpu,
    join(folder, golden.base_model),
    name.includes('nf4') ? 'nf4-dq' : 'f32',
    golden.extra?.class_name_tokens,
  )
  const init = join(folder, 'init')
  // Full fine-tuning starts from the base alone.
  const adapter = existsSync(init) ? await readAdapter(sourcesOf(init), model.base, true) : { ...startOf(name), tensors: undefined }
  const [a, b] = await Promise.all([golden.batch_a, golden.batch_b].map((batch) => batchOf(batch, model, join(folder, golden.base_model))))
  const gradients = await readFloats(join(folder, 'grads.safetensors'))
  // Large cases keep the gradients of only some parameters. Prompts from an encoder have no key in the adapter's file.
  const mapped = golden.param_map ? Object.values(golden.param_map) : Object.keys(golden.trainable!)
  const trained = mapped.every((key) => key !== null) ? mapped : [...gradients.keys()]

  for (const variant of Object.keys(variants) as Variant[]) {
    const training = defaultTraining({
      ...variants[variant],
      batchSize: a.rows,
      maxLength: 64,
      learningRate: 1e-3,
      weightDecay: 0.01,
      decayAll: true,
      checkpointing,
    })
    const run = await planRun({
      profile: gpu.profile,
      model,
      method: adapter.method,
      settings: adapter.settings,
      training,
      trainLengths: [a.length, b.length],
      evalLengths: [],
      steps: 10,
      initial: adapter.tensors,
    })
    gpu.resetPeak()
    await startRun(gpu, run)
    expect(gpu.peakBytes).toBe(run.memory.totalBytes)

    if (variant === 'adamw') {
      expect(Math.abs((await run.session.gradients(gpu, [a])) - golden.loss_f32)).toBeLessThan(1e-5)
      const got = await run.parameters.read(gpu, 'gradients')
      const rounding = new Set(golden.grads_zero_up_to_rounding)
      for (const [key, want] of gradients)
        if (!rounding.has(key)) expect(relativeDistance(got.get(key)!, want.values), key).toBeLessThan(1e-3)
      expect([...got.keys()].sort()).toEqual(trained.sort())
    }

    const { buffersMade, pipelinesMade } = gpu
    const want = losses[variant].f32
    for (let i = 0; i < 10; i++) {
      const result = await run.session.step(gpu, [i % 2 ? b : a], learningRate(training, i, 10), i + 1)
      expect(Math.abs(result.loss - want.losses[i]), `loss of step ${i}`).toBeLessThan(1e-4)
      expect(result.finite).toBe(true)
    }
    expect({ buffers: gpu.buffersMade - buffersMade, pipelines: gpu.pipelinesMade - pipelinesMade }).toEqual({ buffers: 0, pipelines: 0 })
    await endRun(gpu, run)
  }
  release(gpu, model.plan.slots)
}

/** Tests the cases on the file's GPU, without and with checkpointing, or only without. Absent cases are skipped. */
export function testGoldenCases(gpu: () => Gpu, names: readonly string[], checkpointing: readonly boolean[] = [false, true]): void {
  for (const name of names) {
    const folder = goldenFolder(`methods/${name}`)
    const here = present(folder) && present(join(folder, readJson<Case>(join(folder, 'case.json')).base_model))
    for (const chosen of checkpointing)
      test.skipIf(!here)(`${name}, checkpointing ${chosen}`, { timeout: 120_000 }, () => checkGoldenCase(gpu(), name, chosen))
  }
}
