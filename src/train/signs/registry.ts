// Every rule about how a run goes. A new one is a line here.
import type { TrainingSettings } from '../../config/run-config'
import type { EvalMetrics, Sign, StepMetrics } from '../../config/run-reports'
import { explodingGradient } from './gradient'
import { nothingLearned, risingLoss, spikingLoss } from './loss'
import { everythingMasked } from './masked'
import { overfitting } from './overfitting'
import type { Rule, Told, Watcher } from './sign'

const rules: readonly Rule[] = [everythingMasked, nothingLearned, risingLoss, spikingLoss, explodingGradient, overfitting]

/** Watches the metrics of a run in their order. `tell` gets each sign once, at its step. */
export function watchRun(training: TrainingSettings, tell: (sign: Sign) => void) {
  let waiting = rules.map(({ name, begin }) => ({ name, watcher: begin(training) }))
  function take(step: number, see: (watcher: Watcher) => Told | undefined): void {
    const told = waiting.flatMap(({ name, watcher }) => {
      const found = see(watcher)
      return found ? [{ name, step, ...found }] : []
    })
    if (!told.length) return
    waiting = waiting.filter(({ name }) => !told.some((sign) => sign.name === name))
    told.forEach(tell)
  }
  const onStep = (metrics: StepMetrics): void => take(metrics.step, (watcher) => watcher.onStep?.(metrics))
  const onEval = (metrics: EvalMetrics): void => take(metrics.step, (watcher) => watcher.onEval?.(metrics))
  return {
    onStep,
    onEval,
    /** The metrics of a run so far. An evaluation comes after the step of its number. */
    replay(steps: Iterable<StepMetrics>, evals: readonly EvalMetrics[]): void {
      let next = 0
      const evaluations = (upTo: number): void => {
        for (; next < evals.length && evals[next]!.step <= upTo; next++) onEval(evals[next]!)
      }
      evaluations(0)
      for (const metrics of steps) {
        onStep(metrics)
        evaluations(metrics.step)
      }
    },
  }
}
