// A JPEG of any size in milliseconds: waves of brightness in one colour. It is baseline with half as many colours as brightness, as cameras
// write it (ITU-T T.81), and has one coefficient beside the mean of each block.
import { randomNumbers } from '../../src/testing/random'

/** Scan order, quantisation and codes are as simple as the format allows. */
const quantum = 8
const dcBits = 4
const dcSymbols = Array.from({ length: 12 }, (_, size) => size)
const acBits = 4
/** The end of a block, and the sizes of a coefficient without zeros in front. */
const acSymbols = [0, 1, 2, 3, 4, 5, 6, 7, 8]

class Bits {
  private bytes: Uint8Array<ArrayBuffer>
  private at = 0
  private held = 0
  private count = 0

  constructor(roomBytes: number) {
    this.bytes = new Uint8Array(roomBytes)
  }

  put(value: number, bits: number): void {
    this.held = (this.held << bits) | value
    this.count += bits
    while (this.count >= 8) {
      this.count -= 8
      const byte = (this.held >> this.count) & 0xff
      this.bytes[this.at++] = byte
      // 0xff begins a marker, unless a zero follows.
      if (byte === 0xff) this.bytes[this.at++] = 0
    }
    this.held &= (1 << this.count) - 1
  }

  /** A coefficient: its size, and the bits behind its code. */
  coefficient(value: number, codeBits: number): void {
    const size = 32 - Math.clz32(Math.abs(value))
    this.put(size, codeBits)
    if (size) this.put(value < 0 ? value + (1 << size) - 1 : value, size)
  }

  done(): Uint8Array<ArrayBuffer> {
    if (this.count) this.put((1 << (8 - this.count)) - 1, 8 - this.count)
    return this.bytes.subarray(0, this.at)
  }
}

const word = (value: number): number[] => [value >> 8, value & 0xff]
const segment = (marker: number, body: readonly number[]): number[] => [0xff, marker, ...word(body.length + 2), ...body]

function headOf(width: number, height: number): Uint8Array<ArrayBuffer> {
  const codes = (kind: number, bits: number, symbols: readonly number[]) => [
    kind,
    ...Array.from({ length: 16 }, (_, i) => (i + 1 === bits ? symbols.length : 0)),
    ...symbols,
  ]
  // Brightness with four blocks to one of each colour.
  const parts = [1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0]
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xe0, [...new TextEncoder().encode('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...segment(0xdb, [0, ...new Array<number>(64).fill(quantum)]),
    ...segment(0xc0, [8, ...word(height), ...word(width), 3, ...parts]),
    ...segment(0xc4, codes(0x00, dcBits, dcSymbols)),
    ...segment(0xc4, codes(0x10, acBits, acSymbols)),
    ...segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
  ])
}

/** A picture of `width` × `height`. The seed gives its waves; `hue` from 0 to 1 its colour. */
export function madeJpeg(width: number, height: number, seed: number, hue: number): Uint8Array<ArrayBuffer>[] {
  const random = randomNumbers(seed)
  const wave = () => ({ x: 0.5 + 6 * random(), y: 0.5 + 6 * random(), at: 2 * Math.PI * random() })
  const waves = [wave(), wave(), wave()]
  const [across, down] = [Math.ceil(width / 16), Math.ceil(height / 16)]
  const bits = new Bits(across * down * 40 + 64)
  const before = [0, 0, 0]
  const block = (part: number, mean: number, slope: number): void => {
    // The mean of a block is an eighth of its first coefficient.
    const value = Math.round((mean * 8) / quantum)
    bits.coefficient(value - before[part], dcBits)
    before[part] = value
    if (slope) bits.coefficient(slope, acBits)
    bits.put(0, acBits)
  }
  const brightness = (x: number, y: number): number =>
    waves.reduce((sum, one) => sum + 36 * Math.sin((2 * Math.PI * (one.x * x)) / across + (2 * Math.PI * (one.y * y)) / down + one.at), 0)
  const [blue, red] = [Math.round(60 * Math.cos(2 * Math.PI * hue)), Math.round(60 * Math.sin(2 * Math.PI * hue))]
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      for (const [dx, dy] of [
        [0, 0],
        [0.5, 0],
        [0, 0.5],
        [0.5, 0.5],
      ])
        block(0, brightness(x + dx, y + dy), Math.floor(random() * 9) - 4)
      block(1, blue, 0)
      block(2, red, 0)
    }
  return [headOf(width, height), bits.done(), Uint8Array.of(0xff, 0xd9)]
}
