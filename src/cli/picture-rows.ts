// What the commands open for a model that sorts pictures: the model for the classes of the data, and pictures as it sees them.
import { FormatError, UnsupportedError } from '../config/errors'
import { say, sentence } from '../config/phrase'
import type { BaseFormat } from '../config/run-config'
import type { PictureData } from '../data/picture-data'
import type { RunRows } from '../data/run-rows'
import { pixelsOf, visionOf } from '../decode/classify'
import { processorAmong } from '../decode/model-processor'
import type { ModelFile } from '../formats/model-file'
import { hasClasses, withClasses } from '../formats/new-classes'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { type LoadedModel, loadModel } from '../peft/loaded-model'
import { PictureBudget, pictureReader, pictureSource } from '../pictures/loader'
import type { Processor } from '../pictures/processor'
import { chosen } from '../pictures/report'
import { type ReadableSet, checkProcessor, pictureData, pictureRunRows } from '../train/picture-run'
import { sourcesAt } from './files'
import { nodeCodecs } from './node/picture-codecs'
import { withTexts } from './class-texts'
import { type Options, methodFields, optionOf } from './options'
import { classesFor, pictureAt, picturesAt, processorAt } from './picture-files'
import { progressBar } from './progress'
import { tell } from './tell'

const ownOptions = ['classes', 'preprocessor', 'class-template'] as const

/** Whether --model sorts pictures. @throws FormatError for options of such models, given for another one */
export async function seesPictures(options: Options): Promise<boolean> {
  const path = options.text('model')
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
  const own = ownOptions.find((option) => options.all.some(([given]) => given === option))
  if (own) throw new FormatError(say`--${own}: expected a model that sorts pictures, got ${name}, which writes text. Leave the option out.`)
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
    ...[...options.trainingFields, ...methodFields].map(optionOf),
  ])
  const other = options.all.find(([name]) => !taken.has(name))
  if (other)
    throw new UnsupportedError(
      say`--${other[0]}: expected options for pictures, got one that only language models take. Leave it out, or choose a language model.`,
    )
}

/** Loads the model, with a new head if --classes or the adapter is for other classes than it has. @throws UnsupportedError for a model of text */
export async function openPictureModel(gpu: Gpu, options: Options, fallback: BaseFormat = 'native'): Promise<LoadedModel> {
  const file = await openModel(await sourcesAt(options.need('model')), { pictures: true })
  const { classes } = visionOf({ file })
  const loading = { onProgress: progressBar('loading') }
  if (file.config.text) return loadModel(gpu, await withTexts(options, file), options.base(fallback), loading)
  if (options.templates.length)
    throw new UnsupportedError(
      say`--class-template: expected a model that compares pictures with texts, got ${file.name}, which sorts them by a head. Leave the option out.`,
    )
  const { names, trained } = await classesFor(options, classes)
  if (names && !trained && !hasClasses(classes, names))
    tell([`${file.name}: its head is for other classes, so it gets a new one for ${names.length} classes, which starts at zero.`])
  return loadModel(gpu, names ? withClasses(file, names) : file, options.base(fallback), loading)
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

/** The value of --shots. @throws FormatError */
function shotsOf(options: Options): { shots?: number } {
  const given = options.text('shots')
  if (given === undefined || given === 'all') return {}
  const shots = options.number('shots')!
  if (Number.isInteger(shots) && shots > 0) return { shots }
  throw new FormatError(say`--shots: expected a whole number of pictures for each class, or all, got ${given}. Correct it.`)
}

/** The pictures of --data and --eval, or of the share that is held out. They are read when they are needed. */
export async function openPictureRows(options: Options, { file }: LoadedModel, seed = 0): Promise<RunRows> {
  const setAt = await setsFor(options, file)
  const all = await setAt(options.need('data'))
  const parts = chosen(all.set, new Set(), { holdOut: options.number('hold-out') ?? 0, seed, ...shotsOf(options) })
  const path = options.text('eval')
  const rows = pictureRunRows(file, all, parts, { seed }, path === undefined ? undefined : await setAt(path))
  const { classes } = file.config.vision!
  tell([
    sentence(say`${rows.dataset.name}: ${rows.train.length} pictures, and ${rows.eval.length} held out, in ${classes.length} classes.`),
  ])
  return rows
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
