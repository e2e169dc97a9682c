// The bytes of a zip, and the errors that refuse one.
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'

/** What to do with a zip that is damaged. */
const again = say`Download it again, or create it again from its folder.`
const unpack = say`Unpack it, and drop the folder.`
const unpackTrusted = say`If you trust who made it, unpack it and drop the folder.`

/** Where the bytes of a zip come from: a Blob, or a file in Node. */
export interface ZipBytes {
  readonly size: number
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> }
}

export class ZipSource {
  constructor(
    readonly name: string,
    readonly blob: ZipBytes,
  ) {}

  /** `length` bytes at `from`, fewer at the end. @throws FormatError if the file can no longer be read */
  async read(from: number, length: number): Promise<DataView<ArrayBuffer>> {
    try {
      return new DataView(await this.blob.slice(from, from + length).arrayBuffer())
    } catch {
      throw new FormatError(say`${this.name}: expected a file that can be read, got none. Drop it again.`)
    }
  }

  /** The error for bytes that contradict each other. */
  damaged(what: Phrase): FormatError {
    return this.refused(what, again)
  }
  /** The error for a kind of zip that is not supported. */
  unsupported(what: Phrase): FormatError {
    return this.refused(what, unpack)
  }
  /** The error for a zip that is made to do harm, or too large. */
  suspect(what: Phrase): FormatError {
    return this.refused(what, unpackTrusted)
  }
  private refused(what: Phrase, todo: Phrase): FormatError {
    return new FormatError(say`${this.name}: expected a zip of plain files, got ${what}. ${todo}`)
  }
}
