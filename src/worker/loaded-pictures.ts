// A set of pictures that was read for the model: which of them are trained on. A picture is decoded when a step needs it, in a worker.
import type { DataOptions, DataReport } from '../config/data-options'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { TrainingSettings } from '../config/run-config'
import type { RunRows } from '../data/run-rows'
import { ownProcessor } from '../decode/model-processor'
import type { ModelFile } from '../formats/model-file'
import { type Bundle, type BundledPicture, isBundle, openBundle, setOfBundle } from '../pictures/bundle'
import { PictureBudget, type PictureReader, seenPicture } from '../pictures/loader'
import { jobFileOf } from '../pictures/jobs'
import type { Picture } from '../pictures/picture'
import type { PictureSet } from '../pictures/picture-set'
import type { Processor } from '../pictures/processor'
import { type ChosenPictures, chosen } from '../pictures/report'
import { type ReadableSet, changesOf, checkProcessor, pictureRunRows } from '../train/picture-run'
import type { PickedFile, PictureInEpochs } from './api'
import type { DoJob } from './picture-pool'

const keyOf = ({ path, sizeBytes }: BundledPicture): string => `${sizeBytes} ${path}`

/** Pictures of one set as one model sees them, in 8 bits, by their paths and sizes. */
class FittedSet {
  private readonly kept = new Map<string, Picture>()
  private readonly budget = new PictureBudget()

  constructor(readonly kind: string) {}

  get(picture: BundledPicture): Picture | undefined {
    return this.kept.get(keyOf(picture))
  }

  put(picture: BundledPicture, fitted: Picture): void {
    if (!this.get(picture) && this.budget.takes(fitted.rgb.length)) this.kept.set(keyOf(picture), fitted)
  }
}

/** The fitted pictures of the set that is open. What is moved to another class is not decoded again. */
export class FittedPictures {
  private last: FittedSet | undefined

  /** Those of this set for this processor. Those of another one are forgotten, and a job that still runs for it changes nothing here. */
  of(id: string, processor: Processor): FittedSet {
    const kind = JSON.stringify([id, processor])
    return this.last?.kind === kind ? this.last : (this.last = new FittedSet(kind))
  }

  clear(): void {
    this.last = undefined
  }
}

export interface LoadedPictures {
  bundle: Bundle
  report(): DataReport
  /** The rows of a run on the model, which has a head for the classes of the set. @throws FormatError where none is left */
  rows(training?: TrainingSettings): RunRows
  /** One of the pictures that a run with these settings trains on, as it is and in each of its first `epochs` epochs. */
  inEpochs(training: TrainingSettings, at: number, epochs: number): Promise<PictureInEpochs>
  /** The same, as those of text are asked for. */
  rowsFor(tokens: readonly string[], maxLength: number, training?: TrainingSettings): Promise<RunRows>
}

/** @throws FormatError for rows of text */
export async function openPictures({ file, path }: PickedFile, model: ModelFile): Promise<Bundle> {
  if (!(await isBundle(file)))
    throw new FormatError(
      say`${path}: expected pictures, since ${model.name} sorts pictures into classes, got another file. Drop a folder with a folder of pictures for each class, or choose a language model.`,
    )
  const bundle = await openBundle(file)
  if (bundle.classes.length < 2)
    throw new FormatError(say`${bundle.name}: expected at least two classes, got ${bundle.classes.length}. Add a class.`)
  return bundle
}

/** Reads pictures in workers. */
function readerOf(bundle: Bundle, { entries }: PictureSet, processor: Processor, run: DoJob, fitted: FittedSet): PictureReader {
  return {
    entries,
    processor,
    async fitted(index) {
      const picture = bundle.pictures[index]
      const held = fitted.get(picture)
      if (held) return held
      const made = await run('fitted', { ...jobFileOf(bundle, picture), processor })
      fitted.put(picture, made)
      return made
    },
  }
}

/** The set for the model. @throws FormatError, UnsupportedError */
export async function loadPictures(
  model: ModelFile,
  bundle: Bundle,
  options: DataOptions,
  id: string,
  { run, fitted }: { run: DoJob; fitted: FittedPictures },
): Promise<LoadedPictures> {
  const processor = await ownProcessor(model)
  checkProcessor(model, processor)
  const { holdOut, shots, seed } = options
  // What was refused when the pictures were opened is shown with the set.
  const set: PictureSet = { ...setOfBundle(bundle), refused: [] }
  const split = chosen(set, new Set(), { holdOut, seed, ...(shots && { shots }) })
  const config = { ...model.config, vision: { ...model.config.vision!, classes: bundle.classes } }
  const readable = { set, reader: readerOf(bundle, set, processor, run, fitted.of(bundle.id, processor)) }
  const of = (training?: TrainingSettings) => pictureRunRows({ name: model.name, config }, readable, split, training)
  function rows(training?: TrainingSettings): RunRows {
    if (split.train.length) return of(training)
    throw new FormatError(say`${bundle.name}: expected pictures to train on, got none. Add pictures, or hold out fewer.`)
  }
  return {
    bundle,
    report: () => pictureReportOf(id, bundle, of(), split),
    rows,
    inEpochs: (training, at, epochs) => inEpochs(bundle, readable, rows(training).train, training, at, epochs),
    rowsFor: async (_tokens, _maxLength, training) => rows(training),
  }
}

/** The picture at place `at` of those that are trained on, counted round and round. */
async function inEpochs(
  { pictures, classes }: Bundle,
  { reader }: ReadableSet,
  train: Int32Array,
  training: TrainingSettings,
  at: number,
  epochs: number,
): Promise<PictureInEpochs> {
  const row = train[at % train.length]
  const decoded = reader.fitted(row)
  const once: PictureReader = { ...reader, fitted: () => decoded }
  const seen = (epoch?: number): Promise<Picture> => seenPicture(once, changesOf(training), row, epoch)
  const { path, label } = pictures[row]
  return { path, class: classes[label], asIs: await seen(), seen: await Promise.all(Array.from({ length: epochs }, (_, i) => seen(i))) }
}

function pictureReportOf(id: string, bundle: Bundle, { dataset }: RunRows, split: ChosenPictures): DataReport {
  const { positions = 0, asking } = dataset
  const counts = bundle.classes.map((name) => ({ name, pictures: 0, train: 0, eval: 0 }))
  for (const { label } of bundle.pictures) counts[label].pictures++
  for (const row of split.train) counts[bundle.pictures[row].label].train++
  for (const row of split.eval) counts[bundle.pictures[row].label].eval++
  const used = split.train.length + split.eval.length
  return {
    id,
    name: bundle.name,
    format: 'auto',
    asking,
    columns: [],
    rows: bundle.pictures.length,
    trainRows: split.train.length,
    evalRows: split.eval.length,
    evalSource: split.eval.length ? 'held out' : 'none',
    maxLength: positions,
    tokens: used * positions,
    trainedTokens: used,
    cutRows: 0,
    problems: [],
    problemCount: 0,
    histogram: { binWidth: 1, counts: [], longest: positions },
    notes: [],
    pictures: { classes: counts, byFolder: bundle.pictures.some(({ part }) => part === 'eval') },
  }
}
