// Saves a run on the disk while it trains, and its best adapter at the end.
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FormatError } from '../config/errors'
import { say, sentence } from '../config/phrase'
import { writeAdapter } from '../export/adapter'
import type { Gpu } from '../gpu/gpu'
import type { Conducted } from '../train/conduct'
import { type RunSaver, bestTrained } from '../train/keep-run'
import { keptAdapter } from '../train/kept-adapter'
import type { RunRequest } from '../train/run-request'
import { writeFolder } from './files'
import type { Options } from './options'
import type { RunFolder } from './run-folder'

/** Snapshots every `everySteps` steps, if it is given, and the best adapter of the run. */
export function saverFor(folder: RunFolder, everySteps: number | undefined): RunSaver {
  return {
    everySteps,
    ...(everySteps !== undefined && { take: (snapshot) => folder.last.save(snapshot) }),
    best: (snapshot) => folder.best.save(snapshot),
    onProblem: (problem) => process.stderr.write(`The run could not be saved, and continues. ${sentence(problem)}\n`),
  }
}

/** Steps between two snapshots. @throws FormatError */
export function saveEvery(options: Options): number | undefined {
  const steps = options.number('save-every')
  if (steps !== undefined && !(Number.isInteger(steps) && steps > 0))
    throw new FormatError(say`--save-every: expected a number of steps, at least 1, got ${steps}. Correct it.`)
  return steps
}

/** Writes the adapter of the best evaluation into DIR/best, if it is not the last one. Call it before the other files are written. */
export async function writeBest(
  gpu: Gpu,
  { model }: RunRequest,
  { outcome, evals }: Conducted,
  out: string,
  folder: RunFolder,
): Promise<void> {
  const best = join(out, 'best')
  // One of an earlier run would be taken for this run's.
  const earlier = await stat(join(out, 'metrics.jsonl')).catch(() => undefined)
  if (earlier) await rm(best, { recursive: true, force: true })
  const step = bestTrained(evals)?.step
  const kept = step !== undefined && step !== outcome.steps && (await folder.best.newest())
  if (!kept) return
  const { adapter } = await keptAdapter(gpu.profile, model, kept.snapshot)
  await writeFolder(best, await writeAdapter(adapter, model.base))
  process.stderr.write(`The adapter with the lowest evaluation loss, after step ${step}, is in ${best}.\n`)
}
