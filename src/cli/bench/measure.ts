// One workload measured: steady training steps after the first ones.
import { existsSync } from 'node:fs'
import { defaults } from '../../config/field'
import { defaultTraining } from '../../config/run-config'
import type { MicroBatch } from '../../data/micro-batch'
import { openModel } from '../../formats/open-model'
import type { Gpu } from '../../gpu/gpu'
import { loadBase, planBase } from '../../models/base-model'
import { methodNamed } from '../../peft/registry'
import { release } from '../../tensor/program'
import { randomModel } from '../../testing/random-model'
import { methodBase } from '../../train/base'
import { planRun, startRun } from '../../train/run'
import { sourcesAt } from '../files'
import type { Workload } from './workloads'

export interface Measured {
  workload: string
  model: 'file' | 'random weights'
  batch: number
  length: number
  msPerStep: number
  tokensPerSecond: number
  /** Multiply-adds × 2 of the recorded step, per second. */
  gflops: number
  dispatches: number
  hostMsPerStep: number
  planBytes: number
  peakBytes: number
  compileMs: number
}

/** Every position but the last is trained on: as much head as there can be. */
function fullBatch(batch: number, length: number, vocab: number): MicroBatch {
  const ids = Uint32Array.from({ length: batch * length }, (_, i) => (i * 7919 + 13) % vocab)
  const targets = Int32Array.from(ids, (_, i) => ((i + 1) % length ? ids[i + 1] : -1))
  return { rows: batch, length, ids, targets, positions: ids.map((_, i) => i % length), first: new Uint32Array(batch * length), supervised: batch * (length - 1), tokens: batch * length }
}

async function timed(steps: number, step: (i: number) => Promise<unknown>): Promise<{ best: number; host: number }> {
  let [best, host] = [Infinity, Infinity]
  for (let i = 0; i < steps; i++) {
    const start = performance.now()
    const done = step(i)
    host = Math.min(host, performance.now() - start)
    await done
    best = Math.min(best, performance.now() - start)
  }
  return { best, host }
}

/** Milliseconds of the best of `steps` steps, after two that warm up. */
export async function measure(gpu: Gpu, w: Workload, steps: number): Promise<Measured> {
  const file = w.path && existsSync(w.path) ? await openModel(await sourcesAt(w.path)) : randomModel(w.name, w.shape)
  const plan = planBase(file, w.base, gpu.profile.maxBindingBytes)
  await loadBase(gpu, plan)
  const method = methodNamed(w.method)
  const training = defaultTraining({ ...method.training, batchSize: w.batch, maxLength: w.length, checkpointing: w.checkpointing ?? false })
  const settings = defaults(method.fields)
  const run = await planRun({ profile: gpu.profile, model: { file, plan, base: methodBase(file, undefined), tokenizer: undefined }, method, settings, training, trainLengths: [w.length], evalLengths: [], steps })
  gpu.resetPeak()
  const before = performance.now()
  await startRun(gpu, run)
  const compileMs = performance.now() - before
  const batch = fullBatch(w.batch, w.length, file.config.vocab)
  for (let i = 1; i <= 2; i++) await run.session.step(gpu, [batch], 1e-4, i)
  const { best, host } = await timed(steps, (i) => run.session.step(gpu, [batch], 1e-4, i + 3))
  const out: Measured = {
    workload: w.name,
    model: w.path && existsSync(w.path) ? 'file' : 'random weights',
    batch: w.batch,
    length: w.length,
    msPerStep: best,
    tokensPerSecond: (batch.tokens / best) * 1000,
    gflops: run.session.flops / best / 1e6,
    dispatches: run.session.dispatches,
    hostMsPerStep: host,
    planBytes: run.memory.totalBytes,
    peakBytes: gpu.peakBytes,
    compileMs,
  }
  run.session.release(gpu)
  release(gpu, plan.slots)
  return out
}
