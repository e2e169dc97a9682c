import { sentence } from '../../config/phrase'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linesOf, pairsOf, rowsOf, taken } from '../testing/rows'

/** Jaccard of the shingles of three words, written as plainly as can be. */
function similarity(a: string, b: string): number {
  const shingles = (text: string): Set<string> => {
    const words: string[] = text.toLowerCase().match(/[a-z]+/g) ?? []
    return new Set(words.length < 3 ? [words.join(' ')] : words.slice(2).map((_, i) => words.slice(i, i + 3).join(' ')))
  }
  const [first, second] = [shingles(a), shingles(b)]
  return [...first].filter((each) => second.has(each)).length / new Set([...first, ...second]).size
}

/** Texts of few words, so that many are alike. */
const texts = fc.array(fc.array(fc.constantFrom('a', 'b', 'C', 'd!'), { minLength: 1, maxLength: 8 }), { maxLength: 25 })

describe('drop-near-duplicates', () => {
  it('keeps the first row of those that are alike, exactly', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (list) => {
        const all = list.map((words) => words.join(' '))
        const kept: string[] = []
        for (const text of all) if (!kept.some((each) => similarity(each, text) >= 0.6)) kept.push(text)
        const rows = rowsOf(all.map((text) => ({ text })))
        const after = await taken(rows, 'drop-near-duplicates', { threshold: 0.6 })
        expect(after.rows.map(({ value }) => value.text)).toEqual(kept)
      }),
      { numRuns: 30 },
    )
  })

  it('names the row and the similarity, and compares the prompts alone if asked', async () => {
    const rows = pairsOf([
      ['find me a cheap place to eat', 'one'],
      ['Find me a cheap place to eat!', 'two words more than that'],
      ['说 一个 笑话', 'x'],
    ])
    const { rows: after, report } = await taken(rows, 'drop-near-duplicates', { compare: 'prompt' })
    expect(linesOf(after)).toEqual([1, 3])
    expect(report.changes[0].why && sentence(report.changes[0].why)).toBe('It resembles f.jsonl:1 (similarity 1.00).')
    expect((await taken(rows, 'drop-near-duplicates')).rows).toHaveLength(3)
  })

  it('compares training and evaluation apart', async () => {
    const rows = [...pairsOf([['a b c d', 'e']]), ...pairsOf([['a b c d', 'e']], 'evaluation')]
    expect((await taken(rows, 'drop-near-duplicates')).rows).toHaveLength(2)
  })

  it('says that rows were like too many others', async () => {
    const rows = rowsOf(Array.from({ length: 110 }, (_, i) => ({ text: `the same words in every row but one ${i}` })))
    const { report } = await taken(rows, 'drop-near-duplicates', { threshold: 0.95, hashes: 16 })
    expect(report.counts.dropped).toBe(0)
    expect(report.notes).toHaveLength(1)
  })
})
