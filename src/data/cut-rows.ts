// Cuts a stream of bytes into rows: at line breaks, or into the elements of a JSON array. It works on
// bytes, because line breaks, quotes and brackets are single bytes in UTF-8 that are part of no other character.
import { type Phrase, say } from '../config/phrase'

/** The bytes of one row, or the reason why there are none. */
export interface Cut {
  line: number
  bytes: Uint8Array
  problem?: Phrase
}

const maxRowBytes = 64 * 2 ** 20
const none = new Uint8Array(0)
/** Space in JSON, and vertical tab and form feed. */
export const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13)

/** Collects the pieces of a row that spans several chunks; drops them when the row gets too long. */
class Pieces {
  private parts: Uint8Array[] = []
  private size = 0

  add(part: Uint8Array): void {
    this.size += part.length
    if (this.size > maxRowBytes) this.parts = []
    else if (part.length) this.parts.push(part)
  }

  take(line: number): Cut {
    const parts = this.parts
    const size = this.size
    this.parts = []
    this.size = 0
    if (size > maxRowBytes) return { line, bytes: none, problem: say`longer than ${maxRowBytes / 2 ** 20} MiB` }
    if (parts.length === 1) return { line, bytes: parts[0] }
    const bytes = new Uint8Array(size)
    let at = 0
    for (const part of parts) {
      bytes.set(part, at)
      at += part.length
    }
    return { line, bytes }
  }
}

/** Cuts JSONL: CRLF or LF, with or without a break at the end. Lines that have only white space are left out. */
export class LineCutter {
  private readonly pieces = new Pieces()
  private line: number

  constructor(line = 1) {
    this.line = line
  }

  *push(chunk: Uint8Array): Generator<Cut> {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.pieces.add(chunk.subarray(from, at))
      yield* this.take()
      from = at + 1
    }
    this.pieces.add(chunk.subarray(from))
  }

  *end(): Generator<Cut> {
    yield* this.take()
  }

  private *take(): Generator<Cut> {
    const cut = this.pieces.take(this.line++)
    if (cut.problem || !cut.bytes.every(isSpace)) yield cut
  }
}

const quote = 0x22
const backslash = 0x5c
const isOpen = (byte: number): boolean => byte === 0x5b || byte === 0x7b
const isClose = (byte: number): boolean => byte === 0x5d || byte === 0x7d

/** Cuts the elements at depth 1 out of a JSON array. It does not check them; JSON.parse does. */
export class ArrayCutter {
  private readonly pieces = new Pieces()
  private line: number
  /** Line where the current element begins; 0 = there is none. */
  private began = 0
  private depth = 0
  private inString = false
  private escaped = false
  private isClosed = false
  private textBehind?: { line: number; bytes: Uint8Array }

  constructor(line = 1) {
    this.line = line
  }

  get closed(): boolean {
    return this.isClosed
  }

  /** Text after the end of the array, up to the end of the chunk that it begins in. */
  get tail(): { line: number; bytes: Uint8Array } | undefined {
    return this.textBehind
  }

  *push(chunk: Uint8Array): Generator<Cut> {
    let from = 0
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]
      if (byte === 10) this.line++
      if (this.inString) {
        if (this.escaped) this.escaped = false
        else if (byte === backslash) this.escaped = true
        else if (byte === quote) this.inString = false
        continue
      }
      if (this.isClosed) {
        if (!isSpace(byte) && !this.textBehind) this.textBehind = { line: this.line, bytes: chunk.subarray(i) }
        continue
      }
      const ends = this.depth === 1 && (byte === 0x2c || isClose(byte))
      if (ends && this.began) {
        this.pieces.add(chunk.subarray(from, i))
        yield this.take()
      }
      if (this.depth === 1 && !this.began && !ends && !isSpace(byte)) {
        this.began = this.line
        from = i
      }
      if (byte === quote) this.inString = true
      else if (isOpen(byte)) this.depth++
      else if (isClose(byte) && --this.depth === 0) this.isClosed = true
    }
    if (this.began) this.pieces.add(chunk.subarray(from))
  }

  *end(): Generator<Cut> {
    const line = this.began || this.line
    if (!this.isClosed) yield { line, bytes: none, problem: say`the file ends inside the JSON array` }
    else if (this.textBehind) yield { line: this.textBehind.line, bytes: none, problem: say`text after the end of the JSON array` }
  }

  private take(): Cut {
    const cut = this.pieces.take(this.began)
    this.began = 0
    return cut
  }
}
