// The pictures that the engine holds: the set that is open, and pictures that are sorted into classes.
import type { DataOptions, DataReport } from '../config/data-options'
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { type TrainingSettings, parseTraining } from '../config/run-config'
import type { AdapterFiles, Evaluation } from '../config/run-reports'
import type { Dataset } from '../data/dataset'
import type { RunRows } from '../data/run-rows'
import { pixelsOf, visionOf } from '../decode/classify'
import { clsAttention } from '../decode/cls-attention'
import { ownProcessor } from '../decode/model-processor'
import { pictureScores } from '../decode/zero-shot'
import type { Gpu } from '../gpu/gpu'
import { ownName } from '../peft/adapter-folder'
import { usualTemplates, withClassTexts } from '../peft/class-texts'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { normalised } from '../pictures/preprocess'
import { sampled } from '../train/eval-rows'
import { evaluateRows } from '../train/evaluate'
import { checkProcessor } from '../train/picture-run'
import type { PickedFile, PictureAttention, PicturesPart, Progress, SortedPictures } from './api'
import type { HeldModel } from './held-model'
import type { LoadedData } from './loaded'
import { FittedPictures, type LoadedPictures, loadPictures, openPictures } from './loaded-pictures'
import { type DoJob, noDecoder } from './picture-pool'

interface Watch {
  signal: AbortSignal
  onProgress: (p: Progress) => void
}

interface OnPictures {
  model: LoadedModel
  adapter: Adapter | undefined
}

/** Pictures on the GPU at once. */
const batch = 8

/** Rows of text, where there are any. @throws FormatError */
export function needData(data: LoadedData | undefined, pictures: LoadedPictures | undefined): LoadedData & { dataset: Dataset } {
  if (data) return data
  throw new FormatError(
    pictures
      ? say`${pictures.bundle.name}: expected rows of text, got pictures. Choose a language model and rows of text.`
      : say`No dataset is loaded. Choose a dataset first.`,
  )
}

/** @throws FormatError if an adapter sorts into other classes than the pictures have */
export function refuseClasses(adapter: readonly string[], pictures: readonly string[]): void {
  const same = adapter.length === pictures.length && adapter.every((name, i) => name === pictures[i])
  if (same) return
  const shown = (names: readonly string[]): string => names.slice(0, 20).join(', ')
  throw new FormatError(
    say`The adapter sorts into the classes ${shown(adapter)}, and the pictures have ${shown(pictures)}. Open pictures of its classes.`,
  )
}

/** @throws UnsupportedError for an adapter whose classes are read in other words than the page reads them */
function refuseTexts(names: readonly string[], texts: unknown): void {
  const { ids, templates } = (texts ?? {}) as { ids?: unknown; templates?: unknown }
  if (texts === undefined || (ids === undefined && JSON.stringify(templates) === JSON.stringify(usualTemplates({ names })))) return
  throw new UnsupportedError(
    say`adapter: expected classes that are read in the usual words, got ids or templates of its own. Use this adapter on the command line.`,
  )
}

/** The classes that an adapter's own file names; undefined for an adapter of another program, or of a language model. @throws UnsupportedError */
export function classesIn({ files }: AdapterFiles): readonly string[] | undefined {
  const own = files.find(({ path }) => path === ownName)
  if (!own) return undefined
  let json: { classes?: unknown; texts?: unknown }
  try {
    json = JSON.parse(new TextDecoder().decode(own.bytes)) as typeof json
  } catch {
    // The adapter's reader says what is wrong with the file.
    return undefined
  }
  const { classes, texts } = json
  if (!Array.isArray(classes) || !classes.every((name) => typeof name === 'string')) return undefined
  refuseTexts(classes, texts)
  return classes
}

/** The same model, with classes that it reads in other words. @throws FormatError for templates without a place for the name */
export function inTemplates(on: OnPictures, templates: readonly string[] | undefined): OnPictures {
  const { model } = on
  if (!templates || !model.file.config.text) return on
  return { ...on, model: { ...model, file: withClassTexts(model.file, { names: visionOf(model).classes }, templates) } }
}

/** @throws FormatError if a part of the set has no pictures */
function refuseNone(rows: RunRows, part: PicturesPart): void {
  if (!rows[part].length)
    throw new FormatError(say`${rows.dataset.name}: expected pictures that are held out, got none. Hold out a share of them.`)
}

function softmax(logits: Float32Array): Float32Array {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  const weights = logits.map((z) => Math.exp(z - most))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}

export class HeldPictures {
  loaded: LoadedPictures | undefined
  private readonly fitted = new FittedPictures()

  constructor(private readonly decode: DoJob = noDecoder) {}

  /** @throws FormatError, UnsupportedError */
  async load(held: HeldModel, file: PickedFile, options: DataOptions, id: string): Promise<DataReport> {
    const model = held.need()
    const bundle = await openPictures(file, model.file)
    const loaded = await loadPictures(model.file, bundle, options, id, { run: this.decode, fitted: this.fitted })
    if (held.current !== model)
      throw new FormatError(say`${file.path}: expected the model that it was read for, got another. Choose the data again.`)
    this.loaded = loaded
    return loaded.report()
  }

  /** @throws FormatError where no set is open */
  need(): LoadedPictures {
    if (!this.loaded) throw new FormatError(say`No pictures are open. Open pictures first.`)
    return this.loaded
  }

  drop(): void {
    this.loaded = undefined
    this.fitted.clear()
  }

  /** The loss over the held-out pictures. @throws FormatError without any */
  async evaluated(gpu: Gpu, { model, adapter }: OnPictures, training: TrainingSettings, watch: Watch): Promise<Evaluation> {
    const rows = this.need().rows()
    refuseNone(rows, 'eval')
    const { evaluation } = await evaluateRows(gpu, model, adapter, rows, parseTraining(training), (progress) => {
      watch.signal.throwIfAborted()
      watch.onProgress({ phase: 'evaluating', ...progress })
    })
    return evaluation
  }

  /** The pictures of the open set that are held out, or that are trained on, in classes. @throws FormatError */
  async sortRows(gpu: Gpu, on: OnPictures, part: PicturesPart, watch: Watch, most = Infinity): Promise<SortedPictures> {
    const { bundle, rows: all } = this.need()
    const rows = all()
    refuseNone(rows, part)
    const wanted = Array.from(sampled(rows[part], most))
    const read = (row: number): Promise<Float32Array> => rows.dataset.pixels!(row)
    const sorted = await probabilitiesOf(gpu, on, wanted.length, pixelsOf({ pixels: read }, wanted), watch)
    const about = wanted.map((row) => bundle.pictures[row])
    const pictures = sorted.all.map((probabilities, at) => ({ probabilities, path: about[at].path, label: about[at].label }))
    return { classes: bundle.classes, pictures, byTemplate: sorted.byTemplate }
  }

  /** What the model attends to in a picture. @throws FormatError, UnsupportedError for one that cannot be read */
  async attention(
    gpu: Gpu,
    { model, adapter }: OnPictures,
    { path, file: blob }: PickedFile,
    signal: AbortSignal,
  ): Promise<PictureAttention> {
    const processor = await ownProcessor(model.file)
    checkProcessor(model.file, processor)
    const seen = await this.decode('fitted', { path, blob, processor }, { signal, first: true })
    return { ...seen, ...(await clsAttention(gpu, model, adapter, normalised(seen, processor))) }
  }

  /** Single pictures in classes. @throws FormatError, UnsupportedError naming a picture that cannot be read */
  async sortFiles(gpu: Gpu, on: OnPictures, files: readonly PickedFile[], watch: Watch): Promise<SortedPictures> {
    const { file } = on.model
    const processor = await ownProcessor(file)
    checkProcessor(file, processor)
    const pixels = async (at: number): Promise<Float32Array> => {
      const { path, file: blob } = files[at]
      return normalised(await this.decode('fitted', { path, blob, processor }, { signal: watch.signal, first: true }), processor)
    }
    const sorted = await probabilitiesOf(gpu, on, files.length, pixelsOf({ pixels }, files.keys()), watch)
    const pictures = sorted.all.map((probabilities, at) => ({ probabilities, path: files[at].path }))
    return { classes: visionOf(on.model).classes, pictures, byTemplate: sorted.byTemplate }
  }
}

/** The probabilities of `count` pictures [classes each], also by each of several templates alone. */
async function probabilitiesOf(
  gpu: Gpu,
  { model, adapter }: OnPictures,
  count: number,
  pixels: AsyncIterable<Float32Array>,
  { signal, onProgress }: Watch,
): Promise<{ all: Float32Array[]; byTemplate: SortedPictures['byTemplate'] }> {
  const classes = visionOf(model).classes.length
  const { scores, byTemplate } = await pictureScores(gpu, model, adapter, pixels, batch, (done) => {
    signal.throwIfAborted()
    onProgress({ phase: 'evaluating', fraction: done / count, rows: { done, all: count } })
  })
  const of = (all: Float32Array): Float32Array[] =>
    Array.from({ length: count }, (_, i) => softmax(all.subarray(i * classes, (i + 1) * classes)))
  return { all: of(scores), byTemplate: byTemplate.map(({ template, scores: own }) => ({ template, probabilities: of(own) })) }
}
