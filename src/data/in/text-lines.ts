// The lines of a text, with their numbers.
import { bytesOf } from '../data-source'
import { maxRowBytes } from '../cut-rows'
import { decoded } from './decoded'
import type { Reading } from './kind'

export interface TextLine {
  /** From 1. */
  line: number
  /** Without its break. Of a line that is longer than a row may be, as much as shows that. */
  text: string
  damaged: boolean
}

/** Lines end with LF, CRLF or CR. They come in groups, because waiting for each alone would take most of the time. */
export async function* textLines({ source, encoding }: Reading): AsyncGenerator<Iterable<TextLine>> {
  const cutter = new TextLineCutter()
  for await (const { text, damaged } of decoded(bytesOf(source), encoding)) yield cutter.push(text, damaged)
  yield cutter.end()
}

class TextLineCutter {
  private held = ''
  private damaged = false
  private afterBack = false
  private line = 1;

  *push(text: string, damaged: boolean): Generator<TextLine> {
    if (text === '') return
    this.damaged ||= damaged
    const [first, ...others] = text.slice(this.afterBack && text.startsWith('\n') ? 1 : 0).split(/\r\n|\n|\r/)
    this.afterBack = text.endsWith('\r')
    if (this.held.length <= maxRowBytes) this.held += first
    for (const other of others) {
      yield this.take()
      this.damaged = damaged
      this.held = other
    }
  }

  *end(): Generator<TextLine> {
    if (this.held !== '') yield this.take()
  }

  private take(): TextLine {
    const text = this.held
    return { line: this.line++, text, damaged: this.damaged && text.includes('\ufffd') }
  }
}
