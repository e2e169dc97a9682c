// Early stopping: when a run ends before its last step, and the weights that it ends with.
import { say } from '../config/phrase'
import type { TrainingSettings } from '../config/run-config'
import type { EvalMetrics, Sign } from '../config/run-reports'
import type { Gpu } from '../gpu/gpu'
import type { BestWeights } from './best-weights'
import { bestTrained } from './keep-run'

/** Whether this number of evaluations in a row, after the first step, are no better than the best one. */
function stopsEarly(evals: readonly EvalMetrics[], patience: number): boolean {
  const trained = evals.filter(({ step }) => step > 0)
  const best = bestTrained(trained)
  return patience > 0 && best !== undefined && trained.length - 1 - trained.indexOf(best) >= patience
}

/** Keeps the weights of the best evaluation so far, which is perhaps the newest one. Says whether early stopping ends the run. */
export async function enough(
  gpu: Gpu,
  best: BestWeights,
  evals: readonly EvalMetrics[],
  { patience }: Pick<TrainingSettings, 'patience'>,
): Promise<boolean> {
  if (bestTrained(evals) === evals.at(-1)) await best.take(gpu)
  return stopsEarly(evals, patience)
}

/** Puts the weights of the best evaluation back, unless they are those after `steps` steps. Returns their step. */
export function restored(gpu: Gpu, best: BestWeights, evals: readonly EvalMetrics[], steps: number): number | undefined {
  const step = bestTrained(evals)?.step
  return step !== undefined && step !== steps && best.restore(gpu) ? step : undefined
}

/** What a person is told about a run that early stopping has ended after `step` steps with the weights of an earlier one. */
export function stoppedEarly({ patience }: Pick<TrainingSettings, 'patience'>, step: number, kept: number): Sign {
  const words =
    patience === 1
      ? say`The run ends here, because the last evaluation was no better than the one after step ${kept}. It has the weights of step ${kept}.`
      : say`The run ends here, because the last ${patience} evaluations were no better than the one after step ${kept}. It has the weights of step ${kept}.`
  return { name: 'stopped-early', step, words }
}
