// A File that a person picked or dropped.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { readBeyondEnd } from './memory-source'
import type { ByteSource } from './source'

/** Reads pieces of a Blob; `name` is its path in the dropped files. */
export class BlobSource implements ByteSource {
  readonly name: string
  readonly sizeBytes: number
  private readonly blob: Blob

  constructor(name: string, blob: Blob) {
    this.name = name
    this.sizeBytes = blob.size
    this.blob = blob
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (offset + length > this.sizeBytes) throw readBeyondEnd(this.name, this.sizeBytes, offset, length)
    try {
      return new Uint8Array(await this.blob.slice(offset, offset + length).arrayBuffer())
    } catch (error) {
      // NotReadableError: the file was changed or locked after it was picked. NotFoundError: it is gone.
      const reason = error instanceof Error ? error.name : String(error)
      throw new FormatError(
        say`${this.name}: expected a file that can be read, got ${reason}. The file was changed or moved, or is in use. Choose it again.`,
      )
    }
  }
}
