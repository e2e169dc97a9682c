// A decoded picture.

/** `rgb` has width · height · 3 bytes: the rows from the top, each from the left, with red, green and blue of each pixel. */
export interface Picture {
  width: number
  height: number
  rgb: Uint8Array
}

/** Most pixels of a picture. Files that declare more are refused before they are decoded. */
export const mostPixels = 2 ** 26
/** Longest side of a picture in pixels, which is also JPEG's and GIF's own limit. */
export const longestSide = 65_535
