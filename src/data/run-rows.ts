// The rows of a run: a dataset cut at the run's maximum length and split into training and evaluation.
import type { DataOptions } from '../config/data-options'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { type Cut, cutAt, unusable } from './cut-at-length'
import type { Dataset } from './dataset'
import { splitRows } from './split'

/** Datasets at their full length; `evalDataset` replaces held-out rows. */
export interface ReadData extends Pick<DataOptions, 'holdOut' | 'seed'> {
  dataset: Dataset
  evalDataset?: Dataset
}

/** Rows for training and evaluation. The evaluation rows may be in a file of their own. */
export interface Rows {
  dataset: Dataset
  train: Int32Array
  evalDataset: Dataset
  eval: Int32Array
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
