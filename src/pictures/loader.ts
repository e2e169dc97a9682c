// Gives the pictures of a set as rows of a run, one at a time. A picture is decoded when it is needed. Its fitted 8-bit pixels are kept up
// to a budget of bytes; the order of a run is random, so what is kept stays, and the other pictures are decoded again in each epoch.
import { type Augmentation, augmented } from './augment'
import type { Codecs } from './kinds/kind'
import type { Picture } from './picture'
import type { PictureEntry } from './picture-set'
import { fitted, normalised } from './preprocess'
import type { Processor } from './processor'
import { readPicture } from './read-picture'

/** A picture as a model gets it. */
export interface PictureRow {
  /** [channels, height, width], rescaled and normalised. */
  pixels: Float32Array
  label: number
}

interface LoaderOptions {
  processor: Processor
  codecs: Codecs
  /** Bytes of fitted pictures that are kept. */
  cacheBytes?: number
  /** Changes the picture in training; absent = pictures stay as they are. */
  augmentation?: Augmentation
  seed?: number
}

const usualCache = 2 ** 28

/** The row of an entry in an epoch. The same index, epoch and seed give the same numbers. */
export type LoadPicture = (index: number, epoch: number) => Promise<PictureRow>

/** @throws FormatError or UnsupportedError, when a row is asked for, naming a picture that cannot be read */
export function pictureLoader(entries: readonly PictureEntry[], options: LoaderOptions): LoadPicture {
  const { processor, codecs, augmentation, seed = 0, cacheBytes = usualCache } = options
  const kept = new Map<number, Picture>()
  let keptBytes = 0
  const fittedAt = async (index: number): Promise<Picture> => {
    const held = kept.get(index)
    if (held) return held
    const { file } = entries[index]
    const picture = fitted(await readPicture(file.path, await file.bytes(), codecs), processor)
    if (keptBytes + picture.rgb.length <= cacheBytes && !kept.has(index)) {
      kept.set(index, picture)
      keptBytes += picture.rgb.length
    }
    return picture
  }
  return async (index, epoch) => {
    const picture = await fittedAt(index)
    const shown = augmentation ? augmented(picture, augmentation, { seed, index, epoch }) : picture
    return { pixels: normalised(shown, processor), label: entries[index].label }
  }
}
