// The loss of the base model, with or without an adapter, over the evaluation rows.
import type { TrainingSettings } from '../config/run-config'
import type { EvaluationProgress } from '../config/run-reports'
import type { Gpu } from '../gpu/gpu'
import { Parameters } from '../tensor/parameters'
import type { Adapter } from '../peft/method'
import type { RunRows } from '../data/run-rows'
import { type BatchSource, evaluationProgress, planRunBatches } from './batches'
import { Clock } from './clock'
import type { LoadedModel } from '../peft/loaded-model'
import { type Evaluated, evaluationOf } from './evaluation'
import { setUpMethod } from './run'
import { stateSlot } from '../ops/step-state'
import { type Measured, Session } from './session'

/** What the batches measure; `lengths` are their padded lengths. Frees its memory before it returns. */
export async function evaluateBatches(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter | undefined,
  batches: Pick<BatchSource, 'count' | 'get'>,
  lengths: readonly number[],
  training: TrainingSettings,
  onBatch?: (done: number) => void | Promise<void>,
): Promise<Measured> {
  const { hooks, parameters, state } = adapter
    ? await setUpMethod(gpu.profile, model, adapter.method, adapter.settings, { initial: adapter.tensors })
    : { hooks: {}, parameters: new Parameters(false, gpu.profile.maxBindingBytes), state: stateSlot() }
  const plan = { profile: gpu.profile, base: model.plan, hooks, parameters, training, state }
  const session = new Session({ ...plan, trainLengths: [], evalLengths: lengths })
  await session.prepare(gpu)
  try {
    return await session.evaluate(gpu, batches, onBatch)
  } finally {
    session.release(gpu)
  }
}

/** The metrics over the evaluation rows that a run with these settings takes, their number, and that of their supervised tokens. */
export async function evaluateRows(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter | undefined,
  rows: RunRows,
  training: TrainingSettings,
  onProgress?: (progress: EvaluationProgress) => void,
): Promise<{ evaluation: Evaluated; rows: number; tokens: number }> {
  const { evaluation: batches, evalLengths } = planRunBatches(rows, training, adapter?.method)
  const clock = new Clock()
  const {
    loss,
    accuracy,
    supervised: tokens,
  } = await evaluateBatches(gpu, model, adapter, batches, evalLengths, training, (done) =>
    onProgress?.(evaluationProgress(batches, training.batchSize, done, clock.elapsedMs)),
  )
  return { evaluation: evaluationOf(loss, accuracy), rows: batches.rows, tokens }
}
