// Steps that take the rows of one file: its weight, and joining it to the others.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonNumber } from '../../config/exact-json'
import { sentence } from '../../config/phrase'
import { pairsOf, rowsOf, taken } from '../testing/rows'

describe('weigh-file', () => {
  const others = pairsOf([['a', 'b']], 'train', 'other.jsonl')

  it('gives as many rows as the weight says, in their order, and the same ones for a seed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.nat(9),
        async (count, weight, seed) => {
          const rows = [...others, ...rowsOf(Array.from({ length: count }, (_, i) => ({ n: i })))]
          const settings = { file: 'f.jsonl', weight, seed }
          const numbers = async () => (await taken(rows, 'weigh-file', settings)).rows.slice(1).map(({ value }) => Number(value.n))
          const out = await numbers()
          expect(Math.abs(out.length - weight * count)).toBeLessThanOrEqual(0.5 + 1e-9)
          expect(out).toEqual(out.toSorted((a, b) => a - b))
          expect(await numbers()).toEqual(out)
          for (let i = 0; i < count; i++) expect(Math.abs(out.filter((n) => n === i).length - weight)).toBeLessThan(1)
        },
      ),
      { numRuns: 50 },
    )
  })
  it('names the files if no row is from the one that is named', async () => {
    await expect(taken(others, 'weigh-file', { file: 'x.csv', weight: 2 })).rejects.toThrow(
      'weigh-file: expected the name of a file (other.jsonl), got x.csv. Name one of them.',
    )
  })
})

describe('join-file', () => {
  it('joins on a key; rows without a partner are dropped, and repeated keys are told', async () => {
    const left = rowsOf([{ id: '1', q: 'a' }, { id: 2, q: 'b' }, { id: '3', q: 'c' }, { q: 'd' }], 'train', 'left.csv') // prettier-ignore
    const right = rowsOf([{ id: 1, a: 'x', q: 'no' }, { id: '1', a: 'y' }, { id: new JsonNumber('2'), a: 'z' }, { a: 'none' }], 'train', 'right.jsonl') // prettier-ignore
    const { rows, report } = await taken([...left, ...right], 'join-file', { file: 'right.jsonl', column: 'id' })
    expect(rows.map(({ value }) => value)).toEqual([
      { id: '1', q: 'a', a: 'x' },
      { id: 2, q: 'b', a: 'z' },
    ])
    expect(report.counts).toMatchObject({ dropped: 6, edited: 2 })
    expect(report.notes.map((note) => sentence(note))).toEqual([
      'The first row of right.jsonl with each key is used. Rows that repeat a key: 1.',
    ])
  })
})
