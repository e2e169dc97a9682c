// BMP (Microsoft, BITMAPINFOHEADER and its versions): 1, 4 and 8 bits with a palette, 16, 24 and 32 bits, rows from below or above.
import { UnsupportedError } from '../../config/errors'
import { type Phrase, say } from '../../config/phrase'
import { Reader, damaged, hasText } from '../bytes'
import type { Picture } from '../picture'
import type { PictureKind } from './kind'

const fileHeader = 14
const oldHeader = 12
const headers = [oldHeader, 40, 52, 56, 64, 108, 124]
const [plain, byMasks] = [0, 3]

interface Layout {
  width: number
  height: number
  fromAbove: boolean
  bits: number
  /** Where the rows begin. */
  at: number
  /** Blue, green and red of each number, with `entryBytes` bytes for each. */
  colours: Uint8Array
  entryBytes: number
  /** The bits of red, green and blue in a pixel. */
  masks: readonly number[]
}

const unsupported = (what: Phrase): UnsupportedError => new UnsupportedError(say`expected an ordinary BMP, got ${what}. Save it as PNG.`)

/** Masks of a file that gives none. */
const usualMasks = (bits: number): readonly number[] => (bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff])

function masksOf(reader: Reader, bits: number): readonly number[] {
  const masks = [0, 4, 8].map((place) => reader.u32(fileHeader + 40 + place, true))
  const usual = masks.every((mask) => mask === 0)
  if (bits === 16 && (`${masks}` === '63488,2016,31' || `${masks}` === '31744,992,31')) return masks
  if (bits !== 16 && (usual || masks.every((mask) => [0xff, 0xff00, 0xff0000, 0xff000000].includes(mask))))
    return usual ? usualMasks(bits) : masks
  throw unsupported(say`one with other masks (${masks.map((mask) => mask.toString(16)).join(', ')})`)
}

function layoutOf(bytes: Uint8Array): Layout {
  const reader = new Reader(bytes)
  const size = reader.u32(fileHeader, true)
  if (!headers.includes(size)) throw unsupported(say`one with a header of ${size} bytes`)
  const isOld = size === oldHeader
  const at = reader.u32(10, true)
  const signed = (place: number): number => reader.u32(place, true) | 0
  const [width, stored] = isOld ? [reader.u16(18, true), reader.u16(20, true)] : [signed(18), signed(22)]
  const bits = reader.u16(isOld ? 24 : 28, true)
  const packing = isOld ? plain : reader.u32(30, true)
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw unsupported(say`one with ${bits} bits`)
  if (packing !== plain && packing !== byMasks) throw unsupported(packing <= 2 ? say`a packed one (RLE)` : say`one with packing ${packing}`)
  const masks = packing === byMasks && bits >= 16 ? masksOf(reader, bits) : usualMasks(bits)
  const entryBytes = isOld ? 3 : 4
  const count = bits > 8 ? 0 : (isOld ? 0 : reader.u32(46, true)) || 2 ** bits
  const paletteAt = fileHeader + size
  const colours = bytes.subarray(paletteAt, paletteAt + entryBytes * Math.min(256, count))
  if (width < 0) throw damaged()
  // Some files say that the rows begin where the palette does.
  const rowsAt = bits <= 8 && at === paletteAt ? paletteAt + entryBytes * count : at
  return { width, height: Math.abs(stored), fromAbove: stored < 0, bits, at: rowsAt, colours, entryBytes, masks }
}

/** Takes the value of a mask out of a pixel, from 0 to 255. */
function channel(mask: number): (pixel: number) => number {
  const shift = 31 - Math.clz32(mask & -mask)
  const most = mask >>> shift
  return (pixel) => Math.trunc((((pixel & mask) >>> shift) * 255) / most)
}

/** The place of the pixel's colour in the palette. */
function numberAt(row: Uint8Array, x: number, bits: number): number {
  const bit = x * bits
  return (row[bit >> 3] >> (8 - bits - (bit & 7))) & (2 ** bits - 1)
}

function decode(bytes: Uint8Array): Picture {
  const { width, height, fromAbove, bits, at, colours, entryBytes, masks } = layoutOf(bytes)
  const reader = new Reader(bytes)
  const stride = Math.ceil((width * bits) / 32) * 4
  const used = Math.ceil((width * bits) / 8)
  const rgb = new Uint8Array(width * height * 3)
  const channels = masks.map(channel)
  const pixelBytes = bits / 8
  for (let y = 0; y < height; y++) {
    const row = reader.part(at + y * stride, used)
    let to = (fromAbove ? y : height - 1 - y) * width * 3
    for (let x = 0; x < width; x++) {
      if (bits <= 8) {
        const from = numberAt(row, x, bits) * entryBytes
        for (let c = 2; c >= 0; c--) rgb[to++] = colours[from + c] ?? 0
        continue
      }
      let pixel = 0
      for (let b = 0; b < pixelBytes; b++) pixel |= row[x * pixelBytes + b] << (8 * b)
      for (const value of channels) rgb[to++] = value(pixel)
    }
  }
  return { width, height, rgb }
}

export const bmp: PictureKind = {
  name: 'BMP',
  isLike: (bytes) => hasText(bytes, 0, 'BM'),
  header: (bytes) => {
    const { width, height } = layoutOf(bytes)
    return { width, height, orientation: 1 }
  },
  decode,
}
