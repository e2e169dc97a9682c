// A row of a dataset as the tokenizer read it, read from its file again. Only the tokens that fit in the model's context are kept.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { DataSource, RowPlace } from './data-source'
import { type EncodedExample, type Encoder, encodeSamples } from './encode-sample'
import { rowAgain } from './parse-row'
import type { Mapping } from './row'
import { RowProblem } from './row-values'
import { type Sample, sampleOf } from './sample'

interface KeptRow {
  line: number
  place: RowPlace
  mapping: Mapping
}

/** A row as it was understood. @throws FormatError if the file has changed since or cannot be read any more */
export async function sampleAgain(source: DataSource, vocab: number, { line, place, mapping }: KeptRow): Promise<Sample> {
  return sampleOf(await rowAgain(source, place, line), mapping, vocab)
}

/** The whole example of a row. @throws FormatError if the file has changed since or cannot be read any more */
export async function exampleAgain(source: DataSource, encoder: Encoder, row: KeptRow): Promise<EncodedExample> {
  const [example] = await encodeSamples([await sampleAgain(source, encoder.tokenizer.vocabSize, row)], encoder)
  if (example instanceof RowProblem) throw new FormatError(say`${source.name}, line ${row.line}: ${example.phrase}`)
  return example
}
