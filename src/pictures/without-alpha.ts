// Pixels of a codec as a picture.
import { damaged } from './bytes'
import type { DecodedPixels } from './kinds/kind'
import type { Picture } from './picture'

/** RGB from four RGBA pixels at a time, in words of 32 bits with the first byte lowest, which is much faster than single bytes. */
function packFours(words: Uint32Array, pixels: number): void {
  for (let i = 0, to = 0; i + 3 < pixels; i += 4, to += 3) {
    const [a, b, c, d] = [words[i], words[i + 1], words[i + 2], words[i + 3]]
    words[to] = (a & 0xffffff) | (b << 24)
    words[to + 1] = ((b >>> 8) & 0xffff) | (c << 16)
    words[to + 2] = ((c >>> 16) & 0xff) | (d << 8)
  }
}

const lowestFirst = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/**
 * RGBA without its alpha, in place: the picture takes over the memory of `rgba`, since another 36 MB for each photo would cost more time than
 * the copying. @throws FormatError if the codec gives another size than the file's header
 */
export function withoutAlpha({ width, height, rgba }: DecodedPixels, header: { width: number; height: number }): Picture {
  const pixels = width * height
  if (width !== header.width || height !== header.height || rgba.length !== pixels * 4) throw damaged()
  const bytes = new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.length)
  const fours = lowestFirst && bytes.byteOffset % 4 === 0
  if (fours) packFours(new Uint32Array(bytes.buffer, bytes.byteOffset, pixels), pixels)
  const done = fours ? pixels - (pixels % 4) : 0
  for (let i = done; i < pixels; i++) bytes.copyWithin(i * 3, i * 4, i * 4 + 3)
  return { width, height, rgb: bytes.subarray(0, pixels * 3) }
}
