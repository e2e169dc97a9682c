// How long the runs of a comparison may take, from how fast earlier runs on the same model trained.
import type { DataReport, ModelReport } from '../worker/api'
import type { comparisonConfigs } from './comparison-store'
import type { Run } from './run'

type Configs = ReturnType<typeof comparisonConfigs>

/** Tokens, or pictures, per second of the newest run on this model, with the same method if there is one. */
function speedOf(method: string, model: ModelReport, runs: readonly Run[]): number | undefined {
  const speed = ({ summary }: Run): number => (model.pictures ? summary?.picturesPerSecond : summary?.tokensPerSecond) ?? 0
  const measured = runs.filter((run) => run.model.lineage === model.lineage && speed(run) > 0)
  const found = measured.findLast((run) => run.config.method === method) ?? measured.at(-1)
  return found && speed(found)
}

/** Milliseconds for all runs, with their evaluations; undefined if no run has trained on this model yet. `cut`: the data at their length. */
export function comparisonMs(configs: Configs, model: ModelReport, cut: DataReport, runs: readonly Run[]): number | undefined {
  const perRow = model.pictures ? 1 : cut.tokens / Math.max(1, cut.rows - cut.problemCount)
  let sum = 0
  for (const { method, config } of configs) {
    const speed = speedOf(method.name, model, runs)
    if (speed === undefined) return undefined
    const { steps: given, epochs, batchSize, accumulate, evalEvery, evalRows } = config.training
    const steps = given || Math.ceil((cut.trainRows * epochs) / (batchSize * accumulate))
    const evaluations = 2 + (evalEvery > 0 ? Math.floor(steps / evalEvery) : 0)
    // A step costs about three passes over its tokens, an evaluation one.
    const rows = steps * batchSize * accumulate + (evaluations * Math.min(evalRows, cut.evalRows)) / 3
    sum += (rows * perRow * 1000) / speed
  }
  return sum
}
