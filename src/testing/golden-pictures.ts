// The pictures of goldens as a model sees them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type MicroBatch, makeMicroBatch } from '../data/micro-batch'
import { PictureData } from '../data/picture-data'
import type { RunRows } from '../data/run-rows'
import { MemorySource } from '../formats/memory-source'
import { readSafetensorsHeader } from '../formats/safetensors'
import type { LoadedModel } from '../peft/loaded-model'
import { readJson } from './golden'

/** A golden's batch: numbers of pictures in the model's folder, and their classes. */
export interface PictureBatch {
  images: number[]
  labels: number[]
}

/** All pictures of a golden's folder, (u8 / 255 − mean) / deviation. */
export async function goldenPixels(folder: string): Promise<Float32Array[]> {
  const { image_mean: mean, image_std: deviation } = readJson<{ image_mean: number[]; image_std: number[] }>(
    join(folder, 'preprocessor_config.json'),
  )
  const source = new MemorySource('pixels', new Uint8Array(readFileSync(join(folder, 'pixels.safetensors'))))
  const { shape, offset, sizeBytes } = (await readSafetensorsHeader(source)).tensors.get('pixels')!
  const bytes = await source.read(offset, sizeBytes)
  const size = sizeBytes / shape[0]
  const channel = (i: number) => Math.floor((i / size) * mean.length)
  return Array.from({ length: shape[0] }, (_, picture) =>
    Float32Array.from(
      bytes.subarray(picture * size, (picture + 1) * size),
      (byte, i) => (byte / 255 - mean[channel(i)]) / deviation[channel(i)],
    ),
  )
}

/** A picture as a model sees it. */
interface PictureRow {
  /** [channels, height, width] */
  pixels: Float32Array
  label: number
}

/** Pictures in memory as the rows of a run. */
function picturesInMemory(pictures: readonly PictureRow[], { file }: Pick<LoadedModel, 'file'>): PictureData {
  const source = {
    labels: pictures.map(({ label }) => label),
    pixels: (row: number) => Promise.resolve(pictures[row].pixels),
    mark: (row: number) => Promise.resolve(pictures[row].pixels.join()),
  }
  return new PictureData('pictures', source, file.config.vision!)
}

/** Pictures as the rows of a run, which is evaluated on the same ones. */
export function rowsOfPictures(pictures: readonly PictureRow[], model: Pick<LoadedModel, 'file'>): RunRows {
  const dataset = picturesInMemory(pictures, model)
  const all = Int32Array.from(pictures.keys())
  return { dataset, train: all, evalDataset: dataset, eval: all }
}

/** Pictures as a micro-batch for a model. */
export function batchOfPictures(pictures: readonly PictureRow[], model: Pick<LoadedModel, 'file'>): MicroBatch {
  const data = picturesInMemory(pictures, model)
  const micro = makeMicroBatch(data, { rows: pictures.map((_, i) => [i]), length: data.positions, epoch: 0 })
  return { ...micro, pictures: pictures.map(({ pixels }) => pixels) }
}

export async function pictureBatch({ images, labels }: PictureBatch, model: LoadedModel, folder: string): Promise<MicroBatch> {
  const pixels = await goldenPixels(folder)
  return batchOfPictures(
    images.map((image, i) => ({ pixels: pixels[image], label: labels[i] })),
    model,
  )
}
