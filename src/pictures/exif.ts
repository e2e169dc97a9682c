// The orientation of a picture: tag 0x0112 of the first directory of EXIF (Exif 2.32, section 4.6), else XMP's tiff:Orientation, as in
// Pillow. A damaged directory is read as none, because the picture itself is whole.
import { Reader, hasText } from './bytes'

const orientationTag = 0x0112
/** Bytes of a field of a directory. */
const fieldBytes = 12
/** Field types that hold whole numbers: byte, short, long. */
const sizeOfType: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 }

function fromTiff(bytes: Uint8Array): number | undefined {
  const reader = new Reader(bytes)
  const little = hasText(bytes, 0, 'II')
  if (!little && !hasText(bytes, 0, 'MM')) return undefined
  const directory = reader.u32(4, little)
  const fields = reader.u16(directory, little)
  for (let i = 0; i < fields; i++) {
    const at = directory + 2 + i * fieldBytes
    if (reader.u16(at, little) !== orientationTag) continue
    const size = sizeOfType[reader.u16(at + 2, little)]
    if (size === undefined) return undefined
    return size === 1 ? reader.u8(at + 8) : size === 2 ? reader.u16(at + 8, little) : reader.u32(at + 8, little)
  }
  return undefined
}

function fromExif(bytes: Uint8Array): number | undefined {
  let at = 0
  while (hasText(bytes, at, 'Exif\0\0')) at += 6
  try {
    return fromTiff(bytes.subarray(at))
  } catch {
    return undefined
  }
}

/** The orientation that EXIF or XMP give; 1 without them, or where they give another number than 1 to 8. */
export function orientationOf(exif: Uint8Array | undefined, xmp: string | undefined): number {
  const found = (exif && fromExif(exif)) ?? Number(/tiff:Orientation(?:="|>)([0-9])/.exec(xmp ?? '')?.[1] ?? 1)
  return found >= 1 && found <= 8 ? found : 1
}
