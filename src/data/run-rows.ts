// The rows of a run: a dataset cut at the run's maximum length and split into training and evaluation.
import type { Asking } from '../config/asking'
import type { DataOptions } from '../config/data-options'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { type Cut, cutAt, unusable } from './cut-at-length'
import type { Dataset, Example, Question } from './dataset'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { splitRows } from './split'

/** Datasets at their full length; `evalDataset` replaces held-out rows. */
export interface ReadData extends Pick<DataOptions, 'holdOut' | 'seed'> {
  dataset: Dataset
  evalDataset?: Dataset
}

/** What a run reads of a dataset, whether of text or of pictures. */
export interface RunData {
  name: string
  /** How its prompts are asked, and how its answers end. */
  asking: Asking
  /** Lengths of all rows, or of the given ones, cut at `maxLength`. */
  lengths(rows: ArrayLike<number> | undefined, maxLength: number): Int32Array
  /** A row as training sees it, cut at `maxLength`. */
  example(row: number, maxLength?: number): Example
  /** The tokenizer of text. */
  encoder?: { tokenizer: Tokenizer }
  /** A row's last answer and its prompt, if there are any. */
  question?(row: number): Promise<Question | undefined>
  /** Tokens or positions of every row, if all have as many. Such rows are neither cut nor padded. */
  positions?: number
  /** The picture of a row [channels, height, width], changed as training changes it in an epoch; absent for text. */
  pixels?(row: number, epoch?: number): Promise<Float32Array>
  /** A text that is another one if the picture of a row, or what is done with it, is another; absent for text. */
  mark?(row: number): Promise<string>
}

/** Rows for training and evaluation of a run. */
export interface RunRows {
  dataset: RunData
  train: Int32Array
  evalDataset: RunData
  eval: Int32Array
}

/** Rows of text. The evaluation rows may be in a file of their own. */
export interface Rows extends RunRows {
  dataset: Dataset
  evalDataset: Dataset
}

/** The same, with the datasets cut at the maximum length. */
export interface CutRows extends Rows {
  cut: Cut
  /** The cut of the evaluation file, if there is one. */
  evalCut?: Cut
}

/** The rows at `maxLength`. A row with nothing left to train on is in neither part. */
export function rowsAt({ dataset, evalDataset, holdOut, seed }: ReadData, maxLength: number): CutRows {
  const cut = cutAt(dataset, maxLength)
  if (evalDataset) {
    const evalCut = cutAt(evalDataset, maxLength)
    return { dataset, train: cut.rows, evalDataset, eval: evalCut.rows, cut, evalCut }
  }
  const split = splitRows(cut.rows.length, holdOut, seed, (place) => !dataset.isGenerated(cut.rows[place]))
  const rowsOf = (places: Int32Array): Int32Array => places.map((place) => cut.rows[place])
  return { dataset, train: rowsOf(split.train), evalDataset: dataset, eval: rowsOf(split.eval), cut }
}

/** The rows of a run. @throws FormatError if the length leaves no row of a file */
export function usableRows(rows: CutRows): CutRows {
  for (const cut of [rows.cut, ...(rows.evalCut ? [rows.evalCut] : [])])
    if (!cut.rows.length)
      throw new FormatError(
        say`${cut.dataset.name}: expected at least one row to train on, got ${unusable(cut.problems, cut.problemCount)}. Raise the maximum length, shorten the prompts, or choose another file.`,
        ['maxLength'],
      )
  return rows
}
