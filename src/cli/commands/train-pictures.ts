// tabtune train for a model that sorts pictures: prints one JSON object per step, and writes the adapter's folder to --out.
import { sentence } from '../../config/phrase'
import { methodNamed } from '../../peft/registry'
import { type ConductEvents, conduct } from '../../train/conduct'
import { Control } from '../../train/control'
import { runFiles } from '../../train/run-files'
import type { RunRequest } from '../../train/run-request'
import { floatTypeOf } from '../float-type'
import { openGpu } from '../open'
import { writeWhole } from '../out-folder'
import { type ChosenRun, openPictureModel, openPictureRows, refuseText, tellPictures } from '../picture-rows'
import { runBar } from '../progress'
import { type Trained, runFolder } from '../run-folder'
import { dropEarlierBest, saveEvery, saverFor, writeBest } from '../save-run'
import { steerBySignal } from '../steer'
import { orWays } from '../ways'

/** `chosenRun`: the method and settings that the options choose; a run that is resumed has its own. */
export async function trainPictures({ options, out, resume, ...run }: Trained, chosenRun: ChosenRun): Promise<void> {
  refuseText(options, ['method', 'init', 'eval', 'hold-out', 'shots', 'dtype', 'save-every', 'out'])
  const everySteps = saveEvery(options)
  const type = floatTypeOf(options, 'f32')
  const named = options.text('method')
  const gpu = await openGpu()
  const model = await openPictureModel(gpu, options, named ? (methodNamed(named).bases[0] ?? 'native') : 'native')
  const { chosen, initial } = run.chosen && resume ? { chosen: run.chosen, initial: undefined } : await chosenRun(options, model)
  const { like: _like, ...about } = chosen
  const rows = (await openPictureRows(options, model, about.training.seed))(about.training)
  tellPictures(rows, model.file)
  const request: RunRequest = { ...about, model, rows, initial }
  const folder = runFolder(out)
  if (!resume) {
    await folder.clear()
    if (everySteps !== undefined) await folder.begin(options, chosen)
  }
  const control = new Control()
  steerBySignal(control)
  const line = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
  const bar = runBar('training')
  const events: ConductEvents = {
    onPlan: ({ notice, fitted }) => {
      for (const words of [notice, fitted]) if (words) process.stderr.write(`${sentence(words)}\n`)
    },
    onProgress: bar.progress,
    onStep: (metrics) => {
      line(metrics)
      bar.step(metrics)
    },
    onEval: line,
    onSign: ({ step, words }) => process.stderr.write(`step ${step}: ${sentence(words)}\n`),
    onPaused: () => undefined,
  }
  const keeping = { resume, save: saverFor(folder, everySteps) }
  const done = await orWays(gpu, request, () => conduct(gpu, request, control, events, keeping))
  const { files, failure } = await runFiles('', request, done, type)
  await dropEarlierBest(out)
  await writeWhole(out, files)
  await writeBest(gpu, request, done, out, folder, type)
  if (done.outcome.status !== 'stopped' || everySteps === undefined) await folder.clear()
  else process.stderr.write(`The run can be resumed: tabtune train --resume ${out}\n`)
  if (failure) throw failure
  gpu.destroy()
}
