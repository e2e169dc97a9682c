// Resizing with Pillow's numbers: antialiased filters in two passes, first across rows, then across columns, with 8-bit values between
// them and weights in fixed point (Pillow 12, Image.resize of mode RGB; described at pillow.readthedocs.io, "Concepts: Filters").
import type { Picture } from './picture'

interface Filter {
  /** Half the width of the filter at scale 1. */
  support: number
  weight(x: number): number
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI))

function bicubic(at: number): number {
  const x = Math.abs(at)
  const a = -0.5
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
}

function hamming(at: number): number {
  const x = Math.abs(at)
  if (x === 0) return 1
  return x >= 1 ? 0 : (Math.sin(x * Math.PI) / (x * Math.PI)) * (0.54 + 0.46 * Math.cos(x * Math.PI))
}

const filters = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: { support: 1, weight: hamming },
  bicubic: { support: 2, weight: bicubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
} satisfies Record<string, Filter>

export type Resampling = keyof typeof filters | 'nearest'

/** Pillow's numbers of the filters (PIL.Image.Resampling), as preprocessor_config.json writes them. */
export const resamplings: readonly Resampling[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming']

/** A part of one axis of the resized picture. */
interface Span {
  from: number
  size: number
}

/** The part of the resized picture that is wanted. */
interface Window {
  x: Span
  y: Span
}

/** Bits behind the point of a weight: 32 less 8 of the value and 2 for sums beyond it. */
const pointBits = 22
const half = 2 ** (pointBits - 1)

/** The pixels that each pixel of a span is made of. */
interface Taps {
  /** The first pixel of each. */
  first: Int32Array
  count: Int32Array
  /** `most` weights for each, with `pointBits` behind the point. */
  weights: Int32Array
  most: number
}

function tapsOf(inSize: number, outSize: number, span: Span, filter: Filter): Taps {
  const scale = inSize / outSize
  const stretch = Math.max(1, scale)
  const support = filter.support * stretch
  const most = Math.ceil(support) * 2 + 1
  const taps = {
    first: new Int32Array(span.size),
    count: new Int32Array(span.size),
    weights: new Int32Array(span.size * most),
    most,
  }
  const exact = new Float64Array(most)
  for (let i = 0; i < span.size; i++) {
    const center = (span.from + i + 0.5) * scale
    const first = Math.max(0, Math.trunc(center - support + 0.5))
    const count = Math.min(inSize, Math.trunc(center + support + 0.5)) - first
    let sum = 0
    for (let t = 0; t < count; t++) {
      exact[t] = filter.weight((t + first - center + 0.5) * (1 / stretch))
      sum += exact[t]
    }
    for (let t = 0; t < count; t++) {
      const share = sum === 0 ? exact[t] : exact[t] / sum
      taps.weights[i * most + t] = Math.trunc(share * 2 ** pointBits + (share < 0 ? -0.5 : 0.5))
    }
    taps.first[i] = first
    taps.count[i] = count
  }
  return taps
}

const clipped = (value: number): number => {
  const whole = value >> pointBits
  return whole < 0 ? 0 : whole > 255 ? 255 : whole
}

/** The rows `rows` of a picture, each as the pixels of `taps`. */
function acrossRows({ width, rgb }: Picture, { first, count, weights, most }: Taps, rows: Span): Picture {
  const outWidth = first.length
  const out = new Uint8Array(outWidth * rows.size * 3)
  let to = 0
  for (let row = 0; row < rows.size; row++) {
    const begin = (rows.from + row) * width * 3
    for (let i = 0; i < outWidth; i++) {
      let red = half
      let green = half
      let blue = half
      let from = begin + first[i] * 3
      const end = i * most + count[i]
      // Sums stay below 2³¹ (the weights of Lanczos add up to at most 1.58 without their signs), and whole numbers of 32 bits are added faster.
      for (let t = i * most; t < end; t++) {
        const weight = weights[t]
        red = (red + Math.imul(rgb[from], weight)) | 0
        green = (green + Math.imul(rgb[from + 1], weight)) | 0
        blue = (blue + Math.imul(rgb[from + 2], weight)) | 0
        from += 3
      }
      out[to++] = clipped(red)
      out[to++] = clipped(green)
      out[to++] = clipped(blue)
    }
  }
  return { width: outWidth, height: rows.size, rgb: out }
}

/** The columns of a picture, each as the pixels of `taps`. The picture begins at the row `begin` of the one that `taps` is for. */
function acrossColumns({ width, rgb }: Picture, { first, count, weights, most }: Taps, begin: number): Picture {
  const stride = width * 3
  const out = new Uint8Array(stride * first.length)
  const sums = new Float64Array(stride)
  for (let row = 0; row < first.length; row++) {
    sums.fill(half)
    for (let t = 0; t < count[row]; t++) {
      const weight = weights[row * most + t]
      const from = (first[row] - begin + t) * stride
      for (let i = 0; i < stride; i++) sums[i] += rgb[from + i] * weight
    }
    for (let i = 0; i < stride; i++) out[row * stride + i] = clipped(sums[i])
  }
  return { width, height: first.length, rgb: out }
}

/** The pixel of the picture for each pixel of the span. Pillow adds the scale up, so its rounding errors add up too. */
function nearestOf(inSize: number, outSize: number, span: Span): Int32Array {
  const scale = inSize / outSize
  const out = new Int32Array(span.size)
  let at = scale * 0.5
  for (let i = 0; i < span.from + span.size; i++) {
    if (i >= span.from) out[i - span.from] = Math.min(inSize - 1, Math.trunc(at))
    at += scale
  }
  return out
}

function nearest(picture: Picture, width: number, height: number, { x, y }: Window): Picture {
  const columns = nearestOf(picture.width, width, x)
  const rows = nearestOf(picture.height, height, y)
  const out = new Uint8Array(x.size * y.size * 3)
  let to = 0
  for (const row of rows)
    for (const column of columns) {
      const from = (row * picture.width + column) * 3
      out[to++] = picture.rgb[from]
      out[to++] = picture.rgb[from + 1]
      out[to++] = picture.rgb[from + 2]
    }
  return { width: x.size, height: y.size, rgb: out }
}

/** Resizes rows first, and only those that `down` needs; `down` is absent if the height stays. */
function acrossAxes(picture: Picture, width: number, window: Window, filter: Filter, down: Taps | undefined): Picture {
  const last = window.y.size - 1
  const rows = down ? { from: down.first[0], size: down.first[last] + down.count[last] - down.first[0] } : window.y
  // An axis that keeps its size is copied: its filter would have the one weight 1.
  const across =
    picture.width === width ? cropped(picture, window.x, rows) : acrossRows(picture, tapsOf(picture.width, width, window.x, filter), rows)
  return down ? acrossColumns(across, down, rows.from) : across
}

/**
 * A window of the picture resized to width × height; the window lies within it. Only the window is computed. Its values are those of the
 * whole resized picture.
 */
export function resized(picture: Picture, width: number, height: number, resampling: Resampling, window: Window): Picture {
  if (resampling === 'nearest') return nearest(picture, width, height, window)
  const filter = filters[resampling]
  const down = picture.height === height ? undefined : tapsOf(picture.height, height, window.y, filter)
  if (!down || picture.height <= picture.width * 100 || height >= picture.height) return acrossAxes(picture, width, window, filter, down)
  // Of a picture that is very tall, Pillow makes fewer rows first.
  const fewer = acrossColumns(picture, down, 0)
  return acrossAxes(fewer, width, { x: window.x, y: { from: 0, size: fewer.height } }, filter, undefined)
}

/** The columns `x` and rows `y` of a picture. */
export function cropped(picture: Picture, x: Span, y: Span): Picture {
  if (x.size === picture.width && y.size === picture.height) return picture
  const out = new Uint8Array(x.size * y.size * 3)
  for (let row = 0; row < y.size; row++) {
    const from = ((y.from + row) * picture.width + x.from) * 3
    out.set(picture.rgb.subarray(from, from + x.size * 3), row * x.size * 3)
  }
  return { width: x.size, height: y.size, rgb: out }
}
