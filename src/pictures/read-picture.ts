// Reads one picture file: which kind it is by its first bytes, whatever its name ends with, its header, and its pixels, turned as EXIF says.
import { FormatError, TabTuneError, UnsupportedError, messageOf } from '../config/errors'
import { type Phrase, asWritten, say } from '../config/phrase'
import { hasText } from './bytes'
import type { Codecs, PictureHeader, PictureKind } from './kinds/kind'
import { kinds } from './kinds/registry'
import { oriented } from './orient'
import { type Picture, longestSide, mostPixels } from './picture'

interface OpenedPicture {
  kind: string
  /** Pixels after the picture was turned. */
  width: number
  height: number
  deepGrey: boolean
}

interface Checked {
  kind: PictureKind
  header: PictureHeader
}

const others: readonly [name: string, isLike: (bytes: Uint8Array) => boolean][] = [
  ['HEIC', (bytes) => hasText(bytes, 4, 'ftyphei') || hasText(bytes, 4, 'ftypmif1')],
  ['AVIF', (bytes) => hasText(bytes, 4, 'ftypavi')],
  ['TIFF', (bytes) => hasText(bytes, 0, 'II*\0') || hasText(bytes, 0, 'MM\0*')],
  ['JPEG XL', (bytes) => hasText(bytes, 4, 'JXL ') || hasText(bytes, 0, '\xff\x0a')],
  ['JPEG 2000', (bytes) => hasText(bytes, 4, 'jP  ')],
  ['PDF', (bytes) => hasText(bytes, 0, '%PDF')],
  ['SVG or HTML', (bytes) => /^\s*(<\?xml|<svg|<!doctype|<html)/i.test(new TextDecoder('latin1').decode(bytes.subarray(0, 256)))],
]

function checked(bytes: Uint8Array): Checked {
  if (bytes.length === 0) throw new FormatError(say`expected a picture, got an empty file. Copy or download it again.`)
  const kind = kinds.find((one) => one.isLike(bytes))
  if (!kind) {
    const other = others.find(([, isLike]) => isLike(bytes))?.[0]
    throw new UnsupportedError(
      say`expected ${kinds.map(({ name }) => name).join(', ')}, got ${other ?? say`a file of another kind`}. Save it as PNG or JPEG.`,
    )
  }
  const header = kind.header(bytes)
  const { width, height } = header
  if (width < 1 || height < 1) throw new FormatError(say`expected a picture, got one of ${width} × ${height} pixels. Make the file again.`)
  if (width * height > mostPixels || Math.max(width, height) > longestSide)
    throw new FormatError(
      say`expected at most ${mostPixels} pixels and ${longestSide} on a side, got ${width} × ${height}. Make the picture smaller.`,
    )
  return { kind, header }
}

/** The error with the file's name in front. */
function named(name: string, error: unknown): TabTuneError {
  if (error instanceof UnsupportedError) return new UnsupportedError(say`${name}: ${error.phrase}`)
  if (error instanceof TabTuneError) return new FormatError(say`${name}: ${error.phrase}`)
  const reason: Phrase = asWritten(messageOf(error).split('\n')[0].slice(0, 200))
  return new FormatError(say`${name}: expected a whole picture, got one that cannot be decoded (${reason}). Copy or download it again.`)
}

const sizeOf = ({ width, height, orientation }: PictureHeader): { width: number; height: number } =>
  orientation >= 5 ? { width: height, height: width } : { width, height }

/** What a whole file declares, without its pixels. @throws FormatError or UnsupportedError naming the file */
export function openPicture(name: string, bytes: Uint8Array): OpenedPicture {
  try {
    const { kind, header } = checked(bytes)
    return { kind: kind.name, ...sizeOf(header), deepGrey: header.deepGrey ?? false }
  } catch (error) {
    throw named(name, error)
  }
}

/** The pixels of a whole file. The size that it declares is checked before. @throws FormatError or UnsupportedError naming the file */
export async function readPicture(name: string, bytes: Uint8Array, codecs: Codecs): Promise<Picture> {
  try {
    const { kind, header } = checked(bytes)
    return oriented(await kind.decode(bytes, header, codecs), header.orientation)
  } catch (error) {
    throw named(name, error)
  }
}
