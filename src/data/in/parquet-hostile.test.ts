// Pages of Parquet files that claim more than they hold. Each is refused before memory is taken for the claim.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteCursor } from './byte-cursor'
import { Budget } from './parquet-budget'
import { readDeltaBytes, readDeltas } from './parquet-deltas'
import { readRuns } from './parquet-runs'
import { unpacked } from './parquet-unpack'

const cursor = (...bytes: number[]): ByteCursor => new ByteCursor(Uint8Array.from(bytes))
/** 2^31 - 1 as the length of a run, and as that of packed groups of eight. */
const [manyEqual, manyGroups] = [
  [0xfe, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
]

describe('runs of a Parquet page', () => {
  it('are read', () => {
    // Four times 5, then eight packed numbers of three bits.
    expect(readRuns(cursor(8, 5, 3, 0b10001000, 0b11000110, 0b11111010), 3, 12)).toEqual([5, 5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7])
  })
  it('are no longer than what they are read for', () => {
    expect(readRuns(cursor(...manyEqual, 1), 1, 3)).toEqual([1, 1, 1])
    expect(readRuns(cursor(...manyGroups), 0, 3)).toEqual([0, 0, 0])
    expect(() => readRuns(cursor(...manyGroups), 8, 3)).toThrow('data that are cut off')
  })
  it('of any bytes give as many numbers as asked, or an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(32), fc.nat(100), (bytes, width, count) => {
        try {
          expect(readRuns(new ByteCursor(bytes), width, count)).toHaveLength(count)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })
})

describe('differences of a Parquet page', () => {
  it('in blocks of a size that no writer makes are refused', () => {
    for (const sizes of [
      [0x80, 1, 0xff, 0xff, 0xff, 0xff, 7],
      [0, 0],
      [0x80, 1, 0],
      [0xff, 0xff, 0xff, 0xff, 7, 1],
    ])
      expect(() => readDeltas(cursor(...sizes, 1, 0), new BigInt64Array(2))).toThrow('blocks of')
  })
  it('with a number without an end are refused', () => {
    const endless = Array<number>(5000).fill(0xff)
    expect(() => readDeltas(cursor(0x80, 1, 4, 2, ...endless), new BigInt64Array(2))).toThrow('a number that does not end')
  })
  it('of texts that grow by one byte each are refused when they take too much', () => {
    const count = 20_000
    // All lengths grow by one: prefixes 0, 1, 2 … and one more byte each.
    const block = [0, 0, 0, 0]
    const blocks = (step: number): number[] => Array.from({ length: Math.ceil((count - 1) / 128) }, () => [step, ...block]).flat()
    const prefixes = [0x80, 1, 4, 0xa0, 0x9c, 1, 0, ...blocks(2)]
    const lengths = [0x80, 1, 4, 0xa0, 0x9c, 1, 2, ...blocks(0)]
    const bytes = Uint8Array.from([...prefixes, ...lengths, ...Array<number>(count).fill(65)])
    expect(() => readDeltaBytes(new ByteCursor(bytes), count, true, new Budget(bytes.length))).toThrow('more than 100 times')
  })
})

describe('a packed page', () => {
  it('of LZ4 blocks with sizes below zero ends', () => {
    expect(() => unpacked(Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 248, 0, 0), 16, 'LZ4')).toThrow('lz4')
  })
  it('of gzip without a header ends', () => {
    expect(() => unpacked(Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 0, 0), 1000, 'GZIP')).toThrow('gzip')
  })
})

describe('the memory of a Parquet file', () => {
  it('is at most a hundred times its bytes, beyond 32 MiB', () => {
    const budget = new Budget(2 ** 20)
    budget.spend(100 * 2 ** 20)
    expect(() => budget.spend(1)).toThrow('more than 100 times')
    expect(() => new Budget(10).spend(2 ** 25 + 1)).toThrow('more than 100 times')
  })
  it('is at most 1 GiB for a row group', () => {
    const budget = new Budget(2 ** 30)
    for (let i = 0; i < 2; i++) {
      budget.startGroup()
      budget.spend(2 ** 30)
    }
    expect(() => budget.spend(1)).toThrow('a row group')
  })
  it('is not read twice', () => {
    const budget = new Budget(100)
    budget.readBytes(60)
    expect(() => budget.readBytes(60)).toThrow('columns that overlap')
  })
})
