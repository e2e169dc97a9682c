// GIF (89a): the first picture of an animation, on its screen. Transparent pixels keep the colour of their number, as in Pillow.
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import { Reader, cutOff, damaged, hasText } from '../bytes'
import type { Picture } from '../picture'
import { unpackedLzw } from './gif-lzw'
import type { PictureKind } from './kind'

const [extension, image, trailer, graphicControl] = [0x21, 0x2c, 0x3b, 0xf9]

interface Frame {
  /** The screen, which grows to hold the picture. */
  width: number
  height: number
  left: number
  top: number
  columns: number
  rows: number
  interlaced: boolean
  /** Red, green and blue of each number; absent = the numbers are grey. */
  colours?: Uint8Array
  transparent?: number
  /** The place of the packed numbers. */
  at: number
}

/** The place behind a list of blocks, each with its size in front. */
function afterBlocks(reader: Reader, at: number): number {
  let place = at
  for (let size = reader.u8(place); size > 0; size = reader.u8(place)) place += 1 + size
  return place + 1
}

const tableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)

function frameOf(bytes: Uint8Array): Frame {
  const reader = new Reader(bytes)
  const [screenWidth, screenHeight, flags] = [reader.u16(6, true), reader.u16(8, true), reader.u8(10)]
  let colours = flags & 0x80 ? reader.part(13, tableBytes(flags)) : undefined
  let transparent: number | undefined
  let at = 13 + tableBytes(flags)
  for (;;) {
    const mark = reader.u8(at)
    if (mark === trailer) throw new FormatError(say`expected a picture, got a GIF without one. Make the file again.`)
    if (mark === extension) {
      if (reader.u8(at + 1) === graphicControl && reader.u8(at + 2) >= 4 && reader.u8(at + 3) & 1) transparent = reader.u8(at + 6)
      at = afterBlocks(reader, at + 2)
    } else if (mark === image) break
    else at++
  }
  const [left, top, columns, rows] = [1, 3, 5, 7].map((place) => reader.u16(at + place, true))
  const own = reader.u8(at + 9)
  if (own & 0x80) colours = reader.part(at + 10, tableBytes(own))
  return {
    width: Math.max(screenWidth, left + columns),
    height: Math.max(screenHeight, top + rows),
    left,
    top,
    columns,
    rows,
    interlaced: (own & 0x40) !== 0,
    colours,
    transparent,
    at: at + 10 + tableBytes(own),
  }
}

/** The packed bytes of the blocks at `at`, joined. */
function blocksAt(bytes: Uint8Array, at: number): Uint8Array {
  const reader = new Reader(bytes)
  const end = afterBlocks(reader, at)
  const out = new Uint8Array(end - at)
  let filled = 0
  for (let place = at; place < end - 1; place += 1 + bytes[place]) {
    out.set(bytes.subarray(place + 1, place + 1 + bytes[place]), filled)
    filled += bytes[place]
  }
  return out.subarray(0, filled)
}

/** The rows of the screen in the order in which they are stored (appendix E). */
function orderOf(rows: number, interlaced: boolean): number[] {
  const fields = interlaced ? [[0, 8] as const, [4, 8] as const, [2, 4] as const, [1, 2] as const] : [[0, 1] as const]
  return fields.flatMap(([first, step]) =>
    Array.from({ length: Math.max(0, Math.ceil((rows - first) / step)) }, (_, i) => first + i * step),
  )
}

function decode(bytes: Uint8Array): Picture {
  const { width, height, left, top, columns, rows, interlaced, colours, transparent, at } = frameOf(bytes)
  const codeBits = new Reader(bytes).u8(at)
  if (codeBits < 1 || codeBits > 8) throw damaged()
  const numbers = unpackedLzw(blocksAt(bytes, at + 1), codeBits, columns * rows)
  if (!numbers) throw cutOff()
  const screen = new Uint8Array(width * height).fill(transparent ?? 0)
  orderOf(rows, interlaced).forEach((row, i) => screen.set(numbers.subarray(i * columns, (i + 1) * columns), (top + row) * width + left))
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < screen.length; i++)
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = colours ? (colours[screen[i] * 3 + c] ?? 0) : screen[i]
  return { width, height, rgb }
}

export const gif: PictureKind = {
  name: 'GIF',
  isLike: (bytes) => hasText(bytes, 0, 'GIF87a') || hasText(bytes, 0, 'GIF89a'),
  header: (bytes) => {
    const { width, height } = frameOf(bytes)
    return { width, height, orientation: 1 }
  },
  decode,
}
