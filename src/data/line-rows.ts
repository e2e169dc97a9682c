// Rows of a JSONL file: one value per line.
import { LineCutter } from './cut-rows'
import { type ReadRow, parseRow } from './parse-row'

export class LineRows {
  private readonly cutter: LineCutter

  /** `line` is the number of the first line, which begins at byte `at`. */
  constructor(line: number, at: number) {
    this.cutter = new LineCutter(line, at)
  }

  *push(chunk: Uint8Array): Generator<ReadRow> {
    for (const cut of this.cutter.push(chunk)) yield parseRow(cut)
  }

  *end(): Generator<ReadRow> {
    for (const cut of this.cutter.end()) yield parseRow(cut)
  }
}
