// The bytes of a zip, and the sentences that refuse one.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'

/** What to do with a zip that is damaged. */
const again = 'Download it again, or make it anew from its folder.'
const unpack = 'Unpack it, and drop the folder.'
const unpackTrusted = 'If you trust who made it, unpack it and drop the folder.'

export class ZipSource {
  constructor(
    readonly name: string,
    readonly blob: Blob,
  ) {}

  /** `length` bytes at `from`, fewer at the end. @throws FormatError where the file cannot be read any more */
  async read(from: number, length: number): Promise<DataView<ArrayBuffer>> {
    try {
      return new DataView(await this.blob.slice(from, from + length).arrayBuffer())
    } catch {
      throw new FormatError(say`${this.name}: expected a file that can be read, got none. Drop it again.`)
    }
  }

  /** Its bytes contradict each other. */
  damaged(what: string): FormatError {
    return this.refused(what, again)
  }
  /** A kind of zip that is not read here. */
  unsupported(what: string): FormatError {
    return this.refused(what, unpack)
  }
  /** What nobody makes who means well, or what takes too much. */
  suspect(what: string): FormatError {
    return this.refused(what, unpackTrusted)
  }
  private refused(what: string, todo: string): FormatError {
    return new FormatError(say`${this.name}: expected a zip of plain files, got ${what}. ${todo}`)
  }
}
