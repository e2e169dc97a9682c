import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonNumber } from '../../config/exact-json'
import { joinRows, weighted } from './join'

describe('two files', () => {
  it('are joined on a key column; what has no partner and what is there twice is counted', () => {
    const left = [{ id: '1', q: 'a' }, { id: 2, q: 'b' }, { id: '3', q: 'c' }, { q: 'd' }] // prettier-ignore
    const right = [{ id: 1, a: 'x', q: 'no' }, { id: '1', a: 'y' }, { id: new JsonNumber('2'), a: 'z' }, { a: 'none' }] // prettier-ignore
    expect(joinRows(left, right, 'id')).toEqual({
      rows: [
        { id: '1', q: 'a', a: 'x' },
        { id: 2, q: 'b', a: 'z' },
      ],
      unmatched: { count: 2, keys: ['3', ''] },
      repeated: { count: 1, keys: ['1'] },
    })
  })
})

describe('weighted rows', () => {
  it('keep their order and are as many as the weight says, the same ones for a seed', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0, max: 4, noNaN: true }), fc.nat(), (count, weight, seed) => {
        const rows = Array.from({ length: count }, (_, i) => i)
        const out = weighted(rows, weight, seed)
        expect(Math.abs(out.length - weight * count)).toBeLessThanOrEqual(0.5 + 1e-9)
        expect(out).toEqual([...out].sort((a, b) => a - b))
        expect(weighted(rows, weight, seed)).toEqual(out)
        for (const row of rows) expect(Math.abs(out.filter((one) => one === row).length - weight)).toBeLessThan(1)
      }),
      { numRuns: 100 },
    )
  })
})
