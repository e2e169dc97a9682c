// Gathers lines of a text into documents, each of which is a row with the column `text`.
import { say } from '../../config/phrase'
import { maxRowBytes, tooLong } from '../cut-rows'
import type { ReadRow } from '../parse-row'
import type { TextLine } from './text-lines'

export class Documents {
  private lines: string[] = []
  private size = 0
  private began = 0
  private damagedAt = 0

  /** Adds a line. Blank lines before the first one that is not are left out. */
  add({ line, text, damaged }: TextLine): void {
    const isBlank = text.trim() === ''
    if (!this.began && isBlank) return
    this.began ||= line
    if (damaged) this.damagedAt ||= line
    this.size += text.length + 1
    if (this.size <= maxRowBytes) this.lines.push(text)
    else this.lines = []
  }

  /** The document of the lines so far, if there is one. */
  *take(): Generator<ReadRow> {
    const { lines, size, began: line, damagedAt } = this
    this.lines = []
    this.size = this.began = this.damagedAt = 0
    if (!line) return
    if (size > maxRowBytes) yield { line, problem: tooLong }
    else if (damagedAt) yield { line, problem: say`bytes in line ${damagedAt} that are no characters in the encoding of the file` }
    else yield { line, value: { text: lines.join('\n').trimEnd() } }
  }
}
