// Steps that drop rows because of other rows.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sentence } from '../../config/phrase'
import type { Origin } from '../../config/recipe'
import { linesOf, pairsOf, taken } from '../testing/rows'

describe('drop-contradictions', () => {
  const rows = pairsOf([
    ['How many?', 'two'],
    [' how  MANY? ', 'three'],
    ['how many?', 'Three'],
    ['Who?', 'she'],
    ['Who?', 'she'],
  ])
  it.each([
    ['none', [4, 5]],
    ['first', [1, 4, 5]],
    ['majority', [2, 3, 4, 5]],
  ])('keeps %s', async (keep, left) => {
    expect(linesOf((await taken(rows, 'drop-contradictions', { keep })).rows)).toEqual(left)
  })

  it('takes spaces and case as different if asked', async () => {
    const { rows: after, report } = await taken(rows, 'drop-contradictions', { spaces: false, ignoreCase: false })
    expect([linesOf(after), report.counts.dropped]).toEqual([[1, 2, 3, 4, 5], 0])
  })

  it('leaves one answer to each prompt', async () => {
    const pair = fc.tuple(fc.constantFrom('a', 'b', 'A'), fc.constantFrom('x', 'y', 'z'))
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { maxLength: 20 }), fc.constantFrom('none', 'first', 'majority'), async (list, keep) => {
        const { rows: after } = await taken(pairsOf(list), 'drop-contradictions', { keep })
        const byPrompt = new Map<unknown, Set<unknown>>()
        for (const { value } of after) {
          const key = String(value.prompt).toLowerCase()
          byPrompt.set(key, (byPrompt.get(key) ?? new Set()).add(value.completion))
        }
        expect([...byPrompt.values()].every((set) => set.size === 1)).toBe(true)
        const prompts = new Set(list.map(([prompt]) => prompt.toLowerCase()))
        if (keep !== 'none') expect(byPrompt.size).toBe(prompts.size)
      }),
      { numRuns: 25 },
    )
  })
})

describe('drop-leaks', () => {
  const rows = [
    ...pairsOf([
      ['show me a cheap hotel in the old town', 'a'],
      ['Show me  a cheap hotel in the old harbour town please', 'b'],
      ['play some music', 'c'],
    ]),
    ...pairsOf(
      [
        ['show me a cheap hotel in the old town', 'other'],
        ['PLAY some  music', 'd'],
        ['what time is it', 'e'],
      ],
      'evaluation',
    ),
  ]
  const left = async (settings: Parameters<typeof taken>[2]) =>
    (await taken(rows, 'drop-leaks', settings)).rows.map(({ part, origin }) => `${part} ${origin.line}`)

  it('drops the rows for training that evaluation asks too', async () => {
    expect(await left({ near: false })).toEqual(['train 2', 'evaluation 1', 'evaluation 2', 'evaluation 3'])
    expect(await left({ near: true, threshold: 0.5 })).toEqual(['evaluation 1', 'evaluation 2', 'evaluation 3'])
  })

  it('drops them from evaluation if asked', async () => {
    expect(await left({ from: 'evaluation', near: false })).toEqual(['train 1', 'train 2', 'train 3', 'evaluation 3'])
  })

  it('names the row', async () => {
    const { report } = await taken(rows, 'drop-leaks', { threshold: 0.5 })
    expect(report.changes.map(({ why }) => why && sentence(why))).toEqual([
      'Its prompt is also that of f.jsonl:1 in the other part.',
      'It resembles f.jsonl:1 in the other part (similarity 0.60).',
      'Its prompt is also that of f.jsonl:2 in the other part.',
    ])
  })
})

describe('a reason', () => {
  const reasonOf = async (origin: Origin) => {
    const [first, second] = pairsOf([
      ['a b c', 'x'],
      ['a b c', 'x'],
    ])
    const { report } = await taken([{ ...first, origin }, second], 'drop-duplicates')
    return report.changes.map(({ why }) => why && sentence(why))
  }
  it('names the place of the other row', async () => {
    expect(await reasonOf({ by: 'file', file: 'f.csv', line: 16 })).toEqual(['It is the same as f.csv:16.'])
    expect(await reasonOf({ by: 'template', file: 'f.csv', line: 16 })).toEqual([
      'It is the same as a row that was generated from f.csv:16.',
    ])
    expect(await reasonOf({ by: 'grammar' })).toEqual(['It is the same as row 1.'])
  })
})
