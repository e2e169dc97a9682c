// How long runs that have not ended may still take: the current one says it, and those that wait are estimated from earlier runs.
import { type Run, isOver } from './run'

/** Rows that a run trains on, each as often as it is trained on. */
function rowsOf({ config, data, memory }: Run): number {
  const { steps, epochs, batchSize, accumulate } = config.training
  const perStep = batchSize * accumulate
  return (memory?.steps || steps || Math.ceil((data.rows * epochs) / perStep)) * perStep
}

/** Milliseconds of training for a row; undefined before the first step. */
function rowMs({ config, last }: Run): number | undefined {
  const rows = (last?.step ?? 0) * config.training.batchSize * config.training.accumulate
  const ms = last && rows > 0 ? last.elapsedMs / rows : NaN
  return Number.isFinite(ms) ? ms : undefined
}

/** How much a run tells about the time of another one on the same model. */
const likeness = (one: Run, other: Run): number =>
  8 * Number(one.config.method === other.config.method) +
  4 * Number(one.config.training.maxLength === other.config.training.maxLength) +
  2 * Number(one.data.name === other.data.name) +
  Number(one.config.training.evalEvery === other.config.training.evalEvery)

/** How long a run may still take. `bare`: of training only, because no run like it tells how long its evaluations and answers take. */
interface RunLeft {
  ms: number
  bare: boolean
}

/** The time of a run that waits: from how long a row took in the newest run most like it, and how long that run took as a whole. */
function expected(run: Run, all: readonly Run[]): RunLeft | undefined {
  const known = all.filter((one) => one.model.name === run.model.name && one.model.base === run.model.base && rowMs(one) !== undefined)
  const [best] = known
    .toReversed()
    .sort((a, b) => likeness(b, run) - likeness(a, run) || Number(b.wholeMs !== undefined) - Number(a.wholeMs !== undefined))
  const ms = best && rowMs(best)
  if (ms === undefined) return undefined
  const { wholeMs, last } = best
  const whole = wholeMs === undefined ? undefined : wholeMs / Math.max(1, last?.elapsedMs ?? 0)
  return { ms: rowsOf(run) * (1 - doneShare(run)) * ms * Math.max(1, whole ?? 1), bare: whole === undefined }
}

/** Share of its steps that a run has taken, before it was interrupted. */
function doneShare({ last }: Run): number {
  return last ? Math.min(1, last.step / Math.max(1, last.steps)) : 0
}

/** How long a run may still take; undefined where nothing tells. The engine counts the evaluations of the current one. */
export function runLeft(run: Run, all: readonly Run[]): RunLeft | undefined {
  const known = isOver(run) ? 0 : run.progress?.leftMs
  return known === undefined ? expected(run, all) : { ms: known, bare: false }
}

/**
 * How long `runs` may still take, one after another. `unknown`: how many of them nothing tells about; `bare`: of how many the evaluations are not
 * counted.
 */
export function allLeft(runs: readonly Run[], all: readonly Run[]): { ms: number; unknown: number; bare: number } {
  const left = runs.map((run) => runLeft(run, all))
  return {
    ms: left.reduce((sum, one) => sum + (one?.ms ?? 0), 0),
    unknown: left.filter((one) => one === undefined).length,
    bare: left.filter((one) => one?.bare).length,
  }
}
