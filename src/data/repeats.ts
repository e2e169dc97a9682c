// Rows that occur twice: within a dataset, or in both training and evaluation. Rows are compared by their tokens, before cutting.
import type { Dataset } from './dataset'

/** Number of rows that repeat another one; lines of the first of them and of its original in their files. */
interface Repeats {
  rows: number
  line: number
  originalLine: number
}

/** Finds rows by their tokens: chains of rows with equal hashes, each row compared in full. */
class RowIndex {
  private readonly dataset: Dataset
  private readonly heads = new Map<number, number>()
  private readonly next: Int32Array

  constructor(dataset: Dataset) {
    this.dataset = dataset
    this.next = new Int32Array(dataset.rows)
  }

  find(row: number, of: Dataset): number | undefined {
    for (let at = this.heads.get(of.hash(row)) ?? -1; at >= 0; at = this.next[at]) if (this.dataset.sameTokens(at, of, row)) return at
    return undefined
  }

  add(row: number): void {
    const hash = this.dataset.hash(row)
    this.next[row] = this.heads.get(hash) ?? -1
    this.heads.set(hash, row)
  }
}

/** The rows among `rows` that are the same as an earlier one. */
export function repeatedRows(dataset: Dataset, rows: Int32Array): Repeats {
  const index = new RowIndex(dataset)
  const found: Repeats = { rows: 0, line: 0, originalLine: 0 }
  for (const row of rows) {
    const original = index.find(row, dataset)
    if (original === undefined) index.add(row)
    else note(found, dataset.line(row), dataset.line(original))
  }
  return found
}

/** Evaluation rows that are also trained on. */
export function sharedRows(dataset: Dataset, train: ArrayLike<number>, evalDataset: Dataset, evalRows: ArrayLike<number>): Repeats {
  const index = new RowIndex(dataset)
  const found: Repeats = { rows: 0, line: 0, originalLine: 0 }
  for (let i = train.length - 1; i >= 0; i--) index.add(train[i])
  for (let i = 0; i < evalRows.length; i++) {
    const original = index.find(evalRows[i], evalDataset)
    if (original !== undefined) note(found, evalDataset.line(evalRows[i]), dataset.line(original))
  }
  return found
}

function note(found: Repeats, line: number, originalLine: number): void {
  if (found.rows++ === 0) Object.assign(found, { line, originalLine })
}
