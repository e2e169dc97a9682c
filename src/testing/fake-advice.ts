// What the fake engine says before a run.
import { say } from '../config/phrase'
import type { RunConfig } from '../config/run-config'
import type { EngineApi, MemoryReport, ModelReport, WayToFit } from '../worker/api'

/** The memory of a run, which must not exceed 1 GiB. */
export function memoryReport(config: RunConfig, rows: number, model: ModelReport): MemoryReport {
  const rank = Number(config.methodSettings.r ?? 2)
  const trainable = rank * 7168
  const activations = config.training.batchSize * config.training.maxLength * 9000
  const parts = [
    { purpose: 'weights', bytes: model.gpuBytes },
    { purpose: 'adapter', bytes: trainable * 4 },
    { purpose: 'gradients', bytes: trainable * 4 },
    { purpose: 'optimizer', bytes: trainable * 8 },
    { purpose: 'activations', bytes: activations },
  ]
  const totalBytes = parts.reduce((sum, p) => sum + p.bytes, 0)
  const perEpoch = Math.ceil(rows / (config.training.batchSize * config.training.accumulate))
  return {
    totalBytes,
    parts,
    trainableParameters: trainable,
    totalParameters: model.parameters,
    adapterFileBytes: trainable * 4 + 2048,
    steps: config.training.steps || Math.max(1, Math.ceil(perEpoch * config.training.epochs)),
    roomBytes: totalBytes > 2 ** 30 ? 2 ** 30 : undefined,
    problemSettings: ['batchSize', 'maxLength'],
    problem:
      totalBytes > 2 ** 30
        ? say`memory: expected at most 1 GiB, got ${(totalBytes / 2 ** 30).toFixed(2)} GiB. Lower the batch size or the maximum length.`
        : undefined,
  }
}

/** Two ways for every run that does not fit: a shorter length, and one that changes the base. */
export function fakeAdvice(estimate: EngineApi['estimate']): Pick<EngineApi, 'waysToFit'> {
  return {
    async waysToFit(config) {
      const result = await estimate(config)
      if (!result.ok) return result
      if (result.value.problem === undefined) return { ok: true, value: [] }
      const shorter = config.training.maxLength / 16
      const ways: WayToFit[] = [
        {
          words: say`A maximum length of ${shorter} tokens`,
          price: say`1 of 100 rows are cut.`,
          change: { training: { maxLength: shorter } },
          bytes: 2 ** 26,
        },
        { words: say`The base in 4 bits (NF4)`, price: say`The model is loaded again.`, change: { base: 'nf4' }, bytes: 2 ** 27 },
      ]
      return { ok: true, value: ways }
    },
  }
}
