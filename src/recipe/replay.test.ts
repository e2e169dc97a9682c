import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mixed } from './replay'
import { type WorkRow, fileRow } from './row'

const rowsOf = (file: string, prompts: readonly string[]): WorkRow[] =>
  prompts.map((prompt, i) => fileRow({ prompt, completion: `answer ${i}` }, file, i + 1, 'train'))

const prompts = fc.array(
  fc.integer({ min: 0, max: 30 }).map((n) => `Question ${n}`),
  { minLength: 1, maxLength: 25 },
)
const mix = fc.record({
  fresh: prompts.map((all) => rowsOf('new.jsonl', all)),
  old: prompts.map((all) => rowsOf('old.jsonl', all)),
  held: fc.tuple(prompts, prompts).map((both) => both.map((all) => rowsOf('held.jsonl', all))),
  share: fc.double({ min: 0.01, max: 2, noNaN: true }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
})

describe('old rows that are mixed in', () => {
  it('follow the new ones in their order, are as many as asked for or as there are, and are in no other set', () =>
    fc.assert(
      fc.asyncProperty(mix, async (given) => {
        const { fresh, old, held, share } = given
        const { rows, replayed, wanted, leaks, known } = await mixed(given)
        const added = rows.slice(fresh.length)
        expect(rows.slice(0, fresh.length)).toEqual(fresh)
        expect(added).toEqual(old.filter((row) => added.includes(row)))
        expect(wanted).toBe(Math.max(1, Math.round(share * fresh.length)))
        expect(added).toHaveLength(Math.min(wanted, old.length - leaks - known))
        expect(replayed).toBe(added.length)
        const asked = new Set([...fresh, ...held.flat()].map(({ value }) => value.prompt))
        expect(added.some(({ value }) => asked.has(value.prompt))).toBe(false)
        expect(old.filter(({ value }) => asked.has(value.prompt))).toHaveLength(leaks + known)
        expect((await mixed(given)).rows).toEqual(rows)
      }),
      { numRuns: 50 },
    ))

  it('are others with another seed, and keep where they are from', async () => {
    const [fresh, old] = [
      rowsOf('new.jsonl', ['a', 'b', 'c', 'd']),
      rowsOf(
        'old.jsonl',
        Array.from({ length: 40 }, (_, i) => `old ${i}`),
      ),
    ]
    const of = async (seed: number) => (await mixed({ fresh, old, held: [], share: 1, seed })).rows.slice(4)
    const [one, other] = [await of(1), await of(2)]
    expect(one).not.toEqual(other)
    for (const { origin, value } of one) expect(value.prompt).toBe(`old ${(origin.line ?? 0) - 1}`)
  })

  it('do not ask what a held-out row asks with other columns, spaces or capitals', async () => {
    const held = [fileRow({ question: 'WHICH  door?', answer: 'x' }, 'held.jsonl', 1, 'evaluation')]
    const old = rowsOf('old.jsonl', ['Which door?', 'Which key?'])
    const { rows, leaks } = await mixed({ fresh: rowsOf('new.jsonl', ['a', 'b']), old, held: [held], share: 1, seed: 0 })
    expect(leaks).toBe(1)
    expect(rows.map(({ value }) => value.prompt)).toEqual(['a', 'b', 'Which key?'])
  })
})
