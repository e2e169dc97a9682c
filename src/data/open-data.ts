// Reads a dataset's files for a model.
import type { DataOptions } from '../config/data-options'
import type { TemplateRenderer } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Dataset } from './dataset'
import type { ReadData } from './run-rows'
import type { DataSource } from './data-source'
import { type TokenizeProgress, tokenizeDataset } from './tokenize-dataset'

interface DataFiles {
  data: DataSource
  /** Replaces held-out rows. */
  evaluation?: DataSource
}

/** What is needed to turn a row into tokens. */
interface RowReader {
  tokenizer: Tokenizer
  renderer?: TemplateRenderer
  /** Most tokens that are kept of a row. */
  keep: number
}

export interface ReadWatch {
  signal?: AbortSignal
  onProgress?(source: DataSource, progress: TokenizeProgress): void
  /** Gets each file's dataset as soon as it is read, and may refuse it. */
  onRead?(dataset: Dataset): void
}

/** Reads and tokenises a dataset. Rows of an evaluation file get the same form. @throws the errors of `tokenizeDataset` and `onRead` */
export async function openData(files: DataFiles, reader: RowReader, options: DataOptions, watch: ReadWatch = {}): Promise<ReadData> {
  const { tokenizer, renderer, keep } = reader
  const read = async (source: DataSource, form?: Dataset['encoder']['form']) => {
    const onProgress = (progress: TokenizeProgress) => watch.onProgress?.(source, progress)
    const dataset = await tokenizeDataset(source, tokenizer, renderer, options, { signal: watch.signal, form, keep, onProgress })
    watch.onRead?.(dataset)
    return dataset
  }
  const dataset = await read(files.data)
  const evalDataset = files.evaluation && (await read(files.evaluation, dataset.encoder.form))
  const { holdOut, seed } = options
  return { dataset, evalDataset, holdOut, seed }
}
