// What the engine holds, and how it comes to hold it: a model with its tokenizer, and the rows of a dataset read for it.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { DataOptions, DataReport } from '../config/data-options'
import type { ModelReport } from '../config/model-report'
import type { BaseFormat } from '../config/run-config'
import type { Dataset } from '../data/dataset'
import type { PromptForm } from '../data/prompt-form'
import { dataReport, refuseProblems } from '../data/report'
import { type CutRows, type ReadData, type Rows, rowsAt, usableRows } from '../data/run-rows'
import { fileSource, tokenizeDataset } from '../data/tokenize-dataset'
import { BlobSource } from '../formats/blob-source'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import type { TemplateRenderer, TemplateTokens } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { methodBase } from '../peft/base'
import { rendererOf } from '../decode/chat'
import { modelReport } from '../train/model-report'
import { withNewTokens } from '../peft/new-tokens'
import type { LoadedModel } from '../peft/loaded-model'
import type { PickedFile, Progress } from './api'

export interface Loaded extends LoadedModel {
  renderer: TemplateRenderer | undefined
  report: ModelReport
}

/** A dataset, read once; whoever wants its rows says at which maximum length. */
export interface LoadedData {
  dataset: Dataset
  cut(maxLength: number): CutRows
  report(maxLength: number): DataReport
  /** The rows of a run, as a tokenizer with these further tokens reads them; read once for each list. @throws FormatError where none is left */
  rowsFor(tokens: readonly string[], maxLength: number): Promise<Rows>
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

/** What one tokenizer read of a dataset, cut at the length that is asked for; the last cut is remembered. */
function cutter(read: ReadData): (maxLength: number) => CutRows {
  let last: { maxLength: number; rows: CutRows } | undefined
  return (maxLength) => {
    if (last?.maxLength !== maxLength) last = { maxLength, rows: rowsAt(read, maxLength) }
    return last.rows
  }
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
  const { holdOut, seed } = options
  const readWith = async (tokenizer: Tokenizer, watch?: Watch) => {
    const read = (picked: PickedFile, form?: PromptForm) =>
      tokenizeDataset(fileSource(picked.file), tokenizer, model.renderer, options, {
        signal: watch?.signal,
        form,
        keep: model.file.config.context,
        onProgress: (p) => watch?.onProgress({ phase: 'tokenising', fraction: p.fraction, detail: `${p.rows}` }),
      })
    const dataset = await read(file)
    const evalDataset = evalFile && (await read(evalFile, dataset.encoder.form))
    return { dataset, cut: cutter({ dataset, evalDataset, holdOut, seed }) }
  }
  const own = await readWith(tokenizerOf(model), watch)
  let read = new Map([['', Promise.resolve(own)]])
  function readFor(tokens: readonly string[]): Promise<typeof own> {
    const key = tokens.join()
    const found = read.get(key) ?? readWith(tokenizerOf(withNewTokens(model, tokens)))
    // Of longer vocabularies the last one is kept: a list that is being typed passes through many.
    if (key) read = new Map([['', Promise.resolve(own)]]).set(key, found)
    found.catch(() => read.delete(key))
    return found
  }
  return {
    ...own,
    report: (maxLength) => dataReport(id, own.cut(maxLength)),
    async rowsFor(tokens, maxLength) {
      const { cut } = await readFor(tokens)
      const rows = usableRows(cut(maxLength))
      refuseProblems(rows.cut, options)
      return rows
    },
  }
}
