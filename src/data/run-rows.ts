// The rows of a run: what was read, cut at the run's maximum length and split into training and evaluation.
import type { DataOptions } from '../config/data-options'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { type Cut, cutAt, unusable } from './cut-at-length'
import type { Dataset } from './dataset'
import { splitRows } from './split'

/** Datasets as they were read; `evalDataset` takes the place of held-out rows. */
export interface ReadData extends Pick<DataOptions, 'holdOut' | 'seed'> {
  dataset: Dataset
  evalDataset?: Dataset
}

/** Rows for training and evaluation; evaluation rows may lie in a file of their own. */
export interface Rows {
  dataset: Dataset
  train: Int32Array
  evalDataset: Dataset
  eval: Int32Array
}

/** The same with what the maximum length left of the datasets. */
export interface CutRows extends Rows {
  cut: Cut
  /** Of the evaluation file, where there is one. */
  evalCut?: Cut
}

/** The rows at `maxLength`. Rows with nothing left to train on are in neither part. */
export function rowsAt({ dataset, evalDataset, holdOut, seed }: ReadData, maxLength: number): CutRows {
  const cut = cutAt(dataset, maxLength)
  if (evalDataset) {
    const evalCut = cutAt(evalDataset, maxLength)
    return { dataset, train: cut.rows, evalDataset, eval: evalCut.rows, cut, evalCut }
  }
  const split = splitRows(cut.rows.length, holdOut, seed)
  const rowsOf = (places: Int32Array): Int32Array => places.map((place) => cut.rows[place])
  return { dataset, train: rowsOf(split.train), evalDataset: dataset, eval: rowsOf(split.eval), cut }
}

/** The rows of a run. @throws FormatError where the length leaves nothing of a file */
export function usableRows(rows: CutRows): CutRows {
  for (const cut of [rows.cut, ...(rows.evalCut ? [rows.evalCut] : [])])
    if (!cut.rows.length)
      throw new FormatError(
        say`${cut.dataset.name}: expected at least one row to train on, got ${unusable(cut.problems, cut.problemCount)}. Raise the maximum length, shorten the prompts, or choose another file.`,
        ['maxLength'],
      )
  return rows
}
