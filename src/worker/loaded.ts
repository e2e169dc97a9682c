// The model on the GPU, and the dataset that was read for it.
import type { DataOptions, DataReport } from '../config/data-options'
import { presetOfTemplate } from '../config/prompt-presets'
import type { BaseFormat } from '../config/run-config'
import type { Dataset } from '../data/dataset'
import type { ReadWatch } from '../data/open-data'
import { dataReport, refuseProblems } from '../data/report'
import { type CutRows, type ReadData, type Rows, rowsAt, usableRows } from '../data/run-rows'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { BlobSource } from '../formats/blob-source'
import { CheckedSource } from '../formats/checked-source'
import type { ByteSource } from '../formats/source'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { quantisesBase } from '../models/base-model'
import { BaseSums } from '../models/base-sums'
import { type LoadedModel, loadModel } from '../peft/loaded-model'
import { lackingTokens } from '../tokenizer/added-tokens'
import type { MakeRenderer } from '../tokenizer/model-renderer'
import type { PickedFile, Progress } from './api'
import type { ReadFiles } from './reading'

/** A dataset, read once. Its rows are cut at the maximum length that each caller names. */
export interface LoadedData {
  dataset: Dataset
  cut(maxLength: number): CutRows
  report(maxLength: number): DataReport
  /** The rows of a run, as a tokenizer with these further tokens reads them; read once for each list. @throws FormatError where none is left */
  rowsFor(tokens: readonly string[], maxLength: number): Promise<Rows>
}

interface Watch {
  signal: AbortSignal
  onProgress: (p: Progress) => void
}

function sourceOf({ path, file, sums }: PickedFile): ByteSource {
  const source = new BlobSource(path, file)
  return sums === undefined ? source : new CheckedSource(source, sums)
}

/** Reads a model's files and uploads its weights to the GPU, beside what is already there. @throws FormatError, UnsupportedError, DeviceError */
export async function loadFiles(
  openGpu: () => Promise<Gpu>,
  files: readonly PickedFile[],
  base: BaseFormat,
  makeRenderer: MakeRenderer,
  { signal, onProgress }: Watch,
): Promise<LoadedModel> {
  onProgress({ phase: 'reading' })
  const file = await openModel(files.map(sourceOf), { pictures: true })
  const phase = quantisesBase(base) ? 'quantising' : 'uploading'
  return loadModel(await openGpu(), file, base, {
    makeRenderer,
    signal,
    sums: new BaseSums(),
    onProgress: (fraction) => onProgress({ phase, fraction }),
  })
}

/** A dataset as one tokenizer read it, cut at a given length. The last cut is remembered. */
function cutter(read: ReadData): (maxLength: number) => CutRows {
  let last: { maxLength: number; rows: CutRows } | undefined
  return (maxLength) => {
    if (last?.maxLength !== maxLength) last = { maxLength, rows: rowsAt(read, maxLength) }
    return last.rows
  }
}

/** Reads and tokenises a dataset; `evalFile` takes the place of held-out rows. @throws FormatError */
export async function loadData(
  model: LoadedModel,
  file: PickedFile,
  evalFile: PickedFile | undefined,
  options: DataOptions,
  id: string,
  { signal, onProgress, read: readFiles }: Watch & { read: ReadFiles },
): Promise<LoadedData> {
  const readWith = async (tokens: readonly string[], watch?: ReadWatch) => {
    const read = await readFiles(model, tokens, { data: file.file, evaluation: evalFile?.file }, options, watch)
    return { dataset: read.dataset, cut: cutter(read) }
  }
  // The tokens of a preset count as such in the report, whatever method is chosen.
  const source = model.file.tokenizer
  const marks = source ? lackingTokens(source, presetOfTemplate(options.promptTemplate)?.tokens ?? []) : []
  const own = await readWith(marks, {
    signal,
    onProgress: (_, { fraction, rows }) => onProgress({ phase: 'tokenising', fraction, detail: `${rows}` }),
  })
  const ownKey = marks.join()
  let read = new Map([[ownKey, Promise.resolve(own)]])
  function readFor(tokens: readonly string[]): Promise<typeof own> {
    const key = tokens.join()
    const found = read.get(key) ?? readWith(tokens)
    // Of longer vocabularies the last one is kept: a list that is being typed passes through many.
    if (key !== ownKey) read = new Map([[ownKey, Promise.resolve(own)]]).set(key, found)
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

/** Rows that were read for a model that was replaced meanwhile have the tokens of another vocabulary. @throws FormatError */
export function refuseReplaced({ path }: PickedFile, model: LoadedModel, now: LoadedModel | undefined): void {
  if (now?.file !== model.file)
    throw new FormatError(say`${path}: expected the model that it was read for, got another. Choose the data again.`)
}
