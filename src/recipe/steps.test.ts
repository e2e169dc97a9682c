import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringifyJson } from '../config/exact-json'
import type { Part } from '../config/recipe'
import { RecipeRun } from './apply'
import { steps } from './registry'
import { type WorkRow, fileRow } from './row'

/** Few words, so that rows repeat each other, are empty, and have odd characters. */
const words = fc.constantFrom('', ' ', 'one', 'One', 'two words', 'caf\u0065\u0301', 'zero\u200bwidth', 'no\u00a0break', 'a\r\nb')
const row = fc.record({ prompt: words, completion: words, part: fc.constantFrom<Part>('train', 'evaluation') })
const rowsOf = (list: readonly { prompt: string; completion: string; part: Part }[]): WorkRow[] =>
  list.map(({ prompt, completion, part }, i) => fileRow({ prompt, completion }, 'f.jsonl', i + 1, part))

const lines = (rows: readonly WorkRow[]): number[] => rows.map(({ origin }) => origin.line ?? 0)

const takenOn = (name: string, rows: readonly WorkRow[], times = 1) =>
  new RecipeRun(rows).apply(Array.from({ length: times }, () => ({ step: name, settings: {} })))

describe.each(steps.map(({ name }) => name))('%s', (name) => {
  const apply = (rows: readonly WorkRow[]) => takenOn(name, rows)

  it('keeps the order, counts what it does, and loses nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (list) => {
        const before = rowsOf(list)
        const { rows, reports } = await apply(before)
        const { counts, rowsBefore, rowsAfter } = reports[0]
        expect([rowsBefore, rowsAfter]).toEqual([before.length, rows.length])
        expect(rows.length).toBe(before.length - counts.dropped + counts.added)
        const old = rows.filter(({ origin }) => origin.by === 'file')
        expect(lines(old)).toEqual(lines(old).toSorted((a, b) => a - b))
        const same = rows.filter((each) => before.includes(each)).length
        expect(same).toBe(rows.length - counts.added - counts.edited - counts.moved)
      }),
      { numRuns: 25 },
    )
  })

  it('does not change the rows that it gets', async () => {
    const before = rowsOf([{ prompt: 'a\r\nb\u200b', completion: 'x', part: 'train' }])
    const text = stringifyJson(before[0].value)
    await apply(before)
    expect(stringifyJson(before[0].value)).toBe(text)
  })
})

it.each(steps.filter(({ idempotent }) => idempotent).map(({ name }) => name))('%s changes nothing the second time', async (name) => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (list) => {
      const { rows, reports } = await takenOn(name, rowsOf(list), 2)
      expect(reports[1].counts).toEqual({ dropped: 0, edited: 0, added: 0, moved: 0 })
      expect(rows.length).toBe(reports[0].rowsAfter)
    }),
    { numRuns: 25 },
  )
})
