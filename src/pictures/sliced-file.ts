// A picture file of which parts can be read: a Blob of the page, or a file on disk.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { checksum } from '../storage/checksum'
import type { ZipBytes } from '../storage/zip-source'
import type { PictureFile } from './picture-set'

/** Largest picture file that is read. */
const mostBytes = 2 ** 29
/** Bytes at each end of a file that its mark reads. Encoders write sizes and checksums there. */
const endBytes = 2 ** 15

/** `path`: from the folder that was named, with forward slashes. */
export function slicedFile(path: string, source: ZipBytes): PictureFile {
  const { size } = source
  const read = async (from: number, to: number) => new Uint8Array(await source.slice(from, to).arrayBuffer())
  return {
    path,
    sizeBytes: size,
    async bytes() {
      if (size > mostBytes)
        throw new FormatError(say`${path}: expected a picture file of at most ${mostBytes} bytes, got ${size}. Make the picture smaller.`)
      return read(0, size)
    },
    async mark() {
      const ends = [await read(0, Math.min(size, endBytes)), await read(Math.max(0, size - endBytes), size)]
      return (await Promise.all(ends.map(checksum))).join()
    },
  }
}
