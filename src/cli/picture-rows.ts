// What the commands open for a model that sorts pictures: the model for the classes of the data, and pictures as it sees them.
import { FormatError, UnsupportedError } from '../config/errors'
import { say, sentence } from '../config/phrase'
import type { BaseFormat } from '../config/run-config'
import { PictureData, type PictureRow } from '../data/picture-data'
import type { RunRows } from '../data/run-rows'
import { visionOf } from '../decode/classify'
import type { ModelFile } from '../formats/model-file'
import { hasClasses, withClasses } from '../formats/new-classes'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { type LoadedModel, loadModel } from '../peft/loaded-model'
import { pictureLoader } from '../pictures/loader'
import type { PictureSet } from '../pictures/picture-set'
import type { Processor } from '../pictures/processor'
import { chosen } from '../pictures/report'
import { sourcesAt } from './files'
import { nodeCodecs } from './node/picture-codecs'
import { type Options, methodFields, optionOf } from './options'
import { classesFor, picturesAt, processorAmong, processorAt } from './picture-files'
import { progressBar } from './progress'
import { tell } from './tell'

const ownOptions = ['classes', 'preprocessor'] as const
/** Bytes of pictures, as the model sees them, that are in memory at once. */
const mostBytes = 2 ** 31

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
  const own = ownOptions.find((option) => options.text(option) !== undefined)
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
  const { names, trained } = await classesFor(options, classes)
  if (names && !trained && !hasClasses(classes, names))
    tell([`${file.name}: its head is for other classes, so it gets a new one for ${names.length} classes, which starts at zero.`])
  return loadModel(gpu, names ? withClasses(file, names) : file, options.base(fallback), { onProgress: progressBar('loading') })
}

/** How pictures are prepared: as --preprocessor or the model's own file says. @throws FormatError, UnsupportedError */
async function processorOf(options: Options, { name, companions, config }: ModelFile): Promise<Processor> {
  const given = options.text('preprocessor')
  const processor = given === undefined ? await processorAmong(companions ?? []) : await processorAt(given)
  if (!processor)
    throw new FormatError(
      say`${name}: expected preprocessor_config.json beside config.json, got none. Choose the model's whole folder, or name the file with --preprocessor.`,
    )
  const { width, height } = config.vision!
  if (processor.output.width !== width || processor.output.height !== height)
    throw new UnsupportedError(
      say`${name}: expected pictures of ${width} × ${height}, as its positions are for, got ${processor.output.width} × ${processor.output.height} by its preprocessor. Use the file that belongs to the model.`,
    )
  return processor
}

/** Pictures of a set as the model sees them, in its order. @throws FormatError, UnsupportedError for one that cannot be read, or too many */
async function loaded(set: PictureSet, options: Options, file: ModelFile): Promise<PictureData> {
  const vision = file.config.vision!
  const bytes = vision.channels * vision.width * vision.height * 4
  if (set.entries.length * bytes > mostBytes)
    throw new UnsupportedError(
      say`${set.name}: expected at most ${Math.floor(mostBytes / bytes)} pictures, which are in memory at once, got ${set.entries.length}. Take fewer pictures, or --shots.`,
    )
  const load = pictureLoader(set.entries, { processor: await processorOf(options, file), codecs: nodeCodecs(), cacheBytes: 0 })
  const bar = progressBar(`reading ${set.name}`)
  const rows: PictureRow[] = []
  for (const at of set.entries.keys()) {
    rows.push(await load(at, 0))
    bar((at + 1) / set.entries.length)
  }
  return new PictureData(set.name, rows, vision)
}

async function setAt(path: string, { config: { vision } }: ModelFile): Promise<PictureSet> {
  const set = await picturesAt(path, vision!.classes)
  const [first] = set.refused
  if (first)
    throw new FormatError(
      say`${set.name}: expected pictures of the classes ${vision!.classes.slice(0, 20).join(', ')}, got ${set.refused.length} that cannot be used. The first one, ${first.where}: ${first.problem}`,
    )
  return set
}

/** The pictures of --data and --eval, or of the share that is held out. */
export async function openPictureRows(options: Options, { file }: LoadedModel, seed = 0): Promise<RunRows> {
  const set = await setAt(options.need('data'), file)
  const shots = options.text('shots')
  const most = shots === undefined || shots === 'all' ? undefined : options.number('shots')
  if (most !== undefined && !(Number.isInteger(most) && most > 0))
    throw new FormatError(say`--shots: expected a whole number of pictures for each class, or all, got ${shots ?? ''}. Correct it.`)
  const parts = chosen(set, new Set(), { holdOut: options.number('hold-out') ?? 0, seed, ...(most !== undefined && { shots: most }) })
  const kept = [...parts.train, ...parts.eval]
  const data = await loaded({ ...set, entries: kept.map((at) => set.entries[at]) }, options, file)
  const train = Int32Array.from(parts.train, (_, i) => i)
  const path = options.text('eval')
  const evalDataset = path === undefined ? data : await loaded(await setAt(path, file), options, file)
  const held =
    path === undefined
      ? Int32Array.from(parts.eval, (_, i) => train.length + i)
      : Int32Array.from({ length: evalDataset.rows }, (_, i) => i)
  tell([sentence(say`${data.name}: ${train.length} pictures, and ${held.length} held out, in ${data.classes.length} classes.`)])
  return { dataset: data, train, evalDataset, eval: held }
}

/** Single pictures as the model sees them. */
export async function openPictures(options: Options, { file }: LoadedModel): Promise<{ paths: readonly string[]; pixels: Float32Array[] }> {
  const paths = options.images
  if (!paths.length) throw new FormatError(say`tabtune predict needs --image FILE. Run tabtune help.`)
  const entries = []
  for (const path of paths) {
    const [source] = await sourcesAt(path)
    if (!source) throw new FormatError(say`--image: expected a picture, got ${path}. Check the path.`)
    entries.push({ file: { path, sizeBytes: source.sizeBytes, bytes: () => source.read(0, source.sizeBytes) }, label: 0 })
  }
  const load = pictureLoader(entries, { processor: await processorOf(options, file), codecs: nodeCodecs(), cacheBytes: 0 })
  const pixels = []
  for (const at of entries.keys()) pixels.push((await load(at, 0)).pixels)
  return { paths, pixels }
}
