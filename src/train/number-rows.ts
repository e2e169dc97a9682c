// Rows of numbers that grow, such as the metrics of all steps of a run. As objects they would take three times as much memory, in a worker
// that trains for days.

/** Rows that are added at once. Columns that doubled would often be half empty. */
const rowsAtOnce = 256

type Piece = Float32Array | Float64Array

interface Column {
  /** The row that was the first to have it. */
  from: number
  /** Of 32 bits as long as these hold its values exactly, as they hold what a GPU computes. */
  pieces: Piece[]
}

/** The rows at one moment, column after column. Rows that are added later are not in it, although it shares their memory. */
export interface NumberTable {
  /** The columns that all rows have. */
  keys: string[]
  rows: number
  /** `count` numbers from number `at`. */
  values(at: number, count: number): Float64Array<ArrayBuffer>
}

/** The value of a column in a row. */
const valueOf = ({ from, pieces }: Column, row: number): number => pieces[Math.floor((row - from) / rowsAtOnce)][(row - from) % rowsAtOnce]

/** `piece`, or a copy of 64 bits if `value` needs them. */
const pieceFor = (piece: Piece, value: number): Piece =>
  piece instanceof Float64Array || Object.is(Math.fround(value), value) ? piece : new Float64Array(piece)

export class NumberRows<Row extends object> implements Iterable<Row> {
  private readonly columns = new Map<string, Column>()
  private length = 0

  constructor(rows: Iterable<Row> = []) {
    for (const row of rows) this.push(row)
  }

  push(row: Row): void {
    const at = this.length++
    for (const [name, value] of Object.entries(row)) {
      const column = this.columns.get(name) ?? { from: at, pieces: [] }
      this.columns.set(name, column)
      const inColumn = at - column.from
      const number = Math.floor(inColumn / rowsAtOnce)
      const piece = pieceFor(column.pieces[number] ?? new Float32Array(rowsAtOnce), value)
      piece[inColumn % rowsAtOnce] = value
      column.pieces[number] = piece
    }
  }

  /** The rows so far. */
  table(): NumberTable {
    const whole = [...this.columns].filter(([, { from }]) => from === 0)
    const rows = this.length
    return {
      keys: whole.map(([name]) => name),
      rows,
      values: (at, count) =>
        Float64Array.from({ length: count }, (_, i) => valueOf(whole[Math.floor((at + i) / rows)][1], (at + i) % rows)),
    }
  }

  *[Symbol.iterator](): Generator<Row> {
    for (let at = 0; at < this.length; at++) {
      const columns = [...this.columns].filter(([, { from }]) => at >= from)
      yield Object.fromEntries(columns.map(([name, column]) => [name, valueOf(column, at)])) as Row
    }
  }
}
