// src/data/in/testing/frames.zst has what `zstd` 1.5 made of these texts, at levels 1, 3, 1 and 19, the second without a checksum, and a
// frame to skip behind the first.
import { readFileSync } from 'node:fs'
import { decompressZstd } from 'hyparquet-compressors'
import { describe, expect, it } from 'vitest'
import { randomNumbers } from '../../testing/random'
import { unpackZstd } from './zstd'

const frames = new Uint8Array(readFileSync('src/data/in/testing/frames.zst'))
const line = (i: number): string => `${(i * i) % 997} is ${i % 7 ? 'odd' : 'a number'} ${i % 5000 === 0 ? '-'.repeat(2000) : ''}\n`
const text = [3, 60, 900, 12_000].map((lines) => Array.from({ length: lines }, (_, i) => line(i)).join('')).join('')

/** A frame of one block: `count` literals of one value, and as many sequences of one literal and a match of 131,074 bytes. */
function claimingFrame(count: number): Uint8Array {
  const literals = [0b1101 | ((count & 15) << 4), (count >> 4) & 255, count >> 12, 65]
  // The symbols of the lengths of literals, of offsets and of matches; 16 bits for each match.
  const sequences = [255, (count - 0x7f00) & 255, (count - 0x7f00) >> 8, 0x54, 1, 0, 52, ...Array<number>(2 * count).fill(255), 1]
  const block = [...literals, ...sequences]
  const header = (block.length << 3) | 5
  return Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, header & 255, (header >> 8) & 255, header >> 16, ...block])
}

function isRead(bytes: Uint8Array): boolean {
  try {
    unpackZstd(bytes, 200_000)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError)
    return false
  }
}

describe('frames of zstd', () => {
  it('are unpacked to the bytes that were packed', () => {
    expect(new TextDecoder().decode(unpackZstd(frames, 200_000))).toBe(text)
  })
  it('do not become more than they should', () => {
    expect(() => unpackZstd(frames, text.length - 1)).toThrow(RangeError)
  })
  it('that are cut off are refused, at any place', () => {
    const ends = new Set([58, 69, 285])
    const lengths = Array.from({ length: 290 }, (_, i) => 1 + 7 * i).filter((length) => !ends.has(length))
    expect(lengths.filter((length) => isRead(frames.subarray(0, length)))).toEqual([])
  })
  it('with changed bytes become what another unpacker makes of them, or are refused', () => {
    const random = randomNumbers(1)
    const one = frames.slice(69, 285)
    let read = 0
    for (let i = 0; i < 400; i++) {
      const changed = one.slice()
      changed[7 + Math.floor(random() * (one.length - 7))] ^= 1 << Math.floor(random() * 8)
      try {
        const bytes = unpackZstd(changed, 2747)
        read++
        expect(bytes).toEqual(decompressZstd(changed, new Uint8Array(2747)).subarray(0, bytes.length))
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }
    expect(read).toBeGreaterThan(50)
  })
  it('that claim gigabytes are refused before one byte too many is written', () => {
    expect(() => unpackZstd(claimingFrame(40_000), 40_000)).toThrow('zstd: more than 40000 bytes')
  })
})
