import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WorkRow } from '../row'
import { rowsOf, taken } from '../testing/rows'

const numbered = (groups: readonly string[], file?: string): WorkRow[] =>
  rowsOf(
    groups.map((group, i) => ({ prompt: `p${i}`, completion: group, group })),
    'train',
    file,
  )
const held = (rows: readonly WorkRow[]): WorkRow[] => rows.filter(({ part }) => part === 'evaluation')
const classes = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 2, maxLength: 40 })
const seed = fc.nat(5)

describe('split', () => {
  it('gives evaluation its share, and every class its own', async () => {
    await fc.assert(
      fc.asyncProperty(classes, fc.double({ min: 0.01, max: 0.9, noNaN: true }), seed, async (list, share, seed) => {
        const { rows } = await taken(numbered(list), 'split', { share, seed, evenly: 'answer' })
        const count = held(rows).length
        expect(rows.map(({ value }) => value.prompt)).toEqual(list.map((_, i) => `p${i}`))
        expect(Math.abs(count - share * list.length)).toBeLessThanOrEqual(1)
        expect(count > 0 && count < list.length).toBe(true)
        for (const group of new Set(list)) {
          const wanted = share * list.filter((each) => each === group).length
          expect(Math.abs(held(rows).filter(({ value }) => value.group === group).length - wanted)).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('puts every row into one fold, and folds differ by one row at most', async () => {
    await fc.assert(
      fc.asyncProperty(classes, fc.integer({ min: 2, max: 6 }), seed, async (list, folds, seed) => {
        const parts: unknown[][] = []
        for (let fold = 1; fold <= folds; fold++)
          parts.push(held((await taken(numbered(list), 'split', { way: 'fold', folds, fold, seed })).rows).map(({ value }) => value.prompt))
        expect(parts.flat().toSorted()).toEqual(list.map((_, i) => `p${i}`).toSorted())
        const sizes = parts.map((part) => part.length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 15 },
    )
  })

  it('keeps groups on one side, and generated rows in training', async () => {
    const row = fc.record({ group: fc.constantFrom('a', 'b', 'c', 'd'), generated: fc.boolean(), line: fc.nat(6) })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 25 }), fc.constantFrom('share', 'fold'), async (list, way) => {
        const rows = list.map(({ group, generated, line }, i) => {
          const [given] = numbered([group])
          return { ...given, origin: generated ? { by: 'template' as const, file: 'f.jsonl', line } : { ...given.origin, line: i } }
        })
        const { rows: after, report } = await taken(rows, 'split', { way, share: 0.4, together: 'column', column: 'group' })
        expect(held(after).every(({ origin }) => origin.by === 'file')).toBe(true)
        const evaluated = new Set(held(after).map(({ value }) => value.group))
        expect(after.some(({ part, value, origin }) => part === 'train' && origin.by === 'file' && evaluated.has(value.group))).toBe(false)
        const sources = new Set(held(after).map(({ origin }) => origin.line))
        expect(after.some(({ part, origin }) => part === 'train' && origin.by === 'template' && sources.has(origin.line))).toBe(false)
        const lost =
          rows.filter(({ origin }) => origin.by === 'template').length - after.filter(({ origin }) => origin.by === 'template').length
        expect(report.counts.dropped).toBe(lost)
      }),
      { numRuns: 40 },
    )
  })

  it('keeps no row that was made from a held one, also of two files with one name', async () => {
    const [first, second] = ['x', 'y'].map((prompt) => rowsOf([{ prompt, completion: '1' }])[0])
    const made = [first, second].map((row) => ({ ...row, value: { ...row.value, prompt: 'made' }, origin: { ...row.origin, by: 'template' as const } })) // prettier-ignore
    for (const seed of [0, 1, 2, 3]) {
      const { rows } = await taken([first, made[0], second, made[1]], 'split', { share: 0.5, seed })
      expect(rows.map(({ part }) => part).sort()).toEqual(['evaluation', 'train'])
    }
  })

  it('leaves the rows of an evaluation file there, with their groups, unless asked', async () => {
    await fc.assert(
      fc.asyncProperty(classes, classes, fc.constantFrom('share', 'fold'), async (train, evaluation, way) => {
        const given = numbered(evaluation, 'test.jsonl').map((row): WorkRow => ({ ...row, part: 'evaluation' }))
        const rows = [...numbered(train), ...given]
        const { rows: after } = await taken(rows, 'split', { way, share: 0.5, together: 'column', column: 'group' })
        expect(after.slice(train.length)).toEqual(given)
        const others = new Set<unknown>(train.filter((group) => !evaluation.includes(group)))
        const moved = new Set(
          held(after)
            .filter(({ value }) => others.has(value.group))
            .map(({ value }) => value.group),
        )
        if (others.size > 1) expect(moved.size).toBeLessThan(others.size)
        expect(after.some(({ part, value }) => part === 'train' && value.group !== undefined && !others.has(value.group))).toBe(false)
      }),
      { numRuns: 20 },
    )
    const rows = numbered(['a', 'b', 'c', 'd']).map((row): WorkRow => ({ ...row, part: 'evaluation' }))
    expect(held((await taken(rows, 'split', { share: 0.25, keep: false })).rows)).toHaveLength(1)
  })

  it('takes whole files', async () => {
    const rows = [...numbered(['a', 'b'], 'one.jsonl'), ...numbered(['c'], 'two.jsonl')]
    const { rows: after } = await taken(rows, 'split', { way: 'file', files: 'two.jsonl\n' })
    expect(held(after).map(({ value }) => value.group)).toEqual(['c'])
    await expect(taken(rows, 'split', { way: 'file', files: 'three.jsonl' })).rejects.toThrow('(one.jsonl, two.jsonl), got three.jsonl')
    await expect(taken(rows, 'split', { way: 'file' })).rejects.toThrow('got none')
  })

  it('spreads lengths evenly, and refuses a fold that is not there', async () => {
    const rows = rowsOf(Array.from({ length: 40 }, (_, i) => ({ prompt: 'x'.repeat(i + 1), completion: 'y' })))
    const lengths = held((await taken(rows, 'split', { share: 0.1, evenly: 'length' })).rows).map(
      ({ value }) => String(value.prompt).length,
    )
    expect(lengths.map((length) => Math.ceil(length / 10))).toEqual([1, 2, 3, 4])
    await expect(taken(rows, 'split', { way: 'fold', folds: 3, fold: 4 })).rejects.toThrow('expected a fold from 1 to 3')
  })
})
