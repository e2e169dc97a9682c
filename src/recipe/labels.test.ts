import { describe, expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { FormatError } from '../config/errors'
import { withoutData } from '../config/recipe-of-data'
import { RecipeRun } from './apply'
import { rowKey } from './row-key'
import { parseRecipe, recipeText } from './parse'
import { type WorkRow, fileRow } from './row'
import { rowsToLabel } from './to-label'

const row = (prompt: string, completion: string, part: WorkRow['part'] = 'train'): WorkRow =>
  fileRow({ prompt, completion }, 'rows.jsonl', 1, part)
const rows = [row('a', 'x'), row('b', ''), row('c', ' '), row('d', '', 'evaluation')]
const labelOf = async (at: number, decided: object) => ({ row: await rowKey(rows[at], 'completion'), ...decided })
const recipe = (data: unknown) => ({ steps: [{ step: 'labels', settings: {}, data }] })

describe('labels', () => {
  it('are put into their rows, with who wrote them', async () => {
    const data = [
      await labelOf(1, { answer: 'B', by: 'person' }),
      await labelOf(2, { by: 'person' }),
      await labelOf(3, { answer: 'D', by: 'model', name: 'base' }),
      { row: '0'.repeat(32), answer: 'lost', by: 'person' },
    ]
    // As from a file, so that the page and the command line have the same.
    const { steps } = parseRecipe('recipe.json', recipeText(recipe(data)))
    const { rows: after, reports } = await new RecipeRun(rows).apply(steps)
    expect(after.map(({ value, origin, part }) => [value.completion, origin.by, origin.seen, part])).toEqual([
      ['x', 'file', undefined, 'train'],
      ['B', 'person', true, 'train'],
      // Answers of a model are not used for evaluation.
      ['D', 'model', true, 'train'],
    ])
    expect(reports[0].counts).toEqual({ dropped: 1, edited: 2, added: 0, moved: 1 })
    expect(reports[0].notes.map((note) => sentence(note))).toEqual([
      '1 answer is for a row that is not here, or that an earlier step has changed.',
    ])
    const again = await new RecipeRun(after).apply(steps)
    expect(again.rows).toEqual(after)
    expect(again.reports[0].counts).toEqual({ dropped: 0, edited: 0, added: 0, moved: 0 })
  })

  it('are asked for rows without an answer, or for all', async () => {
    const open = await rowsToLabel(rows, { column: 'completion', all: false }, 0, 2)
    expect(open.total).toBe(3)
    expect(open.rows.map(({ prompt, answer }) => [prompt, answer])).toEqual([
      ['b', ''],
      ['c', ''],
    ])
    expect((await rowsToLabel(rows, { column: 'completion', all: true }, 3, 9)).rows.map(({ prompt }) => prompt)).toEqual(['d'])
    expect((await rowsToLabel(rows, { column: 'note', all: false }, 0, 1)).total).toBe(4)
  })

  it('are refused where a run kept only their digest', async () => {
    const { steps } = parseRecipe('run', recipeText(await withoutData(recipe([await labelOf(1, { answer: 'B', by: 'person' })]))))
    await expect(new RecipeRun(rows).apply(steps)).rejects.toThrow(
      'Step 1, Answers by hand: what a person chose row by row is not kept with the run; open the recipe file that has it.',
    )
  })

  it.each([7, [{ row: 'short', answer: 'x', by: 'person' }], [{ row: '0'.repeat(32), answer: 1, by: 'person' }]])('refuses %j', (data) => {
    expect(() => parseRecipe('r.json', recipeText(recipe(data)))).toThrow(FormatError)
  })
})
