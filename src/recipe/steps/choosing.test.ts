// Steps that choose rows: by length, at random, by class, by origin.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makers } from '../../config/recipe'
import { linesOf, pairsOf, rowsOf, taken } from '../testing/rows'

describe('filter-length', () => {
  const rows = pairsOf([
    ['one two', 'three'],
    ['👍🏽', '你好吗'],
    ['', 'x'],
  ])
  it.each([
    [{ of: 'prompt', max: 2 }, [2, 3]],
    [{ of: 'answer', unit: 'words', min: 2 }, [2, 3]],
    [{ of: 'row', min: 7 }, [1, 3]],
  ])('%j', async (settings, left) => {
    // The third row cannot be read, so its length is not known.
    expect(linesOf((await taken(rows, 'filter-length', settings)).rows)).toEqual(left)
  })
})

describe('sample', () => {
  it('keeps a number or a share of one part, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(30),
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (count, number, share) => {
          const pairs = Array.from({ length: count }, (_, i) => [`p${i}`, 'x'] as const)
          const rows = [...pairsOf(pairs), ...pairsOf([['e', 'y']], 'evaluation')]
          const some = await taken(rows, 'sample', { number })
          expect(some.rows).toHaveLength(Math.min(count, number) + 1)
          expect((await taken(rows, 'sample', { by: 'share', share })).rows).toHaveLength(Math.round(share * count) + 1)
          expect(some.rows).toEqual(rows.filter((row) => some.rows.includes(row)))
        },
      ),
      { numRuns: 20 },
    )
  })

  it('chooses by the seed', async () => {
    const rows = pairsOf(Array.from({ length: 50 }, (_, i) => [`p${i}`, 'x'] as const))
    const lines = async (seed: number) => linesOf((await taken(rows, 'sample', { number: 10, seed })).rows)
    expect(await lines(1)).toEqual(await lines(1))
    expect(await lines(2)).not.toEqual(await lines(1))
  })
})

describe('balance', () => {
  const classes = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 20 })

  it.each(['down', 'up'])('makes classes equally large (%s)', async (way) => {
    await fc.assert(
      fc.asyncProperty(classes, fc.nat(8), async (list, limit) => {
        const rows = rowsOf(list.map((label, i) => ({ prompt: `p${i}`, completion: label, label })))
        const { rows: after } = await taken(rows, 'balance', { by: 'column', column: 'label', way, limit })
        const counts = [...new Set(list)].map((label) => list.filter((each) => each === label).length)
        const size = limit || (way === 'down' ? Math.min(...counts) : Math.max(...counts))
        for (const label of new Set(list)) {
          const before = list.filter((each) => each === label).length
          const now = after.filter(({ value }) => value.label === label)
          expect(now).toHaveLength(way === 'down' ? Math.min(before, size) : Math.max(before, size))
          const often = rows
            .filter(({ value }) => value.label === label)
            .map((row) => now.filter(({ origin }) => origin === row.origin).length)
          expect(Math.max(...often) - Math.min(...often)).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('leaves evaluation as it is, and refuses a column that is not there', async () => {
    const rows = [...pairsOf([['a', 'x']]), ...pairsOf([['b', 'y'], ['c', 'y']], 'evaluation')] // prettier-ignore
    expect((await taken(rows, 'balance', { way: 'up' })).rows).toEqual(rows)
    await expect(taken(rows, 'balance', { by: 'column', column: 'kind' })).rejects.toThrow(
      'expected a column of the rows (prompt, completion), got kind',
    )
  })
})

it('without-generated keeps the rows of files and people', async () => {
  const [row] = pairsOf([['a', 'b']])
  const rows = makers.map((by) => ({ ...row, origin: { by } }))
  const { rows: after, report } = await taken(rows, 'without-generated')
  expect(after.map(({ origin }) => origin.by)).toEqual(['file', 'person'])
  expect(report.counts.dropped).toBe(3)
})
