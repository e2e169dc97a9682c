// PNG (third edition, W3C 2025): all colour types, depths and both orders of rows. Of an animated PNG, the still picture is read.
import { crc32 } from '../../config/crc32'
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import { Reader, damaged, hasText, latin } from '../bytes'
import { orientationOf } from '../exif'
import { inflated } from '../inflate'
import type { Picture } from '../picture'
import type { PictureKind } from './kind'
import { unfiltered } from './png-rows'

const signature = '\x89PNG\r\n\x1a\n'
/** Samples of a pixel by colour type: grey, RGB, palette, grey with alpha, RGB with alpha. */
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const depthsOf: Readonly<Record<number, readonly number[]>> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] }
const palette = 3
/** Most bytes of a text in the file that are inflated. */
const mostText = 2 ** 20
/** Adam7 (section 8.1): the first column and row of each pass, and the steps to the next ones. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

interface Chunk {
  type: string
  data: Uint8Array
}

interface Layout {
  width: number
  height: number
  depth: number
  colour: number
  interlaced: boolean
}

/** The chunks up to the end. Checksums of those that the picture is made of are compared. */
function* chunksOf(bytes: Uint8Array): Generator<Chunk> {
  const reader = new Reader(bytes)
  for (let at = signature.length; ;) {
    const size = reader.u32(at)
    const type = latin(reader.part(at + 4, 4), 0, 4)
    const data = reader.part(at + 8, size)
    if (/^[A-Z]/.test(type) && crc32(bytes.subarray(at + 4, at + 8 + size)) !== reader.u32(at + 8 + size)) throw damaged()
    yield { type, data }
    if (type === 'IEND') return
    at += 12 + size
  }
}

function layoutOf(bytes: Uint8Array): Layout {
  const { value: first } = chunksOf(bytes).next()
  if (!first || first.type !== 'IHDR') throw damaged()
  const reader = new Reader(first.data)
  const [depth, colour, packing, filter, interlace] = [8, 9, 10, 11, 12].map((at) => reader.u8(at))
  if (!depthsOf[colour]?.includes(depth) || packing !== 0 || filter !== 0 || interlace > 1) throw damaged()
  return { width: reader.u32(0), height: reader.u32(4), depth, colour, interlaced: interlace === 1 }
}

/** The keyword of a text chunk and its text (tEXt, zTXt, iTXt; section 11.3.3). */
function textOf({ type, data }: Chunk): [keyword: string, text: string] {
  const end = data.indexOf(0)
  const keyword = latin(data, 0, Math.min(80, Math.max(0, end)))
  if (end < 0) return [keyword, '']
  if (type === 'tEXt') return [keyword, new TextDecoder('latin1').decode(data.subarray(end + 1, end + 1 + mostText))]
  if (type === 'zTXt') return [keyword, new TextDecoder('latin1').decode(inflated([data.subarray(end + 2)], mostText, 0))]
  const packed = data[end + 1] === 1
  const language = data.indexOf(0, end + 3)
  const translated = data.indexOf(0, language + 1)
  const rest = data.subarray(translated + 1)
  return [keyword, new TextDecoder().decode(packed ? inflated([rest], mostText, 0) : rest.subarray(0, mostText))]
}

/** The EXIF that ImageMagick writes as hexadecimal text, after three lines. */
function rawProfile(text: string): Uint8Array {
  const digits = text.split('\n').slice(3).join('')
  return Uint8Array.from(digits.match(/[0-9a-f]{2}/gi) ?? [], (pair) => parseInt(pair, 16))
}

function orientation(bytes: Uint8Array): number {
  let exif: Uint8Array | undefined
  let raw: Uint8Array | undefined
  let xmp: string | undefined
  for (const chunk of chunksOf(bytes)) {
    if (chunk.type === 'eXIf') exif = chunk.data
    if (!['tEXt', 'zTXt', 'iTXt'].includes(chunk.type)) continue
    try {
      const [keyword, text] = textOf(chunk)
      if (keyword === 'Raw profile type exif') raw = rawProfile(text)
      if (keyword === 'XML:com.adobe.xmp') xmp = text
    } catch {
      // A damaged text leaves the picture as it is.
    }
  }
  return orientationOf(exif ?? raw, xmp)
}

/** Bits of a row of `width` pixels, in whole bytes. */
const rowBytes = (width: number, { depth, colour }: Layout): number => Math.ceil((width * depth * samplesOf[colour]) / 8)

/** Gives the colour of each sample of a row as Pillow's convert("RGB") does. */
class Painter {
  private readonly colours: Uint8Array
  constructor(
    private readonly layout: Layout,
    private readonly out: Uint8Array,
    stored: Uint8Array,
  ) {
    // Colours behind the end of the palette are black.
    this.colours = new Uint8Array(256 * 3)
    this.colours.set(stored.subarray(0, 256 * 3))
  }

  /** Sample `i` of a row with a depth of up to 8 bits. */
  private sample(row: Uint8Array, i: number): number {
    const { depth } = this.layout
    if (depth === 8) return row[i]
    const bit = i * depth
    return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1)
  }

  private grey(row: Uint8Array, x: number): number {
    const { depth, colour } = this.layout
    if (depth < 8) return (this.sample(row, x) * 255) / ((1 << depth) - 1)
    if (depth === 8) return row[x * samplesOf[colour]]
    const at = x * 2 * samplesOf[colour]
    // Pillow clips 16-bit grey to 255 instead of scaling it, but only where there is no alpha.
    return colour === 0 ? Math.min(255, row[at] * 256 + row[at + 1]) : row[at]
  }

  /** Paints pixel `x` of a row at `to`. */
  private paint(row: Uint8Array, x: number, to: number): void {
    const { out } = this
    if (this.layout.colour === palette) {
      const from = this.sample(row, x) * 3
      out[to] = this.colours[from]
      out[to + 1] = this.colours[from + 1]
      out[to + 2] = this.colours[from + 2]
    } else out[to] = out[to + 1] = out[to + 2] = this.grey(row, x)
  }

  /** Paints the `count` pixels of a row from `start` on, `step` bytes apart. */
  row(row: Uint8Array, count: number, start: number, step: number): void {
    const { depth, colour } = this.layout
    if (colour !== 2 && colour !== 6) {
      for (let x = 0; x < count; x++) this.paint(row, x, start + x * step)
      return
    }
    // Of 16 bits, the upper 8 are taken.
    const size = depth / 8
    const { out } = this
    for (let x = 0, from = 0, to = start; x < count; x++, from += size * samplesOf[colour], to += step) {
      out[to] = row[from]
      out[to + 1] = row[from + size]
      out[to + 2] = row[from + 2 * size]
    }
  }
}

function decode(bytes: Uint8Array): Picture {
  const layout = layoutOf(bytes)
  const { width, height, colour, depth, interlaced } = layout
  const parts: Uint8Array[] = []
  let stored = new Uint8Array(0)
  for (const { type, data } of chunksOf(bytes)) {
    if (type === 'IDAT') parts.push(data)
    if (type === 'PLTE') stored = new Uint8Array(data)
  }
  const fields = (interlaced ? passes : [[0, 0, 1, 1] as const]).map(([x, y, stepX, stepY]) => {
    const [columns, rows] = [Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)]
    return { x, y, stepX, stepY, columns, rows: columns > 0 ? rows : 0, bytes: rowBytes(columns, layout) }
  })
  const size = fields.reduce((sum, field) => sum + Math.max(0, field.rows) * (field.bytes + 1), 0)
  const data = inflated(parts, size)
  const out = new Uint8Array(width * height * 3)
  const painter = new Painter(layout, out, stored)
  const pixelBytes = Math.max(1, (depth * samplesOf[colour]) / 8)
  let at = 0
  for (const { x, y, stepX, stepY, columns, rows, bytes } of fields) {
    const end = at + Math.max(0, rows) * (bytes + 1)
    let line = y
    for (const row of unfiltered(data.subarray(at, end), bytes, pixelBytes)) {
      painter.row(row, columns, (line * width + x) * 3, stepX * 3)
      line += stepY
    }
    at = end
  }
  return { width, height, rgb: out }
}

export const png: PictureKind = {
  name: 'PNG',
  isLike: (bytes) => hasText(bytes, 0, signature),
  header(bytes) {
    const { width, height, colour, depth } = layoutOf(bytes)
    let hasPixels = false
    for (const { type } of chunksOf(bytes)) hasPixels ||= type === 'IDAT'
    if (!hasPixels) throw new FormatError(say`expected a picture, got a PNG without one. Make the file again.`)
    return { width, height, orientation: orientation(bytes), deepGrey: colour === 0 && depth === 16 }
  },
  decode,
}
