// What a format of picture files has to say about itself. The registry has one of each.
import type { Picture } from '../picture'

/** What the header of a picture file declares. Width and height are as stored, before the picture is turned. */
export interface PictureHeader {
  width: number
  height: number
  /** EXIF's orientation, 1 to 8; 1 = as stored. */
  orientation: number
  /** Set where Pillow loses what the picture shows, so a person should know: 16-bit grey. */
  deepGrey?: boolean
}

/** Decoders that are not our own. They get a whole file that was checked before, and give its pixels as RGBA, not multiplied by alpha. */
export interface Codecs {
  jpeg(file: Uint8Array): Promise<DecodedPixels>
  webp(file: Uint8Array): Promise<DecodedPixels>
}

export interface DecodedPixels {
  width: number
  height: number
  rgba: Uint8ClampedArray | Uint8Array
}

export interface PictureKind {
  /** Its name in sentences: PNG. */
  name: string
  /** Whether a file with these first bytes is of this kind. */
  isLike(bytes: Uint8Array): boolean
  /** Reads and checks the header. @throws FormatError or UnsupportedError without the file's name, which the caller adds */
  header(bytes: Uint8Array): PictureHeader
  /** The pixels as Pillow's convert("RGB") gives them: alpha is dropped, not blended. @throws FormatError like `header` */
  decode(bytes: Uint8Array, header: PictureHeader, codecs: Codecs): Promise<Picture> | Picture
}
