// What the fake engine says before a run.
import { type Phrase, say } from '../config/phrase'
import { type PrecisionTrial, precisions, trialSteps } from '../config/precision-trial'
import type { RateTrial } from '../config/rate-sweep'
import { type SizeMeasure, sizesToMeasure, withRows } from '../config/run-measure'
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

/** A base that nothing changed, a sweep whose best rate is 0.01, fast products in two thirds of the time, and two ways for every run that does not fit. `beat` waits; it resolves with false after a stop. */
export function fakeAdvice(
  estimate: EngineApi['estimate'],
  beat: () => Promise<boolean>,
): Pick<EngineApi, 'waysToFit' | 'rateSweep' | 'measureRun' | 'tryPrecisions' | 'checkBase'> {
  return {
    async checkBase(onProgress) {
      onProgress({ phase: 'checking', fraction: 0.5 })
      if (!(await beat())) return { ok: false, error: { kind: 'Cancelled', phrase: say`Stopped as asked.` } }
      return {
        ok: true,
        value: { sum: 'ab'.repeat(32), tensors: 21, sizeBytes: 2_624_000, timeMs: 800, changed: [], putBack: 0, reloaded: false },
      }
    },
    async rateSweep(_config, onUpdate) {
      const rates = [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.0018, 0.0032, 0.0056]
      const trials: RateTrial[] = []
      for (const [i, rate] of rates.entries()) {
        if (!(await beat())) return { ok: false, error: { kind: 'Cancelled', phrase: say`Stopped as asked.` } }
        const fall = Math.min(0.9, 1.5 * rate ** 0.25)
        trials.push({ rate, losses: rate < 0.1 ? Array.from({ length: 30 }, (_, step) => 4 - 3.5 * fall * (step / 29)) : [4, 9, NaN] })
        onUpdate({ trials: [...trials], left: rates.length - 1 - i })
      }
      return { ok: true, value: { trials, left: 0 } }
    },
    async tryPrecisions(_config, onUpdate) {
      const trials: PrecisionTrial[] = []
      for (const precision of precisions) {
        const [losses, stepMs]: [number[], number[]] = [[], []]
        const offset = precision === 'fast' ? 0.0002 : 0
        for (let step = 0; step < trialSteps; step++) {
          losses.push(4 - step / 20 + offset)
          stepMs.push(precision === 'fast' ? 20 : 30)
          onUpdate([...trials, { precision, steps: trialSteps, losses: [...losses], stepMs: [...stepMs] }])
        }
        if (!(await beat())) return { ok: false, error: { kind: 'Cancelled', phrase: say`Stopped as asked.` } }
        trials.push({ precision, steps: trialSteps, losses, stepMs })
      }
      return { ok: true, value: trials }
    },
    async measureRun(config, several, onUpdate) {
      const { training } = config
      const sizes: SizeMeasure[] = []
      for (const rows of several ? sizesToMeasure(training, 16) : [training.batchSize]) {
        onUpdate({ sizes: [...sizes], now: rows })
        if (!(await beat())) return { ok: false, error: { kind: 'Cancelled', phrase: say`Stopped as asked.` } }
        const { accumulate } = withRows(training, rows)
        const plan = await estimate({ ...config, training: { ...training, batchSize: rows, accumulate } })
        if (!plan.ok) return plan
        const { totalBytes: bytes, steps } = plan.value
        const stepMs = 4 + 8 / rows
        sizes.push({ rows, accumulate, bytes, steps, stepMs, tokensPerSecond: 400 - 300 / rows, runMs: steps * stepMs })
      }
      return { ok: true, value: { sizes, end: several ? say`32 rows do not fit at once.` : undefined } }
    },
    async waysToFit(config, refused) {
      const result = await estimate(config)
      if (!result.ok) return result
      if (result.value.problem === undefined && !refused) return { ok: true, value: [] }
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

/** The engine with a model that takes at most 512 tokens, and what it says of a run with 2048. */
export function tooShortModel(fake: EngineApi): { engine: EngineApi; problem: Phrase } {
  const problem = say`The maximum length is ${2048} tokens; this model takes at most ${512}. Lower the maximum length.`
  const estimate: EngineApi['estimate'] = async (config) => {
    const found = await fake.estimate(config)
    const long = found.ok && config.training.maxLength > 512
    return long ? { ok: true, value: { ...found.value, problem, problemSettings: ['maxLength'], roomBytes: undefined } } : found
  }
  return { engine: { ...fake, estimate }, problem }
}
