import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../config/errors'
import { sentence } from '../config/phrase'
import { withoutData } from '../config/recipe-of-data'
import { RecipeRun } from './apply'
import { parseRecipe, recipeText } from './parse'
import { type Rewrite, rewriteRequest } from './rewrites'
import { type WorkRow, fileRow } from './row'
import { rowKey } from './row-key'
import { rowsToRewrite } from './to-rewrite'

const row = (prompt: string, completion: string, part: WorkRow['part'] = 'train', line = 1): WorkRow =>
  fileRow({ prompt, completion }, 'rows.jsonl', line, part)
const of = async (from: WorkRow, prompt: string, name = 'tiny'): Promise<Rewrite> => ({ row: await rowKey(from), prompt, name })
const recipe = (data: unknown) => ({ steps: [{ step: 'rewrites', settings: {}, data }] })
/** As from a file, so that the page and the command line have the same. */
const taken = (rows: readonly WorkRow[], data: readonly Rewrite[]) =>
  new RecipeRun(rows).apply(parseRecipe('recipe.json', recipeText(recipe(data))).steps)

describe('rewrites', () => {
  it('are rows for training behind their row, with its answer and the name of the model', async () => {
    const rows = [row('a', 'x'), row('b', 'y'), row('b', 'y'), row('c', 'z', 'evaluation')]
    const data = [await of(rows[1], 'B', 'one'), await of(rows[1], 'BB', 'two'), await of(rows[3], 'C'), await of(row('gone', ''), 'D')]
    const { rows: after, reports } = await taken(rows, data)
    expect(after.map(({ value, origin, part }) => [value.prompt, value.completion, origin.by, origin.name, origin.seen, part])).toEqual([
      ['a', 'x', 'file', undefined, undefined, 'train'],
      ['b', 'y', 'file', undefined, undefined, 'train'],
      ['B', 'y', 'model', 'one', true, 'train'],
      ['BB', 'y', 'model', 'two', true, 'train'],
      ['b', 'y', 'file', undefined, undefined, 'train'],
      ['c', 'z', 'file', undefined, undefined, 'evaluation'],
    ])
    expect(reports[0].counts).toEqual({ dropped: 0, edited: 0, added: 2, moved: 0 })
    expect(reports[0].notes.map((note) => sentence(note))).toEqual([
      '2 rewrites are of rows that are not here for training, or that an earlier step has changed.',
    ])
  })

  it('lose no row, keep the order, and never enter evaluation, before a split and behind it', async () => {
    const texts = fc.constantFrom('one', 'two', 'three words here', 'café', '')
    const parts = fc.constantFrom<WorkRow['part']>('train', 'evaluation')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(texts, texts, parts), { maxLength: 20 }), fc.nat(9), async (list, seed) => {
        const rows = list.map(([prompt, completion, part], i) => row(prompt, completion, part, i + 1))
        const data = await Promise.all(rows.filter((_, i) => i % 2 === seed % 2).map((from, i) => of(from, `other ${i}`)))
        const split = { step: 'split', settings: { share: 0.5, seed } }
        const rewriting = recipe(data).steps[0]
        for (const steps of [[rewriting], [rewriting, split], [split, rewriting]]) {
          const { rows: after, reports } = await new RecipeRun(rows).apply(steps)
          const old = after.filter(({ origin }) => origin.by === 'file')
          const made = after.filter(({ origin }) => origin.by === 'model')
          expect(old.map(({ origin }) => origin.line)).toEqual(rows.map(({ origin }) => origin.line))
          expect(made.every(({ part }) => part === 'train')).toBe(true)
          const [{ counts }] = reports.filter(({ step }) => step === 'rewrites')
          const dropped = reports.filter(({ step }) => step === 'split').reduce((sum, report) => sum + report.counts.dropped, 0)
          expect(made.length).toBe(counts.added - dropped)
          for (const { value, origin } of made) expect(value.completion).toBe(rows[(origin.line ?? 0) - 1].value.completion)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('are kept with a run as a count and a digest, and are refused there', async () => {
    const kept = await withoutData(recipe([await of(row('a', 'x'), 'secret')]))
    expect(JSON.stringify(kept)).not.toContain('secret')
    const { steps } = parseRecipe('run', recipeText(kept))
    await expect(new RecipeRun([row('a', 'x')]).apply(steps)).rejects.toThrow('Step 1, Rewritten prompts: what a person chose row by row')
  })

  it.each([
    7,
    [{ row: 'short', prompt: 'x', name: 'm' }],
    [{ row: '0'.repeat(32), prompt: ' ', name: 'm' }],
    [{ row: '0'.repeat(32), prompt: 'x' }],
  ])('refuses %j', (data) => {
    expect(() => parseRecipe('r.json', recipeText(recipe(data)))).toThrow(FormatError)
  })
})

describe('rows to rewrite', () => {
  const rows = [row('a', 'x'), row('b', 'y'), row('b', 'y'), row('c', 'z', 'evaluation'), row(' ', 'q'), row('d', 'yes')]
  const made: WorkRow = { ...row('e', 'x'), origin: { by: 'template' } }
  const all = { words: '', rows: 10, seed: 1, without: [] }
  const found = async (query: Partial<typeof all>, from = 0, count = 9) => {
    const page = await rowsToRewrite([...rows, made], { ...all, ...query }, from, count)
    return [page.total, ...page.rows.map(({ prompt }) => prompt)]
  }

  it('are those for training with a question, each once, in their order', async () => {
    expect(await found({})).toEqual([3, 'a', 'b', 'd'])
    expect(await found({}, 1, 1)).toEqual([3, 'b'])
    expect(await found({ words: 'Y' })).toEqual([2, 'b', 'd'])
    expect(await found({ without: [await rowKey(rows[0])] } as object)).toEqual([2, 'b', 'd'])
    const one = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => found({ rows: 1, seed })))
    expect(new Set(one.map(([, prompt]) => prompt)).size).toBeGreaterThan(1)
  })

  it('show their other columns', async () => {
    const page = await rowsToRewrite(rows, all, 0, 1)
    expect(page.rows[0].columns).toEqual([{ name: 'completion', text: 'x' }])
  })
})

it('an instruction has the prompt in it, whatever is in the prompt', () => {
  expect(rewriteRequest('Say {prompt} and {{this}}', 'a $& {b}')).toBe('Say a $& {b} and {this}')
  expect(() => rewriteRequest('Say it', 'a')).toThrow('Instruction: expected {prompt} as its only place, got none. Correct it.')
  expect(() => rewriteRequest('{prompt} {answer}', 'a')).toThrow('got {prompt}, {answer}. Correct it.')
})
