// Numbers as in a cache of keys and values: halves, two in each word.
import { halfTable, toHalf } from '../formats/quant/half'

export function packHalves(values: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: values.length / 2 }, (_, i) => (toHalf(values[2 * i]) | (toHalf(values[2 * i + 1]) << 16)) >>> 0)
}

export function unpackHalves(words: ArrayLike<number>): Float64Array {
  const table = halfTable()
  return Float64Array.from({ length: words.length * 2 }, (_, i) => table[(words[i >> 1] >>> (i % 2 ? 16 : 0)) & 0xffff])
}
