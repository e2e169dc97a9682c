// The files of a zip as files of pictures. Only the zip's list is read at first; a file is unpacked each time it is asked for.
import { entryBytes } from '../storage/unzip'
import { readDirectory } from '../storage/zip-directory'
import { type ZipBytes, ZipSource } from '../storage/zip-source'
import { type PictureFile, mostPictures } from './picture-set'

/** Pictures are unpacked one at a time, so a zip may hold more than one that is unpacked as a whole. Larger ones are in zip64. */
const limits = { entries: mostPictures, listBytes: 2 ** 26, inflatedBytes: 2 ** 35 }

/** @throws FormatError if the zip cannot or should not be read */
export async function zipFiles(name: string, bytes: ZipBytes): Promise<PictureFile[]> {
  const source = new ZipSource(name, bytes)
  const entries = (await readDirectory(source, limits)).filter(({ path }) => !path.endsWith('/'))
  return entries.map((entry) => ({
    path: entry.path,
    sizeBytes: entry.sizeBytes,
    bytes: () => entryBytes(source, entry),
    mark: () => Promise.resolve(String(entry.crc)),
  }))
}
