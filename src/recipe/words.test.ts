import { describe, expect, it } from 'vitest'
import { linesOf, rowsOf, taken } from './testing/rows'

describe('columns that are not understood', () => {
  const rows = rowsOf([
    { Kundenfrage: 'Wo ist mein Paket?', Antwort: 'Unterwegs.' },
    { Kundenfrage: 'Wann kommt es?', Antwort: 'Morgen.' },
  ])

  it.each([
    ['drop-empty', {}],
    ['drop-near-duplicates', {}],
    ['drop-contradictions', {}],
    ['drop-leaks', {}],
    ['filter-length', {}],
    ['filter-language', { languages: 'de' }],
    ['balance', {}],
    ['augment', { casing: 'upper' }],
    ['split', { evenly: 'length' }],
  ])('stop the step %s', async (step, settings) => {
    await expect(taken(rows, step, settings)).rejects.toThrow(
      `${step}: expected columns with a prompt and an answer, or with a text, got columns whose roles are not known (Kundenfrage, Antwort). Add the step “Name columns” before this one.`,
    )
  })

  it.each([
    ['drop-duplicates', {}],
    ['split', {}],
    ['redact', {}],
  ])('do not matter to the step %s', async (step, settings) => {
    expect(linesOf((await taken(rows, step, settings)).rows)).toEqual([1, 2])
  })
})
