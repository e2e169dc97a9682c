// What the commands open for a model that sorts pictures: the model for the classes of the data, and pictures as it sees them.
import { FormatError, UnsupportedError } from '../config/errors'
import { say, sentence } from '../config/phrase'
import { fieldsFor } from '../config/field'
import { plainNumber } from '../config/number-text'
import type { BaseFormat, TrainingSettings } from '../config/run-config'
import type { Kind } from '../config/task'
import type { PictureData } from '../data/picture-data'
import type { RunRows } from '../data/run-rows'
import { pixelsOf, visionOf } from '../decode/classify'
import { processorAmong } from '../decode/model-processor'
import type { ModelFile } from '../formats/model-file'
import { hasClasses, withClasses } from '../formats/new-classes'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { type LoadedModel, loadModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { methodNamed } from '../peft/registry'
import { PictureBudget, pictureReader, pictureSource } from '../pictures/loader'
import type { Processor } from '../pictures/processor'
import { chosen } from '../pictures/report'
import { fewerShots } from '../pictures/sample'
import { type ReadableSet, checkProcessor, pictureData, pictureRunRows } from '../train/picture-run'
import type { RunRequest } from '../train/run-request'
import { sourcesAt } from './files'
import { nodeCodecs } from './node/picture-codecs'
import { withTexts } from './class-texts'
import { type Options, methodFields, optionOf } from './options'
import { classesFor, pictureAt, picturesAt, processorAt } from './picture-files'
import { progressBar } from './progress'
import type { Chosen } from './run-folder'
import { tell } from './tell'

const ownOptions = ['classes', 'preprocessor', 'class-template'] as const

/** Options of training settings that only models of one kind have. */
const ownFields = ({ trainingFields }: Options, kind: Kind): string[] => trainingFields.filter((field) => field.kind === kind).map(optionOf)

/** The method and settings that options choose, and the adapter to train further. */
export type ChosenRun = (options: Options, model: LoadedModel) => Promise<{ chosen: Chosen; initial?: Adapter['tensors'] }>

/** Whether the model at `path`, or that of --model, sorts pictures. @throws FormatError for options of such models, given for another one */
export async function seesPictures(options: Options, path = options.text('model')): Promise<boolean> {
  // What cannot be opened is reported where the command opens it.
  const model =
    path === undefined
      ? undefined
      : await sourcesAt(path)
          .then((files) => openModel(files, { pictures: true }))
          .catch(() => undefined)
  if (!model) return false
  const { config, name } = model
  if (config.vision) return true
  const own = new Set<string>([...ownOptions, ...ownFields(options, 'pictures')])
  const other = options.all.find(([option]) => own.has(option))
  if (other)
    throw new FormatError(say`--${other[0]}: expected a model that sorts pictures, got ${name}, which writes text. Leave the option out.`)
  return false
}

/** Refuses options that only language models take. `own`: those of the command. @throws UnsupportedError */
export function refuseText(options: Options, own: readonly string[]): void {
  const taken = new Set([
    'model',
    'data',
    'base',
    'set',
    ...ownOptions,
    ...own,
    ...[...fieldsFor(options.trainingFields, 'pictures'), ...methodFields].map(optionOf),
  ])
  const other = options.all.find(([name]) => !taken.has(name))
  if (other)
    throw new UnsupportedError(
      say`--${other[0]}: expected options for pictures, got one that only language models take. Leave it out, or choose a language model.`,
    )
}

/** The model, with a new head if --classes or the adapter is for other classes than it has. */
export async function openPictureFile(options: Options, path = options.need('model')): Promise<ModelFile> {
  const file = await openModel(await sourcesAt(path), { pictures: true })
  const { classes } = visionOf({ file })
  if (file.config.text) return withTexts(options, file)
  if (options.templates.length)
    throw new UnsupportedError(
      say`--class-template: expected a model that compares pictures with texts, got ${file.name}, which sorts them by a head. Leave the option out.`,
    )
  const { names, trained } = await classesFor(options, classes)
  if (names && !trained && !hasClasses(classes, names))
    tell([`${file.name}: its head is for other classes, so it gets a new one for ${names.length} classes, which starts at zero.`])
  return names ? withClasses(file, names) : file
}

/** Loads the model at `path`, with a new head if --classes or the adapter is for other classes than it has. @throws UnsupportedError for a model of text */
export async function openPictureModelAt(gpu: Gpu, options: Options, path: string, base: BaseFormat): Promise<LoadedModel> {
  return loadModel(gpu, await openPictureFile(options, path), base, { onProgress: progressBar('loading') })
}

/** The same for --model in the base precision of --base. */
export const openPictureModel = (gpu: Gpu, options: Options, fallback: BaseFormat = 'native'): Promise<LoadedModel> =>
  openPictureModelAt(gpu, options, options.need('model'), options.base(fallback))

/** Loads --model for a merge, which changes weights: what one reads for its classes is none of them, so none have to be named. */
export async function openToMerge(gpu: Gpu, options: Options): Promise<LoadedModel> {
  const file = await openModel(await sourcesAt(options.need('model')), { pictures: true })
  if (!file.config.text) return openPictureModel(gpu, options)
  return loadModel(gpu, file, options.base('native'), { onProgress: progressBar('loading') })
}

/** How pictures are prepared: as --preprocessor or the model's own file says. @throws FormatError, UnsupportedError */
async function processorOf(options: Options, { name, companions }: ModelFile): Promise<Processor> {
  const given = options.text('preprocessor')
  const processor = given === undefined ? await processorAmong(companions ?? []) : await processorAt(given)
  if (processor) return processor
  throw new FormatError(
    say`${name}: expected preprocessor_config.json beside config.json, got none. Choose the model's whole folder, or name the file with --preprocessor.`,
  )
}

/** Opens sets for the model. What they keep of their pictures shares one budget. */
async function setsFor(options: Options, file: ModelFile): Promise<(path: string) => Promise<ReadableSet>> {
  const reading = { processor: await processorOf(options, file), codecs: nodeCodecs(), budget: new PictureBudget() }
  return async (path) => {
    const set = await picturesAt(path, file.config.vision!.classes)
    return { set, reader: pictureReader(set.entries, reading) }
  }
}

/** The value of --shots: pictures of each class, 0 = all; absent if it is not given. @throws FormatError */
export function shotsOf(options: Options): { shots?: number } {
  const given = options.text('shots')
  if (given === undefined) return {}
  const shots = shotsIn(given)
  if (shots !== undefined) return { shots }
  throw new FormatError(say`--shots: expected a whole number of pictures for each class, or all, got ${given}. Correct it.`)
}

/** A number of pictures for each class, as people write it; 0 for `all`, undefined for something else. */
export function shotsIn(text: string): number | undefined {
  if (text === 'all') return 0
  const shots = plainNumber(text)
  return Number.isInteger(shots) && shots > 0 ? shots : undefined
}

/** The rows of a run with these settings. */
export type RowsOfRun = (training: TrainingSettings) => RunRows

/**
 * The pictures of --data and --eval, or of the share that is held out, for one run or several. They are read when they are needed. `seed`
 * decides which are held out, so that this is the same for runs with other seeds.
 */
export async function openPictureRows(options: Options, { file }: LoadedModel, seed: number): Promise<RowsOfRun> {
  const setAt = await setsFor(options, file)
  const all = await setAt(options.need('data'))
  const path = options.text('eval')
  const evaluation = path === undefined ? undefined : await setAt(path)
  const holdOut = options.number('hold-out') ?? 0
  const parts = chosen(all.set, new Set(), { holdOut, seed })
  const labels = all.set.entries.map(({ label }) => label)
  const told = new Set<number>()
  return (training) => {
    const rows = pictureRunRows(file, all, parts, training, evaluation)
    const few = told.has(training.shots) ? undefined : fewerShots(all.set.classes, labels, rows.train, training.shots)
    told.add(training.shots)
    if (few) tell([`${all.set.name}: ${sentence(few)}`])
    return rows
  }
}

/** Says how many pictures a run has. */
export function tellPictures({ dataset, train, eval: held }: RunRows, { config: { vision } }: ModelFile): void {
  tell([sentence(say`${dataset.name}: ${train.length} pictures, and ${held.length} held out, in ${vision!.classes.length} classes.`)])
}

/** The run that the options describe, as train would train it. `chosenRun`: the method and settings that they choose. */
export async function pictureRequestOf(gpu: Gpu, options: Options, chosenRun: ChosenRun): Promise<RunRequest> {
  const named = options.text('method')
  const model = await openPictureModel(gpu, options, named ? (methodNamed(named).bases[0] ?? 'native') : 'native')
  const { chosen: run, initial } = await chosenRun(options, model)
  const { like: _like, ...about } = run
  const rows = (await openPictureRows(options, model, about.training.seed))(about.training)
  tellPictures(rows, model.file)
  return { ...about, model, rows, initial }
}

/** The pictures of --data, for a measurement of all of them. */
export async function openPictureSet(options: Options, { file }: LoadedModel): Promise<PictureData> {
  const setAt = await setsFor(options, file)
  return pictureData(await setAt(options.need('data')), file)
}

/** The pictures of --image as the model sees them; they are read one after another. */
export async function openPictures(
  options: Options,
  { file }: LoadedModel,
): Promise<{ paths: readonly string[]; pixels: AsyncIterable<Float32Array> }> {
  const paths = options.images
  if (!paths.length) throw new FormatError(say`tabtune predict needs --image FILE. Run tabtune help.`)
  const entries = await Promise.all(paths.map(async (path) => ({ file: await pictureAt(path), label: 0 })))
  const processor = await processorOf(options, file)
  checkProcessor(file, processor)
  const source = pictureSource(pictureReader(entries, { processor, codecs: nodeCodecs(), budget: new PictureBudget(0) }))
  return { paths, pixels: pixelsOf(source, entries.keys()) }
}
