// tabtune train for a model that sorts pictures: prints one JSON object per step, and writes the adapter's folder to --out.
import { sentence } from '../../config/phrase'
import type { LoadedModel } from '../../peft/loaded-model'
import type { Adapter } from '../../peft/method'
import { methodNamed } from '../../peft/registry'
import { type ConductEvents, conduct } from '../../train/conduct'
import { Control } from '../../train/control'
import { runFiles } from '../../train/run-files'
import type { RunRequest } from '../../train/run-request'
import { writeFolder } from '../files'
import { floatTypeOf } from '../float-type'
import { openGpu } from '../open'
import type { Options } from '../options'
import { refuseInputs } from '../out-folder'
import { openPictureModel, openPictureRows, refuseText } from '../picture-rows'
import { runBar } from '../progress'
import { type Chosen, checkFree } from '../run-folder'
import { steerBySignal } from '../steer'

type ChosenRun = (options: Options, model: LoadedModel) => Promise<{ chosen: Chosen; initial?: Adapter['tensors'] }>

/** `chosenRun`: the method and settings that the options choose. */
export async function trainPictures(options: Options, chosenRun: ChosenRun): Promise<void> {
  refuseText(options, ['method', 'init', 'eval', 'hold-out', 'shots', 'dtype', 'out'])
  const out = options.need('out')
  await checkFree(out)
  await refuseInputs(out, [options.need('model')])
  const named = options.text('method')
  const gpu = await openGpu()
  const model = await openPictureModel(gpu, options, named ? (methodNamed(named).bases[0] ?? 'native') : 'native')
  const { chosen, initial } = await chosenRun(options, model)
  const { like: _like, ...about } = chosen
  const rows = await openPictureRows(options, model, about.training.seed)
  const request: RunRequest = { ...about, model, rows, initial }
  const control = new Control()
  steerBySignal(control)
  const line = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
  const bar = runBar('training')
  const events: ConductEvents = {
    onPlan: ({ notice }) => notice && process.stderr.write(`${sentence(notice)}\n`),
    onProgress: bar.progress,
    onStep: (metrics) => {
      line(metrics)
      bar.step(metrics)
    },
    onEval: line,
    onSign: ({ step, words }) => process.stderr.write(`step ${step}: ${sentence(words)}\n`),
    onPaused: () => undefined,
  }
  const done = await conduct(gpu, request, control, events)
  const { files, failure } = await runFiles('', request, done, floatTypeOf(options, 'f32'))
  await writeFolder(out, files)
  if (failure) throw failure
  gpu.destroy()
}
