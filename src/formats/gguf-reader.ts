// Reads a GGUF header value by value, in growing pieces and never the whole file. It checks that a count fits the file before using it.
import { FormatError } from '../config/errors'
import { type PhraseValue, say } from '../config/phrase'
import type { ByteSource } from './source'

const firstPiece = 1 << 20
const largestPiece = 16 << 20
const maxText = 16 << 20

export class GgufReader {
  readonly where: string
  private readonly source: ByteSource
  private bytes = new Uint8Array(0)
  private view = new DataView(this.bytes.buffer)
  /** File offset of bytes[0], and the next byte to read within bytes. */
  private start = 0
  private at = 0
  private piece = firstPiece

  constructor(source: ByteSource) {
    this.where = source.name
    this.source = source
  }

  /** Next byte's offset in the file. */
  get position(): number {
    return this.start + this.at
  }

  /** Bytes from here to the end of the file. */
  get left(): number {
    return this.source.sizeBytes - this.position
  }

  /** Whether `count` bytes are in memory, so that the synchronous calls below may be used. */
  has(count: number): boolean {
    return this.at + count <= this.bytes.length
  }

  /** Reads `count` bytes into memory. @throws FormatError if the file ends before */
  async need(what: PhraseValue, count: number): Promise<void> {
    if (this.has(count)) return
    if (count > this.left) {
      throw new FormatError(
        say`${this.where}: expected ${count} bytes for ${what} at byte ${this.position}, got a file of ${this.source.sizeBytes} bytes. The file is cut off or damaged; download it again.`,
      )
    }
    const start = this.position
    const length = Math.min(Math.max(count, this.piece), this.left)
    this.bytes = await this.source.read(start, length)
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
    this.start = start
    this.at = 0
    this.piece = Math.min(this.piece * 2, largestPiece)
  }

  /** The next `size` bytes as a number. `need` must have read them. */
  take<T>(size: number, read: (view: DataView, at: number) => T): T {
    const value = read(this.view, this.at)
    this.at += size
    return value
  }

  async u32(what: PhraseValue): Promise<number> {
    await this.need(what, 4)
    return this.take(4, (view, at) => view.getUint32(at, true))
  }

  /** A 64-bit count, size or offset. It must be a safe integer. */
  async size(what: PhraseValue): Promise<number> {
    await this.need(what, 8)
    const value = this.take(8, (view, at) => view.getBigUint64(at, true))
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new FormatError(say`${this.where}: expected ${what} that fits a file, got ${value}. The file is damaged; download it again.`)
    }
    return Number(value)
  }

  /** A count of items that take at least `leastBytes` each. */
  async count(what: PhraseValue, leastBytes: number, limit: number): Promise<number> {
    const value = await this.size(say`number of ${what}`)
    if (value > limit)
      throw new FormatError(say`${this.where}: expected at most ${limit} ${what}, got ${value}. The file is damaged; download it again.`)
    if (value * leastBytes > this.left) {
      throw new FormatError(
        say`${this.where}: expected room for ${value} ${what}, got only ${this.left} bytes to the end of the file. The file is cut off or damaged; download it again.`,
      )
    }
    return value
  }

  /** A text: 64-bit length, UTF-8. */
  async text(what: PhraseValue): Promise<string> {
    const length = await this.size(say`length of ${what}`)
    if (length > maxText)
      throw new FormatError(
        say`${this.where}: expected ${what} of at most ${maxText} bytes, got ${length}. The file is damaged; download it again.`,
      )
    await this.need(what, length)
    const text = decoder.decode(this.bytes.subarray(this.at, this.at + length))
    this.at += length
    return text
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
