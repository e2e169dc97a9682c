// Keeps a run while it trains: its snapshots, from which it can be resumed, and its best adapter.
import { phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import type { EvalMetrics, StepMetrics } from '../config/run-reports'
import type { Gpu } from '../gpu/gpu'
import type { Snapshot } from '../storage/snapshot'
import type { BestWeights } from './best-weights'
import { kernelsOf } from './resume'
import { NumberRows } from './number-rows'
import type { Run } from './run'
import { type Known, takeAdapter, takeSnapshot } from './run-snapshot'
import type { Origin, TrainerState } from './snapshot-about'
import type { TrainerKeeping } from './trainer'

/** Where snapshots go. A snapshot reads from the GPU, so training waits until it is stored. */
export interface RunSaver {
  /** Snapshots are taken after so many steps, after so many milliseconds, after evaluations, and before the run waits or ends. */
  everySteps?: number
  everyMs?: number
  /** Absent = the run cannot be resumed. `byTime`: only because `everyMs` have passed. */
  take?(snapshot: Snapshot, byTime: boolean): Promise<void>
  /** False if the newest snapshot is in main memory only; absent = true. */
  readonly stored?: boolean
  /** Gets the adapter of the evaluation with the lowest loss so far, unless it is the closing one. */
  best?(snapshot: Snapshot): Promise<void>
  /** Called if one of these has failed. The run continues. */
  onProblem(problem: Phrase): void
}

/** The numbers of a run so far. */
export interface Numbers {
  steps: NumberRows<StepMetrics>
  evals: EvalMetrics[]
}

/** The evaluation with the lowest loss; the earlier one of two with the same loss. A loss that is not a number is never the lowest. */
export function bestEvaluation(evals: readonly EvalMetrics[]): EvalMetrics | undefined {
  const numbers = evals.filter(({ evalLoss }) => !Number.isNaN(evalLoss))
  return numbers.reduce<EvalMetrics | undefined>((a, b) => (a && a.evalLoss <= b.evalLoss ? a : b), undefined)
}

/** The best evaluation after the first step. */
export function bestTrained(evals: readonly EvalMetrics[]): EvalMetrics | undefined {
  return bestEvaluation(evals.filter(({ step }) => step > 0))
}

/** What the trainer calls to keep `run`. `numbers` grow while it trains. `best` are the weights that it may end with. */
export async function keeping(
  gpu: Gpu,
  run: Run,
  origin: Origin,
  numbers: Numbers,
  peakGpuBytes: () => number,
  saver: RunSaver,
  best?: BestWeights,
): Promise<TrainerKeeping> {
  const kernels = await kernelsOf(gpu)
  const known = (state: TrainerState): Known => ({ origin, kernels, state, peakGpuBytes: peakGpuBytes() })
  const attempt = async (work: () => Promise<void>): Promise<Phrase | undefined> => {
    try {
      await work()
      return undefined
    } catch (error) {
      // A full disk does not end a run, but the loss of the device does.
      gpu.check()
      const problem = phraseOf(error)
      saver.onProblem(problem)
      return problem
    }
  }
  return {
    everySteps: saver.everySteps,
    get everyMs() {
      return saver.everyMs
    },
    get stored() {
      return saver.stored ?? true
    },
    async snapshot(state, byTime) {
      const tables = { steps: numbers.steps.table(), evals: new NumberRows(numbers.evals).table() }
      return saver.take && attempt(async () => saver.take?.(await takeSnapshot(gpu, run, known(state), tables, best?.parts), byTime))
    },
    async evaluated(metrics, state) {
      if (saver.best && bestTrained(numbers.evals) === metrics)
        await attempt(async () => saver.best?.(await takeAdapter(gpu, run, known(state))))
    },
  }
}
