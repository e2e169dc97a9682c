// How alike two pictures look: the difference hash (dHash; N. Krawetz, "Kind of Like That", 2013) with 256 bits. Of a picture in 17 × 16
// grey pixels, each bit says whether a pixel is brighter than the one to its left. Differences of up to two grey levels are noise.
import type { Picture } from './picture'
import { resized } from './resample'

/** The bits, row by row. */
export type Look = Uint32Array

const [columns, rows] = [17, 16]
const noise = 2
export const lookBits = (columns - 1) * rows

/** Grey as Pillow computes it (ITU-R BT.601-2, in 16 bits). */
const greyOf = (rgb: Uint8Array, at: number): number => (rgb[at] * 19595 + rgb[at + 1] * 38470 + rgb[at + 2] * 7471 + 0x8000) >> 16

/** The look of a picture; undefined for one without any edge from dark to bright, which says nothing about it. */
export function lookOf(picture: Picture): Look | undefined {
  const { rgb } = resized(picture, columns, rows, 'bilinear', { x: { from: 0, size: columns }, y: { from: 0, size: rows } })
  const bits = new Uint32Array(lookBits / 32)
  let place = 0
  for (let y = 0; y < rows; y++)
    for (let x = 0; x + 1 < columns; x++, place++) {
      const at = (y * columns + x) * 3
      if (greyOf(rgb, at + 3) - greyOf(rgb, at) > noise) bits[place >> 5] |= 1 << (place & 31)
    }
  return bits.every((word) => word === 0) ? undefined : bits
}

function ones(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555)
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333)
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Bits in which two looks differ; counting ends beyond `most`. */
export function distance(a: Look, b: Look, most = lookBits): number {
  let count = 0
  for (let i = 0; i < a.length && count <= most; i++) count += ones(a[i] ^ b[i])
  return count
}
