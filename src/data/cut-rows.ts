// Cuts a stream of bytes into rows: at line breaks, or into the elements of a JSON array. It works on
// bytes, because line breaks, quotes and brackets are single bytes in UTF-8 that are part of no other character.
import { type Phrase, say } from '../config/phrase'
import { type RowPlace, hashOf } from './data-source'

/** The bytes of one row, or the reason why there are none. */
export interface Cut {
  line: number
  /** Byte in the file where it begins. */
  at: number
  bytes: Uint8Array
  problem?: Phrase
}

/** Most bytes of a row. */
export const maxRowBytes = 16 * 2 ** 20
export const tooLong = say`longer than ${maxRowBytes / 2 ** 20} MiB`
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

  take(line: number, at: number): Cut {
    const parts = this.parts
    const size = this.size
    this.parts = []
    this.size = 0
    if (size > maxRowBytes) return { line, at, bytes: none, problem: tooLong }
    if (parts.length === 1) return { line, at, bytes: parts[0] }
    const bytes = new Uint8Array(size)
    let filled = 0
    for (const part of parts) {
      bytes.set(part, filled)
      filled += part.length
    }
    return { line, at, bytes }
  }
}

/** Cuts JSONL: CRLF or LF, with or without a break at the end. Lines that have only white space are left out. */
export class LineCutter {
  private readonly pieces = new Pieces()
  private line: number
  /** Bytes before the current chunk. */
  private base: number
  /** Where the current line begins. */
  private began: number

  /** `line` is the number of the first line, which begins at byte `at`. */
  constructor(line: number, at: number) {
    this.line = line
    this.base = this.began = at
  }

  *push(chunk: Uint8Array): Generator<Cut> {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.pieces.add(chunk.subarray(from, at))
      yield* this.take()
      from = at + 1
      this.began = this.base + from
    }
    this.pieces.add(chunk.subarray(from))
    this.base += chunk.length
  }

  *end(): Generator<Cut> {
    yield* this.take()
  }

  private *take(): Generator<Cut> {
    const cut = this.pieces.take(this.line++, this.began)
    if (cut.problem || !cut.bytes.every(isSpace)) yield cut
  }
}

/** Text after the end of an array. */
interface Tail {
  line: number
  at: number
  bytes: Uint8Array
}

const quote = 0x22
const backslash = 0x5c
const isOpen = (byte: number): boolean => byte === 0x5b || byte === 0x7b
const isClose = (byte: number): boolean => byte === 0x5d || byte === 0x7d

/** Cuts the elements at depth 1 out of a JSON array. It does not check them; JSON.parse does. */
export class ArrayCutter {
  private readonly pieces = new Pieces()
  private line: number
  /** Bytes before the current chunk. */
  private base: number
  /** Line where the current element begins; 0 = there is none. And the byte where it begins. */
  private began = 0
  private beganAt = 0
  private depth = 0
  private inString = false
  private escaped = false
  private isClosed = false
  /** Whether the array is the only value of an object whose brace is still open. */
  private inObject: boolean
  private textBehind?: Tail
  /** The bytes [from, to) of the array, with its brackets. */
  private from = 0
  private to = Infinity
  private hash: number | undefined = hashOf(none)

  /** `line` is the number of the first line, which begins at byte `at`. `inObject`: a brace that closes an object may follow the array. */
  constructor(line: number, at: number, inObject = false) {
    this.line = line
    this.base = at
    this.inObject = inObject
  }

  get closed(): boolean {
    return this.isClosed
  }

  /** Where the array is in the file, once it is closed. */
  get place(): RowPlace {
    return { at: this.from, sizeBytes: this.to - this.from, hash: this.hash ?? 0 }
  }

  /** The place of the array is not needed. */
  forgetPlace(): void {
    this.hash = undefined
  }

  /** Text after the end of the array, up to the end of the chunk that it begins in. */
  get tail(): Tail | undefined {
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
        if (byte === 0x7d && this.inObject) this.inObject = false
        else if (!isSpace(byte) && !this.textBehind) this.textBehind = { line: this.line, at: this.base + i, bytes: chunk.subarray(i) }
        continue
      }
      const ends = this.depth === 1 && (byte === 0x2c || isClose(byte))
      if (ends && this.began) {
        this.pieces.add(chunk.subarray(from, i))
        yield this.take()
      }
      if (this.depth === 1 && !this.began && !ends && !isSpace(byte)) {
        this.began = this.line
        this.beganAt = this.base + i
        from = i
      }
      if (byte === quote) this.inString = true
      else if (isOpen(byte)) {
        if (this.depth++ === 0) this.from = this.base + i
      } else if (isClose(byte) && --this.depth === 0) {
        this.isClosed = true
        this.to = this.base + i + 1
      }
    }
    if (this.began) this.pieces.add(chunk.subarray(from))
    if (this.hash !== undefined && this.depth + Number(this.isClosed))
      this.hash = hashOf(chunk.subarray(Math.max(0, this.from - this.base), Math.max(0, this.to - this.base)), this.hash)
    this.base += chunk.length
  }

  *end(): Generator<Cut> {
    const line = this.began || this.line
    const at = this.beganAt
    if (!this.isClosed || (this.inObject && !this.textBehind))
      yield { line, at, bytes: none, problem: say`the file ends inside the JSON array` }
    else if (this.textBehind)
      yield { line: this.textBehind.line, at: this.textBehind.at, bytes: none, problem: say`text after the end of the JSON array` }
  }

  private take(): Cut {
    const cut = this.pieces.take(this.began, this.beganAt)
    this.began = 0
    return cut
  }
}
