// A file that was kept with checksums. What is read is compared with them, the first time that it is read.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { checkedBytes, sumDigits, sumsOf } from '../config/sha256'
import { readBeyondEnd } from './memory-source'
import type { ByteSource } from './source'

export class CheckedSource implements ByteSource {
  readonly name: string
  readonly sizeBytes: number
  /** Which MiB of the file have been compared. */
  private readonly compared: Uint8Array

  /** `sums`: the checksums of the file, as `sumsOf` makes them. */
  constructor(
    private readonly source: ByteSource,
    private readonly sums: string,
  ) {
    this.name = source.name
    this.sizeBytes = source.sizeBytes
    this.compared = new Uint8Array(Math.ceil(source.sizeBytes / checkedBytes))
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (offset + length > this.sizeBytes) throw readBeyondEnd(this.name, this.sizeBytes, offset, length)
    const [first, end] = [Math.floor(offset / checkedBytes), Math.ceil((offset + length) / checkedBytes)]
    if (this.compared.subarray(first, end).every(Boolean)) return this.source.read(offset, length)
    const start = first * checkedBytes
    const bytes = await this.source.read(start, Math.min(this.sizeBytes, end * checkedBytes) - start)
    const found = await sumsOf(bytes)
    for (let i = 0; i < end - first; i++) {
      const kept = this.sums.slice((first + i) * sumDigits, (first + i + 1) * sumDigits)
      if (found.slice(i * sumDigits, (i + 1) * sumDigits) !== kept) throw damaged(this.name, first + i)
    }
    this.compared.fill(1, first, end)
    return bytes.slice(offset - start, offset - start + length)
  }
}

function damaged(name: string, at: number): FormatError {
  return new FormatError(
    say`${name}: expected the bytes that were kept, got others in megabyte ${at + 1}. The copy in this browser is damaged. Delete it in the Library, and open the original again.`,
  )
}
