// Loss of a base, or of an adapter on it, over the evaluation rows.
import type { TrainingSettings } from '../config/run-config'
import type { EvaluationProgress } from '../config/run-reports'
import type { Gpu } from '../gpu/gpu'
import { Parameters } from '../tensor/parameters'
import type { Adapter } from './adapter'
import { type Rows, evaluationProgress, planRunBatches } from './batches'
import { type LoadedModel, setUpMethod } from './run'
import { Session, stateSlot } from './session'

/** Mean loss over all supervised tokens, and how many they are. Allocates for this call only. */
export async function evaluateRows(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter | undefined,
  rows: Rows,
  training: TrainingSettings,
  onProgress?: (progress: EvaluationProgress) => void,
): Promise<{ loss: number; tokens: number }> {
  const { hooks, parameters, state } = adapter
    ? await setUpMethod(gpu.profile, model, adapter.method, adapter.settings, { initial: adapter.tensors })
    : { hooks: {}, parameters: new Parameters(false, gpu.profile.maxBindingBytes), state: stateSlot() }
  const { evaluation, evalLengths } = planRunBatches(rows, training)
  const session = new Session({ profile: gpu.profile, base: model.plan, hooks, parameters, training, trainLengths: [], evalLengths, state })
  await session.prepare(gpu)
  try {
    const loss = await session.evaluate(gpu, evaluation, (done) => onProgress?.(evaluationProgress(evaluation, training.batchSize, done)))
    let tokens = 0
    for (let i = 0; i < evaluation.count; i++) tokens += evaluation.get(i).supervised
    return { loss, tokens }
  } finally {
    session.release(gpu)
  }
}
