// Cuts the text of a CSV file into rows of fields (RFC 4180), piece by piece and in linear time.
import { FormatError } from '../../config/errors'
import { type Phrase, say } from '../../config/phrase'
import { maxRowBytes, tooLong } from '../cut-rows'

export interface CsvRow {
  /** The line where it begins, from 1. */
  line: number
  fields: string[]
  /** Number of its fields, also of those that were not kept. */
  count: number
  problem?: Phrase
}

const [quote, space, feed, back] = [0x22, 0x20, 10, 13]

/** `begin`: at the beginning of a field; `closed`: just behind a quote that may have ended it; `after`: behind spaces that follow such a quote. */
type State = 'begin' | 'plain' | 'quoted' | 'closed' | 'after'

/**
 * A row ends with LF, CRLF or CR. A field that begins with a quote ends with the next single quote, and may have separators and line
 * breaks. A quote inside another field is a character like any other. Empty lines are no rows.
 */
export class CsvCutter {
  private readonly name: string
  private readonly separator: number
  private readonly mostFields: number
  private state: State = 'begin'
  private line = 1
  /** The last character was CR, so LF would belong to it. */
  private afterBack = false
  private field = ''
  private fields: string[] = []
  private count = 0
  private size = 0
  private began = 1
  private empty = true
  private damaged = false
  private problem?: Phrase

  /** Of a row, `mostFields` fields are kept. `name` is the file's, for errors. */
  constructor(name: string, separator: string, mostFields: number) {
    this.name = name
    this.separator = separator.charCodeAt(0)
    this.mostFields = mostFields
  }

  /** @throws FormatError if a row is too long because a quote is not closed */
  *push(text: string, damaged = false): Generator<CsvRow> {
    this.damaged ||= damaged
    let from = 0
    for (let i = 0; i < text.length; i++) {
      if (this.state === 'quoted') {
        const end = text.indexOf('"', i)
        this.countLines(text, i, end < 0 ? text.length : end)
        if (end < 0) break
        i = end
        this.add(text, from, i)
        this.state = 'closed'
        from = i + 1
        continue
      }
      const code = text.charCodeAt(i)
      if (code === feed && this.afterBack) {
        this.afterBack = false
        from = i + 1
      } else if (code === this.separator) {
        this.add(text, from, i)
        this.endField()
        from = i + 1
      } else if (code === feed || code === back) {
        this.add(text, from, i)
        yield* this.endRow()
        this.line++
        this.began = this.line
        this.damaged = damaged
        this.afterBack = code === back
        from = i + 1
      } else {
        // Of two quotes inside a field, the second belongs to its text.
        if (code === quote && this.state === 'begin') from = i + 1
        if (this.state !== 'plain') this.step(code)
        this.afterBack = false
      }
    }
    this.add(text, from, text.length)
  }

  *end(): Generator<CsvRow> {
    if (this.state === 'quoted') this.problem ??= say`a quote that is not closed`
    yield* this.endRow()
  }

  /** A character that is no separator and no line break. Behind a closing quote there may only be spaces. */
  private step(code: number): void {
    this.empty = false
    if (code === quote && this.state !== 'after') this.state = 'quoted'
    else if (code === space && this.state !== 'begin') this.state = 'after'
    else {
      if (this.state !== 'begin') this.problem ??= say`text behind a closing quote; a quote inside a field must be doubled`
      this.state = 'plain'
    }
  }

  private countLines(text: string, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i)
      if (code === back || (code === feed && !this.afterBack)) this.line++
      this.afterBack = code === back
    }
    if (to < text.length) this.afterBack = false
  }

  private add(text: string, from: number, to: number): void {
    if (to <= from) return
    this.empty = false
    this.size += to - from
    // Spaces between a closing quote and the end of the field.
    if (this.state === 'closed' || this.state === 'after') return
    if (this.size <= maxRowBytes) {
      if (this.count < this.mostFields) this.field += text.slice(from, to)
      return
    }
    this.field = ''
    this.fields = []
    this.problem = tooLong
    if (this.state === 'quoted')
      throw new FormatError(
        say`${this.name}: expected rows of at most ${maxRowBytes / 2 ** 20} MiB, got a longer one at line ${this.began}, where a quote is not closed. Correct this quote, or choose another separator.`,
      )
  }

  private endField(): void {
    if (this.count++ < this.mostFields) this.fields.push(this.field)
    this.field = ''
    this.state = 'begin'
    this.empty = false
  }

  private *endRow(): Generator<CsvRow> {
    const isRow = !this.empty
    if (isRow) this.endField()
    const { began: line, fields, count, problem, damaged } = this
    this.fields = []
    this.count = this.size = 0
    this.empty = true
    this.problem = undefined
    if (!isRow) return
    const unreadable = damaged && fields.some((field) => field.includes('\ufffd'))
    yield {
      line,
      fields,
      count,
      problem: problem ?? (unreadable ? say`bytes that are no characters in the encoding of the file` : undefined),
    }
  }
}
