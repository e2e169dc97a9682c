// WebP (RFC 9649) by a codec, after its chunks were read. Of an animation, the first frame is made a file of its own.
import { joinedBytes } from '../../config/joined-bytes'
import { Reader, cutOff, damaged, hasText, latin } from '../bytes'
import { orientationOf } from '../exif'
import type { Picture } from '../picture'
import { withoutAlpha } from '../without-alpha'
import type { PictureKind } from './kind'

interface Chunk {
  id: string
  data: Uint8Array
  /** The chunk with its id, its size and its padding. */
  whole: Uint8Array
}

interface Frame {
  left: number
  top: number
  width: number
  height: number
  /** ALPH, VP8 and VP8L of the frame. */
  chunks: readonly Chunk[]
}

interface Layout {
  width: number
  height: number
  orientation: number
  /** The first frame of an animation. */
  frame?: Frame
}

function* chunksIn(bytes: Uint8Array, from: number): Generator<Chunk> {
  const reader = new Reader(bytes)
  for (let at = from; at + 8 <= bytes.length;) {
    const size = reader.u32(at + 4, true)
    const end = Math.min(bytes.length, at + 8 + size + (size % 2))
    yield { id: latin(bytes, at, 4), data: reader.part(at + 8, size), whole: bytes.subarray(at, end) }
    at = end
  }
}

/** The size in the header of a bitstream: of VP8 (RFC 6386, section 9.1) or of VP8L (RFC 9649, section 3.4). */
function bitstreamSize({ id, data }: Chunk): { width: number; height: number } {
  const reader = new Reader(data)
  if (id === 'VP8L') {
    const bits = reader.u32(1, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  return { width: reader.u16(6, true) & 0x3fff, height: reader.u16(8, true) & 0x3fff }
}

const isBitstream = ({ id }: Chunk): boolean => id === 'VP8 ' || id === 'VP8L'

function frameOf({ data }: Chunk): Frame {
  const reader = new Reader(data)
  const [left, top, width, height] = [reader.u24(0) * 2, reader.u24(3) * 2, reader.u24(6) + 1, reader.u24(9) + 1]
  return { left, top, width, height, chunks: [...chunksIn(data, 16)].filter((chunk) => isBitstream(chunk) || chunk.id === 'ALPH') }
}

function layoutOf(bytes: Uint8Array): Layout {
  const reader = new Reader(bytes)
  if (reader.u32(4, true) + 8 > bytes.length) throw cutOff()
  const chunks = [...chunksIn(bytes, 12)]
  const find = (id: string): Chunk | undefined => chunks.find((chunk) => chunk.id === id)
  const xmp = find('XMP ')
  const orientation = orientationOf(find('EXIF')?.data, xmp && new TextDecoder().decode(xmp.data))
  const canvas = find('VP8X')
  const still = chunks.find(isBitstream)
  const animated = find('ANMF')
  if (canvas && animated) {
    const header = new Reader(canvas.data)
    const [width, height, frame] = [header.u24(4) + 1, header.u24(7) + 1, frameOf(animated)]
    const fits = frame.left + frame.width <= width && frame.top + frame.height <= height
    const stream = frame.chunks.find(isBitstream)
    if (!fits || !stream || bitstreamSize(stream).width !== frame.width || bitstreamSize(stream).height !== frame.height) throw damaged()
    return { width, height, orientation, frame }
  }
  if (!still) throw damaged()
  return { ...bitstreamSize(still), orientation }
}

/** A WebP file with one still picture. */
function stillFile({ width, height, chunks }: Frame): Uint8Array {
  const extended = new Uint8Array(18)
  const view = new DataView(extended.buffer)
  extended.set(new TextEncoder().encode('VP8X'))
  view.setUint32(4, 10, true)
  extended[8] = 0x10
  const put = (at: number, value: number): void => {
    view.setUint16(at, value & 0xffff, true)
    view.setUint8(at + 2, value >> 16)
  }
  put(12, width - 1)
  put(15, height - 1)
  const body = joinedBytes([new TextEncoder().encode('WEBP'), extended, ...chunks.map(({ whole }) => whole)])
  const head = new Uint8Array(8)
  head.set(new TextEncoder().encode('RIFF'))
  new DataView(head.buffer).setUint32(4, body.length, true)
  return joinedBytes([head, body])
}

/** A frame on its canvas, which is black where the frame does not reach. */
function onCanvas(width: number, height: number, { left, top }: Frame, picture: Picture): Picture {
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < picture.height; y++)
    rgb.set(picture.rgb.subarray(y * picture.width * 3, (y + 1) * picture.width * 3), ((top + y) * width + left) * 3)
  return { width, height, rgb }
}

export const webp: PictureKind = {
  name: 'WebP',
  isLike: (bytes) => hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP'),
  header: layoutOf,
  async decode(bytes, header, codecs) {
    const { width, height, frame } = layoutOf(bytes)
    if (!frame) return withoutAlpha(await codecs.webp(bytes), header)
    return onCanvas(width, height, frame, withoutAlpha(await codecs.webp(stillFile(frame)), frame))
  },
}
