// The metrics of all steps of a run. As objects they would take three times as much memory, in a worker that trains for days.
import type { StepMetrics } from '../config/run-reports'

/** Rows that are added at once. Columns that doubled would often be half empty. */
const rowsAtOnce = 1024

interface Column {
  /** The row that was the first to have it. */
  from: number
  pieces: Float64Array[]
}

export class StepRows implements Iterable<StepMetrics> {
  private readonly columns = new Map<string, Column>()
  private length = 0

  constructor(rows: Iterable<StepMetrics> = []) {
    for (const row of rows) this.push(row)
  }

  push(row: StepMetrics): void {
    const at = this.length++
    for (const [name, value] of Object.entries(row)) {
      const column = this.columns.get(name) ?? { from: at, pieces: [] }
      this.columns.set(name, column)
      const inColumn = at - column.from
      const piece = (column.pieces[Math.floor(inColumn / rowsAtOnce)] ??= new Float64Array(rowsAtOnce))
      piece[inColumn % rowsAtOnce] = value
    }
  }

  *[Symbol.iterator](): Generator<StepMetrics> {
    for (let at = 0; at < this.length; at++) {
      const columns = [...this.columns].filter(([, { from }]) => at >= from)
      const row = columns.map(([name, { from, pieces }]) => [name, pieces[Math.floor((at - from) / rowsAtOnce)][(at - from) % rowsAtOnce]])
      yield Object.fromEntries(row)
    }
  }
}
