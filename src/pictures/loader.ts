// Gives the pictures of a set as rows of a run. A picture is decoded when it is needed, and one at a time, so that memory does not grow with
// the set. Its fitted 8-bit pixels are kept up to a budget of bytes; the order of a run is random, so what is kept stays, and the other
// pictures are decoded again in each epoch.
import type { PictureSource } from '../data/picture-data'
import type { Augmentation } from '../config/picture-fields'
import { augmented } from './augment'
import type { Codecs } from './kinds/kind'
import type { Picture } from './picture'
import type { PictureEntry } from './picture-set'
import { fitted, normalised } from './preprocess'
import type { Processor } from './processor'
import { readPicture } from './read-picture'

const usualBytes = 2 ** 28

/** How many bytes of fitted pictures are kept, by all readers that share it. */
export class PictureBudget {
  constructor(private left = usualBytes) {}

  /** Whether so many bytes more may be kept. */
  takes(bytes: number): boolean {
    if (bytes > this.left) return false
    this.left -= bytes
    return true
  }
}

interface ReaderOptions {
  processor: Processor
  codecs: Codecs
  /** Absent = 256 MiB of its own. */
  budget?: PictureBudget
}

/** Pictures in the size that a model takes, in 8 bits. */
export interface PictureReader {
  entries: readonly PictureEntry[]
  processor: Processor
  /** @throws FormatError or UnsupportedError naming a picture that cannot be read */
  fitted(index: number): Promise<Picture>
}

/** Reads pictures of a set. Several runs may share a reader, so that what it keeps is read once. */
export function pictureReader(entries: readonly PictureEntry[], { processor, codecs, budget }: ReaderOptions): PictureReader {
  const room = budget ?? new PictureBudget()
  const kept = new Map<number, Picture>()
  let last: Promise<unknown> = Promise.resolve()
  const read = async (index: number): Promise<Picture> => {
    const held = kept.get(index)
    if (held) return held
    const { file } = entries[index]
    const picture = fitted(await readPicture(file.path, await file.bytes(), codecs), processor)
    if (room.takes(picture.rgb.length)) kept.set(index, picture)
    return picture
  }
  return {
    entries,
    processor,
    fitted(index) {
      // Two large pictures at once would take twice the memory, and no less time.
      const picture = last.then(() => read(index))
      last = picture.catch(() => undefined)
      return picture
    },
  }
}

export interface PictureChanges {
  /** Absent = pictures stay as they are. */
  augmentation?: Augmentation
  seed?: number
}

/** A picture as a run sees it in an epoch, in 8 bits; as it is without an epoch. The same row, epoch and seed give the same pixels. */
export async function seenPicture(
  { fitted: fittedAt }: PictureReader,
  { augmentation, seed = 0 }: PictureChanges,
  row: number,
  epoch?: number,
): Promise<Picture> {
  const picture = await fittedAt(row)
  return augmentation && epoch !== undefined ? augmented(picture, augmentation, { seed, index: row, epoch }) : picture
}

/** The pictures of a reader as a run gets them. */
export function pictureSource(reader: PictureReader, changes: PictureChanges = {}): PictureSource {
  const { entries, processor } = reader
  const { augmentation, seed = 0 } = changes
  const how = JSON.stringify([processor, augmentation && { augmentation, seed }])
  return {
    labels: entries.map(({ label }) => label),
    pixels: async (row, epoch) => normalised(await seenPicture(reader, changes, row, epoch), processor),
    async mark(row) {
      const { file } = entries[row]
      return JSON.stringify([file.path, file.sizeBytes, await file.mark(), how])
    },
  }
}
