// JPEG (ITU-T T.81) by a codec, after its markers were read: sizes, colours and orientation are known and refused before pixels are made.
import { FormatError, UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import { Reader, cutOff, damaged, hasText } from '../bytes'
import { orientationOf } from '../exif'
import { withoutAlpha } from '../without-alpha'
import type { PictureHeader, PictureKind } from './kind'

const [startOfScan, endOfImage, app1] = [0xda, 0xd9, 0xe1]
/** Markers without a segment: TEM, RST0 to RST7 and SOI. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
/** SOF0 to SOF15 without DHT, JPG and DAC: what kind of JPEG it is, with its size. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
/** Baseline, extended and progressive, in Huffman coding or arithmetic coding; the others are lossless or hierarchical. */
const isUsual = (marker: number): boolean => [0xc0, 0xc1, 0xc2].includes(marker)

/** Most scans of a progressive JPEG. Programs write about ten; each takes as long as a whole picture, even if it is empty. */
const mostScans = 100

const xmpName = 'http://ns.adobe.com/xap/1.0/\0'

interface Markers extends Omit<PictureHeader, 'orientation'> {
  exif?: Uint8Array
  xmp?: string
}

/** The place of the next marker after the coded bytes at `at`. In them, 0xFF is followed by 0, and restart markers lie between them. */
function afterScan(bytes: Uint8Array, at: number): number {
  for (let place = at; ; place++) {
    place = bytes.indexOf(0xff, place)
    if (place < 0 || place + 1 >= bytes.length) throw cutOff()
    const next = bytes[place + 1]
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return place
  }
}

function frameOf(reader: Reader, marker: number, at: number): Pick<Markers, 'width' | 'height'> {
  const [bits, height, width, components] = [reader.u8(at), reader.u16(at + 1), reader.u16(at + 3), reader.u8(at + 5)]
  if (components === 4)
    throw new UnsupportedError(say`expected a JPEG in RGB or grey, got one in CMYK, which is for print. Save it in RGB, and read it again.`)
  if (!isUsual(marker) || bits !== 8 || (components !== 1 && components !== 3))
    throw new UnsupportedError(
      say`expected a baseline or progressive JPEG with 8 bits in RGB or grey, got another kind (marker SOF${marker - 0xc0}, ${bits} bits, ${components} colours). Save it as an ordinary JPEG or as PNG.`,
    )
  return { width, height }
}

/** What the markers say. The file is gone through to its end, so one that is cut off is known. */
function markersOf(bytes: Uint8Array): Markers {
  const reader = new Reader(bytes)
  const found: Partial<Markers> = {}
  let scans = 0
  for (let at = 2; ;) {
    if (reader.u8(at) !== 0xff) throw damaged()
    while (reader.u8(at + 1) === 0xff) at++
    const marker = reader.u8(at + 1)
    if (marker === endOfImage) break
    if (isBare(marker)) {
      at += 2
      continue
    }
    const size = reader.u16(at + 2)
    if (size < 2) throw damaged()
    const data = reader.part(at + 4, size - 2)
    if (isFrame(marker) && found.width === undefined) Object.assign(found, frameOf(reader, marker, at + 4))
    if (marker === app1 && hasText(data, 0, 'Exif\0\0')) found.exif ??= data
    if (marker === app1 && hasText(data, 0, xmpName)) found.xmp ??= new TextDecoder().decode(data.subarray(xmpName.length))
    at += 2 + size
    if (marker !== startOfScan) continue
    at = afterScan(bytes, at)
    if (++scans > mostScans) throw new FormatError(say`expected a JPEG of at most ${mostScans} scans, got more. Save it again.`)
  }
  const { width, height } = found
  if (width === undefined || height === undefined) throw damaged()
  return { ...found, width, height }
}

export const jpeg: PictureKind = {
  name: 'JPEG',
  isLike: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  header(bytes) {
    const { width, height, exif, xmp } = markersOf(bytes)
    return { width, height, orientation: orientationOf(exif, xmp) }
  },
  decode: async (bytes, header, codecs) => withoutAlpha(await codecs.jpeg(bytes), header),
}
