// Opens what several commands need, as the options say: the device, a model, a dataset, an adapter.
import type { Asking } from '../config/asking'
import { rowsNotice } from '../config/asking-words'
import { baseNotice } from '../config/identity'
import { sentence } from '../config/phrase'
import type { RecipeOfData } from '../config/recipe-of-data'
import { autoHow } from '../config/read-how'
import type { BaseFormat } from '../config/run-config'
import { cutAt } from '../data/cut-at-length'
import { openData } from '../data/open-data'
import { dataLines, problemLines, refuseProblems } from '../data/report'
import { type CutRows, rowsAt, usableRows } from '../data/run-rows'
import { openModel } from '../formats/open-model'
import type { ModelFile } from '../formats/model-file'
import { Gpu } from '../gpu/gpu'
import { nodeGpu } from './node/node-gpu'
import { templatesNote } from '../tokenizer/model-templates'
import { noTokenizer } from '../tokenizer/no-tokenizer'
import type { Adapter } from '../peft/method'
import { readAdapter } from '../export/adapter'
import { templateNotice, withTemplate } from '../peft/adapter-template'
import { tokensOf, withNewTokens } from '../peft/new-tokens'
import { type LoadedModel, loadModel } from '../peft/loaded-model'
import { tuneOnce } from '../measure/tune'
import { type DataOfCommand, dataOfCommand } from './cleaned-rows'
import { dataOptionsOf } from './data-options'
import { sourcesAt } from './files'
import type { Options } from './options'
import { tell } from './tell'
import { progressBar } from './progress'
import { tuningFile } from './tuning-file'

/** Opens the device and sets its kernels as tuned for it. */
export async function openGpu(): Promise<Gpu> {
  const gpu = await Gpu.open(await nodeGpu())
  const bar = progressBar('measuring the graphics card')
  await tuneOnce(gpu, tuningFile, { onUpdate: bar })
  return gpu
}

/** What of the files is read in another way than a person may think, or not at all. */
function tellFacts(path: string, { quantised, leftOut, tokenizer }: ModelFile): void {
  for (const fact of [quantised, leftOut, templatesNote(tokenizer)]) if (fact) tell([`${path}: ${sentence(fact)}.`])
}

export async function openModelFile(options: Options): Promise<ModelFile> {
  const path = options.need('model')
  const file = await openModel(await sourcesAt(path))
  tellFacts(path, file)
  return file
}

/** Reads the model and loads it onto the GPU. */
export async function openLoaded(gpu: Gpu, options: Options, fallback: BaseFormat = 'native'): Promise<LoadedModel> {
  return openLoadedAt(gpu, options.need('model'), options.base(fallback))
}

/** The same for the model at `path` in a base precision. */
export async function openLoadedAt(gpu: Gpu, path: string, base: BaseFormat): Promise<LoadedModel> {
  const file = await openModel(await sourcesAt(path))
  tellFacts(path, file)
  return loadModel(gpu, file, base, { onProgress: progressBar('loading') })
}

/** Reads the adapter at `path`; `asStart` = to train further from it. */
export async function openAdapter(model: LoadedModel, path: string | undefined, asStart = false): Promise<Adapter | undefined> {
  if (path === undefined) return undefined
  const adapter = await readAdapter(await sourcesAt(path), model.base, asStart)
  const notice = baseNotice(adapter.trainedOn, { name: model.file.name, ...model.identity })
  for (const words of [notice, templateNotice(model, adapter, asStart)]) if (words) tell([`${path}: ${sentence(words)}`])
  return adapter
}

/** Loads the model and the adapter of --adapter. The model's tokenizer includes the tokens that the adapter adds, and its chat template is the adapter's. */
export async function openAdapted(gpu: Gpu, options: Options): Promise<{ model: LoadedModel; adapter: Adapter | undefined }> {
  const model = await openLoaded(gpu, options)
  const adapter = await openAdapter(model, options.text('adapter'))
  return { model: withTemplate(withNewTokens(model, tokensOf(adapter)), adapter), adapter }
}

interface RowsWanted {
  maxLength: number
  seed?: number
  holdOut?: number
  /** How the adapter that they are for is asked, or the model itself. */
  like?: Asking
  /** In place of the one that the options give. */
  taskDescription?: string
}

/**
 * Reads the rows of `files`, or of --data and --eval, for training or evaluation, cut at `maxLength`. They are asked like `like` where the
 * options do not say otherwise. What still differs is printed.
 */
export async function openRows(
  model: LoadedModel,
  options: Options,
  { maxLength, seed = 0, holdOut = 0, like, taskDescription }: RowsWanted,
  files?: DataOfCommand,
): Promise<CutRows & { recipe?: RecipeOfData }> {
  const { tokenizer, renderer, file } = model
  const { data, evaluation, recipe, jsonl } = files ?? (await dataOfCommand(options))
  const given = { ...dataOptionsOf(options, seed, holdOut, like), ...(taskDescription !== undefined && { taskDescription }) }
  // Rows in memory are JSONL, whatever their file was.
  const dataOptions = jsonl ? { ...given, read: autoHow } : given
  const bars = new Map([data, ...(evaluation ? [evaluation] : [])].map((source) => [source, progressBar(`reading ${source.name}`)]))
  const reader = { tokenizer: tokenizer ?? noTokenizer(file.config.vocab), renderer, keep: Math.max(maxLength, file.config.context) }
  const read = await openData({ data, evaluation }, reader, dataOptions, {
    onProgress: (source, { fraction = 0 }) => bars.get(source)?.(fraction),
    onRead(dataset) {
      const cut = cutAt(dataset, maxLength)
      if (!dataOptions.skipBadLines) tell(problemLines(cut).map((line) => `${dataset.name}: ${line}`))
      refuseProblems(cut, dataOptions)
    },
  })
  const rows = { ...usableRows(rowsAt(read, maxLength)), recipe }
  tell(dataLines(rows))
  const differs = rowsNotice(like, rows.dataset.asking)
  if (differs) tell([`${data.name}: ${sentence(differs)}`])
  return rows
}
