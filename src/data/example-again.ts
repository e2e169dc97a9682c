// A row of a dataset as the tokenizer read it, read from its file again. Only the tokens that fit in the model's context are kept.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { DataSource, RowPlace } from './data-source'
import { type EncodedExample, type Encoder, encodeSamples } from './encode-sample'
import { rowAgain } from './parse-row'
import type { Mapping } from './row'
import { RowProblem } from './row-values'
import { sampleOf } from './sample'

interface KeptRow {
  line: number
  place: RowPlace
  mapping: Mapping
}

/** The whole example of a row. @throws FormatError if the file has changed since or cannot be read any more */
export async function exampleAgain(source: DataSource, encoder: Encoder, { line, place, mapping }: KeptRow): Promise<EncodedExample> {
  const value = await rowAgain(source, place, line)
  const [example] = await encodeSamples([sampleOf(value, mapping, encoder.tokenizer.vocabSize)], encoder)
  if (example instanceof RowProblem) throw new FormatError(say`${source.name}, line ${line}: ${example.phrase}`)
  return example
}
