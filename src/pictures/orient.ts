// The eight orientations of EXIF (Exif 2.32, tag 0x0112): how a picture is turned so that its first row is at the top.
import type { Picture } from './picture'

/** `orientation` is 1 to 8; other numbers change nothing, as in Pillow. */
export function oriented(picture: Picture, orientation: number): Picture {
  if (orientation < 2 || orientation > 8) return picture
  const { width, height, rgb } = picture
  const swaps = orientation >= 5
  const out = new Uint8Array(rgb.length)
  const [outWidth, outHeight] = swaps ? [height, width] : [width, height]
  // From the right: 2, 3, 7, 8 for columns of the file. From the bottom: 3, 4, 6, 7 for its rows.
  const mirrorX = [2, 3, 7, 8].includes(orientation)
  const mirrorY = [3, 4, 6, 7].includes(orientation)
  let to = 0
  for (let y = 0; y < outHeight; y++)
    for (let x = 0; x < outWidth; x++) {
      const [column, row] = swaps ? [y, x] : [x, y]
      const from = ((mirrorY ? height - 1 - row : row) * width + (mirrorX ? width - 1 - column : column)) * 3
      out[to++] = rgb[from]
      out[to++] = rgb[from + 1]
      out[to++] = rgb[from + 2]
    }
  return { width: outWidth, height: outHeight, rgb: out }
}
