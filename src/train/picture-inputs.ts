// Pictures as a model reads them: one row of numbers for each patch, so that the projection of patches is a linear layer.
import type { MicroBatch } from '../data/micro-batch'
import type { ModelConfig, VisionConfig } from '../formats/model-file'
import { type Slot, type Tensor, slotTensor } from '../tensor/tensor'

const patchesOf = ({ height, width, patch }: VisionConfig) => (height / patch) * (width / patch)

/** The buffer for `batch` = B pictures, and the tensor [B · N, channels · patch²] in it; undefined for a model of text. */
export function pictureInputs({ vision }: Pick<ModelConfig, 'vision'>, batch: number): { slot: Slot; patches: Tensor } | undefined {
  if (!vision) return undefined
  const [rows, cols] = [batch * patchesOf(vision), vision.channels * vision.patch ** 2]
  const slot: Slot = { label: 'pictures', purpose: 'inputs', sizeBytes: rows * cols * 4 }
  return { slot, patches: slotTensor(slot, [rows, cols], 'f32', 0, 'patches') }
}

/** Writes the patches [N, channels · patch²] of a picture [channels, height, width], row by row of patches, as a convolution flattens them. */
function writePatches(pixels: Float32Array, { channels, height, width, patch }: VisionConfig, out: Float32Array): void {
  const [across, cols] = [width / patch, channels * patch ** 2]
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++)
      for (let left = 0; left < width; left += patch) {
        const from = (c * height + y) * width + left
        const row = Math.floor(y / patch) * across + left / patch
        out.set(pixels.subarray(from, from + patch), row * cols + (c * patch + (y % patch)) * patch)
      }
}

/** The bytes of the buffer for a micro-batch. Rows without a picture are zero. */
export function packPictures(
  { pictures = [], rows }: Pick<MicroBatch, 'pictures' | 'rows'>,
  vision: VisionConfig,
): Float32Array<ArrayBuffer> {
  const size = vision.channels * vision.height * vision.width
  const out = new Float32Array(rows * size)
  pictures.forEach((pixels, b) => pixels && writePatches(pixels, vision, out.subarray(b * size, (b + 1) * size)))
  return out
}
