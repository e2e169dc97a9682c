// Pixels of a codec as a picture.
import { damaged } from './bytes'
import type { DecodedPixels } from './kinds/kind'
import type { Picture } from './picture'

/** RGBA without its alpha. @throws FormatError if the codec gives another size than the file's header */
export function withoutAlpha({ width, height, rgba }: DecodedPixels, header: { width: number; height: number }): Picture {
  if (width !== header.width || height !== header.height || rgba.length !== width * height * 4) throw damaged()
  const rgb = new Uint8Array(width * height * 3)
  for (let from = 0, to = 0; to < rgb.length; from += 4) {
    rgb[to++] = rgba[from]
    rgb[to++] = rgba[from + 1]
    rgb[to++] = rgba[from + 2]
  }
  return { width, height, rgb }
}
