// Reads a dataset in a thread of its own, which can be ended at any moment: a row of the file, a pattern of the tokenizer or the chat
// template may take long, and the engine answers meanwhile. Rows come back as numbers, without a copy.
import type { AskingForm } from '../config/asking'
import type { DataOptions } from '../config/data-options'
import { Cancelled, DeviceError, type ErrorReport, TabTuneError, errorReport } from '../config/errors'
import { say } from '../config/phrase'
import { fileSource } from '../data/data-source'
import { Dataset, type DatasetParts } from '../data/dataset'
import { blobSource } from '../data/jsonl-copy'
import { type ReadWatch, openData } from '../data/open-data'
import type { PromptForm } from '../data/row-asking'
import type { ReadData } from '../data/run-rows'
import type { TokenizeProgress } from '../data/tokenize-dataset'
import type { ModelFile } from '../formats/model-file'
import { type LoadedModel, needTokenizer } from '../peft/loaded-model'
import { withNewTokens } from '../peft/new-tokens'
import { modelTokenizer } from '../tokenizer/create-tokenizer'
import { type MakeRenderer, rendererOf } from '../tokenizer/model-renderer'
import { failureOf } from './start-worker'

interface DataFiles {
  data: File
  /** Replaces held-out rows. */
  evaluation?: File
}

/** Reads a dataset for a model with these further tokens. */
export type ReadFiles = (
  model: LoadedModel,
  tokens: readonly string[],
  files: DataFiles,
  options: DataOptions,
  watch?: ReadWatch,
) => Promise<ReadData>

export interface ReadRequest {
  files: DataFiles
  model: Pick<ModelFile, 'tokenizer' | 'special'> & { config: Pick<ModelFile['config'], 'vocab'> }
  tokens: readonly string[]
  keep: number
  options: DataOptions
}

interface FoundDataset {
  parts: DatasetParts
  form: PromptForm
  asked?: AskingForm
  /** Its rows as JSONL, if the file is of another kind. */
  copy?: Blob
}

export type ReadReply =
  { evaluation: boolean; progress: TokenizeProgress } | { dataset: FoundDataset; evalDataset?: FoundDataset } | { error: ErrorReport }

const sourcesOf = ({ data, evaluation }: DataFiles) => ({ data: fileSource(data), evaluation: evaluation && fileSource(evaluation) })

/** Reads in the caller's thread. */
export const readHere: ReadFiles = (model, tokens, files, options, watch) => {
  const tokenizer = needTokenizer(withNewTokens(model, tokens))
  return openData(sourcesOf(files), { tokenizer, renderer: model.renderer, keep: model.file.config.context }, options, watch)
}

/** The worker's part: reads what is asked for and says how far it is. `send` moves the buffers. */
export async function answerRead(
  request: ReadRequest,
  makeRenderer: MakeRenderer,
  send: (reply: ReadReply, buffers?: ArrayBuffer[]) => void,
): Promise<void> {
  try {
    const { files, model, tokens, keep, options } = request
    const tokenizer = modelTokenizer(model, tokens)!
    const sources = sourcesOf(files)
    const onProgress: ReadWatch['onProgress'] = (source, progress) => send({ evaluation: source === sources.evaluation, progress })
    const read = await openData(sources, { tokenizer, renderer: rendererOf(model, tokenizer, makeRenderer), keep }, options, { onProgress })
    const dataset = foundIn(read.dataset)
    const evalDataset = read.evalDataset && foundIn(read.evalDataset)
    send(
      { dataset, evalDataset },
      [dataset, evalDataset].flatMap((each) => (each ? buffersOf(each.parts) : [])),
    )
  } catch (error) {
    send({ error: errorReport(error) })
  }
}

function foundIn(dataset: Dataset): FoundDataset {
  const copy = dataset.copy?.blob()
  return {
    parts: dataset.parts(),
    form: dataset.encoder.form,
    asked: dataset.encoder.asked,
    ...(copy?.size ? { copy } : {}),
  }
}

const buffersOf = ({ tokens, rowFields, labels, unknown }: DatasetParts): ArrayBuffer[] =>
  [tokens, rowFields, labels, ...(unknown ? [unknown.counts] : [])].flatMap(({ chunks }) => chunks.map(({ buffer }) => buffer))

/** The part of a Worker that is used here. */
export type ReadingWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>

/** Reads in a worker for each dataset, which ends with its answer or when the reading is cancelled. */
export function readInWorker(createWorker: () => ReadingWorker): ReadFiles {
  return async (model, tokens, files, options, watch = {}) => {
    const tokenizer = needTokenizer(withNewTokens(model, tokens))
    const { tokenizer: source, special, config } = model.file
    const request = { files, model: { tokenizer: source, special, config: { vocab: config.vocab } }, tokens, keep: config.context, options }
    const sources = sourcesOf(files)
    const reply = await replyOf(createWorker(), request, watch.signal, ({ evaluation, progress }) =>
      watch.onProgress?.(evaluation ? sources.evaluation! : sources.data, progress),
    )
    const made = ({ parts, form, asked, copy }: FoundDataset, file: File): Dataset => {
      const encoder = { tokenizer, renderer: model.renderer, form, asked, trainOn: options.trainOn }
      const source = copy ? blobSource(file.name, () => copy) : fileSource(file)
      return new Dataset(source, parts.format, encoder, parts.keep, parts)
    }
    const { holdOut, seed } = options
    const dataset = made(reply.dataset, files.data)
    return { dataset, evalDataset: reply.evalDataset && made(reply.evalDataset, files.evaluation!), holdOut, seed }
  }
}

type Read = Extract<ReadReply, { dataset: unknown }>
type Progress = Extract<ReadReply, { progress: unknown }>

/** The worker's answer. The worker ends in every case. @throws Cancelled as soon as `signal` is aborted */
function replyOf(
  worker: ReadingWorker,
  request: ReadRequest,
  signal: AbortSignal | undefined,
  onProgress: (progress: Progress) => void,
): Promise<Read> {
  const reply = new Promise<Read>((resolve, reject) => {
    const cancel = (): void => reject(new Cancelled())
    if (signal?.aborted) return cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    worker.addEventListener('message', (event) => {
      const { data } = event as MessageEvent<ReadReply>
      if ('progress' in data) onProgress(data)
      else if ('dataset' in data) resolve(data)
      else reject(new TabTuneError(data.error.kind, data.error.phrase, data.error.settings))
    })
    worker.addEventListener('error', (event) => {
      const { name } = request.files.data
      reject(
        new DeviceError(say`${name}: the worker that reads it failed: ${failureOf(event)}. Reload the page, and choose the file again.`),
      )
    })
    worker.postMessage(request)
  })
  return reply.finally(() => worker.terminate())
}
