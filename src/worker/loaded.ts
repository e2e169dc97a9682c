// What the engine holds, and how it comes to hold it: a model with its tokenizer, and the rows of a dataset read for it.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { DataOptions, DataReport } from '../config/data-options'
import type { ModelReport } from '../config/model-report'
import type { BaseFormat } from '../config/run-config'
import type { Dataset } from '../data/dataset'
import type { PromptForm } from '../data/prompt-form'
import { dataReport, refuseProblems } from '../data/report'
import { splitRows } from '../data/split'
import { fileSource, tokenizeDataset } from '../data/tokenize-dataset'
import { BlobSource } from '../formats/blob-source'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import type { TemplateRenderer, TemplateTokens } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { methodBase } from '../peft/base'
import type { Rows } from '../train/batches'
import { rendererOf } from '../decode/chat'
import { modelReport } from '../train/model-report'
import { withNewTokens } from '../peft/new-tokens'
import type { LoadedModel } from '../peft/loaded-model'
import type { PickedFile, Progress } from './api'

export interface Loaded extends LoadedModel {
  renderer: TemplateRenderer | undefined
  report: ModelReport
}

export interface LoadedData {
  rows: Rows
  report: DataReport
  /** The rows as a tokenizer with more tokens reads them; read once for each list. */
  rowsWith(tokens: readonly string[]): Promise<Rows>
}

export type MakeRenderer = (template: string, tokens: TemplateTokens) => TemplateRenderer

interface Watch {
  signal: AbortSignal
  onProgress: (p: Progress) => void
}

/** The model's tokenizer. @throws FormatError where its files hold none */
export function tokenizerOf({ tokenizer, file }: LoadedModel): Tokenizer {
  if (!tokenizer)
    throw new FormatError(
      say`${file.name}: expected a tokenizer, got none. Choose a folder with tokenizer.json, or a GGUF file with its vocabulary.`,
    )
  return tokenizer
}

/** Reads a model's files and puts its weights on the GPU, beside what lies there. @throws FormatError, UnsupportedError, DeviceError */
export async function loadModel(
  openGpu: () => Promise<Gpu>,
  files: readonly PickedFile[],
  base: BaseFormat,
  id: string,
  makeRenderer: MakeRenderer,
  { signal, onProgress }: Watch,
): Promise<Loaded> {
  onProgress({ phase: 'reading' })
  const file = await openModel(files.map((f) => new BlobSource(f.path, f.file)))
  const gpu = await openGpu()
  const plan = planBase(file, base, gpu.profile.maxBindingBytes)
  const tokenizer = file.tokenizer ? createTokenizer(file.tokenizer, file.config.vocab, file.special) : undefined
  const phase = base === 'nf4' || base === 'nf4-dq' ? 'quantising' : 'uploading'
  await loadBase(gpu, plan, (fraction) => onProgress({ phase, fraction }), signal)
  const renderer = tokenizer && rendererOf(file, tokenizer, makeRenderer)
  return { file, plan, base: methodBase(plan, tokenizer), tokenizer, renderer, report: modelReport(file, plan, id, tokenizer) }
}

const all = (count: number) => Int32Array.from({ length: count }, (_, i) => i)

/** Which rows are trained on and which are for evaluation. */
function rowsOf(dataset: Dataset, evalDataset: Dataset | undefined, options: DataOptions): Rows {
  if (evalDataset) return { dataset, train: all(dataset.rows), evalDataset, eval: all(evalDataset.rows) }
  return { dataset, evalDataset: dataset, ...splitRows(dataset.rows, options.holdOut, options.seed) }
}

/** Reads and tokenises a dataset; `evalFile` takes the place of held-out rows. @throws FormatError */
export async function loadData(
  model: Loaded,
  file: PickedFile,
  evalFile: PickedFile | undefined,
  options: DataOptions,
  id: string,
  watch: Watch,
): Promise<LoadedData> {
  const bounded = { ...options, maxLength: Math.min(options.maxLength, model.file.config.context) }
  const readWith = async (tokenizer: Tokenizer, watch?: Watch) => {
    const read = (picked: PickedFile, form?: PromptForm) =>
      tokenizeDataset(fileSource(picked.file), tokenizer, model.renderer, bounded, {
        signal: watch?.signal,
        form,
        onProgress: (p) => watch?.onProgress({ phase: 'tokenising', fraction: p.fraction, detail: `${p.rows}` }),
      })
    const dataset = await read(file)
    const evalDataset = evalFile && (await read(evalFile, dataset.encoder.form))
    refuseProblems(dataset, options)
    return rowsOf(dataset, evalDataset, options)
  }
  const rows = await readWith(tokenizerOf(model), watch)
  let read = new Map([['', Promise.resolve(rows)]])
  return {
    rows,
    report: dataReport(id, { ...rows, evalFile: evalFile && rows.evalDataset }),
    rowsWith(tokens) {
      const key = tokens.join()
      const found = read.get(key) ?? readWith(tokenizerOf(withNewTokens(model, tokens)))
      // Of longer vocabularies the last one is kept: a list that is being typed passes through many.
      if (key) read = new Map([['', Promise.resolve(rows)]]).set(key, found)
      found.catch(() => read.delete(key))
      return found
    },
  }
}
