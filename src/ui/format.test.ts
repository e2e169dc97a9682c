import { describe, expect, it } from 'vitest'
import { formatBytes, formatDuration, formatShare, formatTick, formatValue } from './format'
import { en } from './text/en'

describe('numbers as people read them', () => {
  it('bytes in binary units', () => {
    expect([0, 1023, 1024, 21 * 2 ** 20, 4.5 * 2 ** 30].map(formatBytes)).toEqual(['0 B', '1023 B', '1.0 KiB', '21.0 MiB', '4.5 GiB'])
  })
  it('measured values with four digits', () => {
    expect([2.13449, 0.0021, 1.234e-5, 104.58, 12345.6, 0].map(formatValue)).toEqual(['2.134', '0.0021', '1.23e-5', '104.6', '12346', '0'])
    expect(formatValue(undefined)).toBe('–')
    expect(formatValue(NaN)).toBe('NaN')
  })
  it('ticks, short', () => {
    expect([0, 0.005, 0.00015, 2e-4, 1.5, 5400].map(formatTick)).toEqual(['0', '0.005', '1.5e-4', '2e-4', '1.5', '5400'])
  })
  it('durations and shares', () => {
    expect([0, 59_400, 61_000, 3_700_000].map((ms) => formatDuration(ms, en))).toEqual(['0 s', '59 s', '1 min 1 s', '1 h 1 min'])
    expect([formatShare(36, 40, en), formatShare(57_344, 656_000, en), formatShare(0, 0, en)]).toEqual(['90%', '8.7%', '0%'])
  })
})
