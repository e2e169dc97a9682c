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
  /** Row + 1 at the head of each chain, by the last bits of the hash; the row + 1 that is next in its chain. */
  private readonly heads: Int32Array
  private readonly next: Int32Array

  constructor(dataset: Dataset) {
    this.dataset = dataset
    this.next = new Int32Array(dataset.rows)
    this.heads = new Int32Array(2 ** Math.ceil(Math.log2(dataset.rows + 1)))
  }

  find(row: number, of: Dataset): number | undefined {
    for (let at = this.heads[this.slot(of, row)]; at > 0; at = this.next[at - 1])
      if (this.dataset.sameTokens(at - 1, of, row)) return at - 1
    return undefined
  }

  add(row: number): void {
    const slot = this.slot(this.dataset, row)
    this.next[row] = this.heads[slot]
    this.heads[slot] = row + 1
  }

  private slot(of: Dataset, row: number): number {
    const [first, second] = of.hash(row)
    return (first ^ second ^ (second >>> 16)) & (this.heads.length - 1)
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
