// Saves a run on the disk while it trains, and its best adapter at the end.
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FormatError, messageOf } from '../config/errors'
import { say, sentence } from '../config/phrase'
import { writeAdapter } from '../export/adapter'
import { adapterOfType } from '../formats/adapter-type'
import type { Gpu } from '../gpu/gpu'
import type { FloatType } from '../peft/model-folder'
import { type Conducted, recordOf } from '../train/conduct'
import { type RunSaver, bestTrained } from '../train/keep-run'
import { keptAdapter } from '../train/kept-adapter'
import type { RunRequest } from '../train/run-request'
import type { Options } from './options'
import { writeWhole } from './out-folder'
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

/** Removes the best adapter of an earlier run in the folder `out`, which would be taken for this run's. Call it before files are written. */
export async function dropEarlierBest(out: string): Promise<void> {
  const ours = await stat(join(out, 'metrics.jsonl')).catch(() => undefined)
  if (ours) await rm(join(out, 'best'), { recursive: true, force: true })
}

/** Writes the adapter of the best evaluation into DIR/best, if it is not the last one. Says so if it could not be kept. */
export async function writeBest(
  gpu: Gpu,
  request: RunRequest,
  { outcome, evals, memory, restoredStep }: Conducted,
  out: string,
  folder: RunFolder,
  type: FloatType,
): Promise<void> {
  const { model } = request
  const measured = bestTrained(evals)
  const step = measured?.step
  if (step === undefined || step === (restoredStep ?? outcome.steps)) return
  const best = join(out, 'best')
  try {
    const found = await folder.best.newest()
    const kept = found && (await keptAdapter(gpu.profile, model, found.snapshot))
    // If a later one could not be saved, it is an earlier one.
    if (kept?.step !== step) throw new FormatError(say`the adapter after step ${step} was not saved.`)
    const files = await writeAdapter({ ...kept.adapter, evaluation: recordOf(request, memory, measured) }, model.base)
    await writeWhole(best, await adapterOfType(files, type))
    process.stderr.write(`The adapter with the lowest held-out loss, after step ${step}, is in ${best}.\n`)
  } catch (error) {
    process.stderr.write(`The adapter with the lowest held-out loss, after step ${step}, is lost: ${messageOf(error)}\n`)
  }
}
