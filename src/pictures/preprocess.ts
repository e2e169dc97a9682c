// A picture as the numbers that a model gets: resized, cropped, rescaled and normalised in the order and the arithmetic of transformers'
// PIL processors (image_transforms.py).
import type { Picture } from './picture'
import type { Processor, Size, Target } from './processor'
import { cropped, resized } from './resample'

/** Python's round: halves go to the even number. */
function evenRound(value: number): number {
  const floor = Math.floor(value)
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value)
}

/** The size of the whole resized picture (get_resize_output_image_size, get_size_with_aspect_ratio). */
function resizedSize({ width, height }: Size, target: Target): Size {
  if ('width' in target) return target
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  let { shortest } = target
  let longSide = Math.trunc((shortest * long) / short)
  if (target.longest !== undefined) {
    let exact = shortest
    if ((long / short) * shortest > target.longest) {
      exact = (target.longest * short) / long
      shortest = evenRound(exact)
    }
    longSide = short === shortest ? long : Math.trunc((exact * long) / short)
  }
  return width <= height ? { width: shortest, height: longSide } : { width: longSide, height: shortest }
}

/** Where a crop of `size` begins in the middle of `of`; negative where the crop is larger (center_crop). */
const beginOf = (of: number, size: number): number => Math.floor((of - size) / 2)

/** The picture on a larger one, black around it. */
function padded(picture: Picture, { width, height }: Size, left: number, top: number): Picture {
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < picture.height; y++)
    rgb.set(picture.rgb.subarray(y * picture.width * 3, (y + 1) * picture.width * 3), ((top + y) * width + left) * 3)
  return { width, height, rgb }
}

/** The picture resized and cropped, still in 8 bits, with the processor's output size. */
export function fitted(picture: Picture, { resize, crop }: Processor): Picture {
  const whole = resize ? resizedSize(picture, resize.target) : { width: picture.width, height: picture.height }
  const size = crop ?? whole
  const [left, top] = [beginOf(whole.width, size.width), beginOf(whole.height, size.height)]
  const x = { from: Math.max(0, left), size: Math.min(whole.width, size.width) }
  const y = { from: Math.max(0, top), size: Math.min(whole.height, size.height) }
  const part = resize ? resized(picture, whole.width, whole.height, resize.resampling, { x, y }) : cropped(picture, x, y)
  const fits = part.width === size.width && part.height === size.height
  const made = fits ? part : padded(part, size, Math.max(0, -left), Math.max(0, -top))
  // A picture that has its size already is still in the memory of its decoder, which is larger.
  return made.rgb.buffer.byteLength > made.rgb.length ? { ...made, rgb: made.rgb.slice() } : made
}

/** The number of each 8-bit value of a colour, in float32 as numpy computes it. */
function tableOf({ rescale, normalize }: Processor, colour: number): Float32Array {
  const [mean, std] = [Math.fround(normalize?.mean[colour] ?? 0), Math.fround(normalize?.std[colour] ?? 1)]
  return Float32Array.from({ length: 256 }, (_, value) => {
    const scaled = Math.fround(rescale === undefined ? value : value * rescale)
    return normalize ? Math.fround(scaled - mean) / std : scaled
  })
}

/** The numbers of a fitted picture, [channels, height, width]. */
export function normalised({ rgb }: Picture, processor: Processor): Float32Array {
  const pixels = rgb.length / 3
  const out = new Float32Array(rgb.length)
  for (let colour = 0; colour < 3; colour++) {
    const table = tableOf(processor, colour)
    for (let i = 0; i < pixels; i++) out[colour * pixels + i] = table[rgb[i * 3 + colour]]
  }
  return out
}
