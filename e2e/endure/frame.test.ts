// The frame of `npm run endure`: its options, its table, and how a failing case is run again.
import { describe, expect, it } from 'vitest'
import { endureArguments } from './arguments'
import { endureTable, failureLines } from './table'

const names = ['kills', 'soak']

describe('options', () => {
  it('are all parts and the usual counts by default', () => {
    expect(endureArguments([], names)).toEqual({ amount: 'usual', seed: 1 })
  })

  it('choose parts, amount, count and seed', () => {
    const given = endureArguments(['--only', 'kills,soak', '--long', '--count', '3', '--seed', '17'], names)
    expect(given).toEqual({ only: ['kills', 'soak'], amount: 'long', count: 3, seed: 17 })
  })

  it('are refused by name', () => {
    expect(() => endureArguments(['--only', 'kill'], names)).toThrow(/--only: expected some of kills, soak, got kill/)
    expect(() => endureArguments(['--count', '0'], names)).toThrow(/--count: expected a whole number of at least 1, got 0/)
    expect(() => endureArguments(['--sample', '--long'], names)).toThrow(/got both/)
  })
})

describe('the table', () => {
  const part = { name: 'kills', shows: 'kept | read', unit: 'kills' }
  const row = { part, count: 1200, seed: 7, sample: false, seconds: 1.25 }

  it('has a line for each part', () => {
    const lines = endureTable([{ ...row, result: { figures: ['a 1', 'b 2'], failures: [] } }]).split('\n')
    expect(lines[2]).toBe(String.raw`| kills | 1,200 kills | kept \| read | 0 | a 1; b 2 | 1.3 |`)
  })

  it('gives the reason of a part that was skipped', () => {
    expect(endureTable([{ ...row, result: { figures: [], failures: [], skipped: 'no file' } }])).toContain(
      '| 0 kills | kept \\| read | 0 | skipped: no file |',
    )
  })

  it('prints how to run a failing case alone, and counts the rest', () => {
    const failures = Array.from({ length: 12 }, (_, i) => ({ case: i, problem: 'lost' }))
    const lines = failureLines({ ...row, result: { figures: [], failures } })
    expect(lines[3]).toBe('kills, case 3: lost\n  replay: npm run endure -- --only kills --seed 10 --count 1')
    expect(lines).toHaveLength(11)
    expect(lines[10]).toBe('kills: 2 more')
    const [sampled] = failureLines({ ...row, sample: true, result: { figures: [], failures } })
    expect(sampled).toBe('kills, case 0: lost\n  replay: npm run endure -- --only kills --sample --seed 7 --count 1')
  })
})
