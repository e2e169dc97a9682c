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
  4 * Number(one.config.method === other.config.method) +
  2 * Number(one.config.training.maxLength === other.config.training.maxLength) +
  Number(one.data.name === other.data.name)

/** Milliseconds that a run that waits may take, without its evaluations, from how long a row took in the newest run most like it. */
function expectedMs(run: Run, all: readonly Run[]): number | undefined {
  const known = all.filter((one) => one.model.name === run.model.name && one.model.base === run.model.base && rowMs(one) !== undefined)
  const [best] = known.toReversed().sort((a, b) => likeness(b, run) - likeness(a, run))
  const ms = best && rowMs(best)
  return ms === undefined ? undefined : rowsOf(run) * (1 - doneShare(run)) * ms
}

/** Share of its steps that a run has taken, before it was interrupted. */
function doneShare({ last }: Run): number {
  return last ? Math.min(1, last.step / Math.max(1, last.steps)) : 0
}

/** Milliseconds to the end of a run; undefined where nothing tells. */
export function runLeftMs(run: Run, all: readonly Run[]): number | undefined {
  return isOver(run) ? 0 : (run.progress?.leftMs ?? expectedMs(run, all))
}

/** Milliseconds to the end of the last of `runs`, one after another. `unknown`: how many of them nothing is known about. */
export function allLeftMs(runs: readonly Run[], all: readonly Run[]): { ms: number; unknown: number } {
  const left = runs.map((run) => runLeftMs(run, all))
  return { ms: left.reduce<number>((sum, ms) => sum + (ms ?? 0), 0), unknown: left.filter((ms) => ms === undefined).length }
}
