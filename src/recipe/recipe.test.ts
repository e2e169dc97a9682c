import { describe, expect, it } from 'vitest'
import { Cancelled } from '../config/errors'
import type { DataSource } from '../data/data-source'
import { saying } from '../testing/saying'
import { RecipeRun } from './apply'
import { parseRecipe } from './parse'
import { readFile } from './read'
import { jsonlPieces, recipeReport } from './write'

const sourceOf = (text: string, name = 'rows.jsonl'): DataSource => {
  const bytes = new TextEncoder().encode(text)
  return {
    name,
    sizeBytes: bytes.length,
    stream: () => new Blob([bytes]).stream(),
    read: (at, sizeBytes) => Promise.resolve(bytes.slice(at, at + sizeBytes)),
  }
}
const messy = [
  '{"prompt":"a","completion":"1.50","n":1.50}',
  'not JSON',
  '{"prompt":"a","completion":"1.50","n":1.50}',
  '{"prompt":"b\\u200b","completion":"x"}',
  '{"prompt":"c","completion":" "}',
].join('\n')
const steps = ['clean-characters', 'drop-empty', 'drop-duplicates'].map((step) => ({ step, settings: {} }))
const text = (pieces: Iterable<Uint8Array<ArrayBuffer>>): Promise<string> => new Blob([...pieces]).text()

describe('a recipe', () => {
  it('cleans a file, and says what each step did', async () => {
    const { rows: read, report: file } = await readFile(sourceOf(messy), 'train')
    const { rows, reports } = await new RecipeRun(read).apply(steps)
    expect(await text(jsonlPieces(rows, 'train'))).toBe(
      '{"prompt":"a","completion":"1.50","n":1.50,"_origin":{"by":"file","file":"rows.jsonl","line":1}}\n' +
        '{"prompt":"b","completion":"x","_origin":{"by":"file","file":"rows.jsonl","line":4}}\n',
    )
    const report = recipeReport([file], reports, rows)
    expect(report.steps.map(({ counts }) => [counts.dropped, counts.edited])).toEqual([
      [0, 1],
      [1, 0],
      [1, 0],
    ])
    expect(report).toMatchObject({ trainRows: 2, evaluationRows: 0, makers: { file: 2 } })
    expect(report.files[0]).toMatchObject({ rows: 4, problemCount: 1, problems: [{ line: 2 }] })
    expect(report.steps[2].changes[0]).toMatchObject({ kind: 'dropped', origin: { line: 3 } })
  })

  it('keeps the origin of rows that have been through another recipe', async () => {
    const first = await readFile(sourceOf(messy), 'train')
    const cleaned = await text(jsonlPieces(first.rows, 'train'))
    const again = await readFile(sourceOf(cleaned, 'cleaned.jsonl'), 'train')
    expect(await text(jsonlPieces(again.rows, 'train'))).toBe(cleaned)
  })

  it('keeps a column of others that has the name of its own', async () => {
    const { rows, report } = await readFile(sourceOf('{"text":"a","_origin":"web"}\n{"text":"b"}'), 'train')
    expect(rows.map(({ value }) => value)).toEqual([{ text: 'a', _origin_2: 'web' }, { text: 'b' }])
    expect(report.notes).toEqual([saying('The column _origin of this file is not one that TabTune wrote')])
    const again = await readFile(sourceOf(await text(jsonlPieces(rows, 'train'))), 'train')
    expect(again).toMatchObject({ rows, report: { notes: [] } })
  })

  it('takes only the steps that changed', async () => {
    const { rows } = await readFile(sourceOf(messy), 'train')
    const run = new RecipeRun(rows)
    const whole = await run.apply(steps)
    const shorter = await run.apply(steps.slice(0, 2))
    expect(shorter.reports[1]).toBe(whole.reports[1])
    expect(shorter.rows).toHaveLength(3)
    const other = await run.apply([steps[0], steps[2]])
    expect(other.rows).toHaveLength(3)
  })

  it('can be cancelled', async () => {
    const { rows } = await readFile(sourceOf(messy), 'train')
    await expect(new RecipeRun(rows).apply(steps, { signal: AbortSignal.abort() })).rejects.toThrow(Cancelled)
  })

  it('is read from a file, with the settings that differ from their defaults', () => {
    const file =
      '{"tabtuneRecipe":1,"steps":[{"step":"clean-characters","settings":{"spaces":false,"compose":true}},{"step":"drop-empty"}]}'
    const recipe = parseRecipe('r.json', file)
    expect(recipe.steps).toEqual([
      { step: 'clean-characters', settings: { spaces: false } },
      { step: 'drop-empty', settings: {} },
    ])
  })

  it.each([
    ['[', 'r.json: expected a recipe in JSON, got other text'],
    ['{}', 'r.json: expected a recipe ({"tabtuneRecipe": 1'],
    ['null', 'got null'],
    ['{"tabtuneRecipe":1,"steps":[7]}', 'r.json, step 1: expected the name of a step'],
    ['{"tabtuneRecipe":1,"steps":[{"step":"x"}]}', 'expected one of the steps map-columns'],
    ['{"tabtuneRecipe":1,"steps":[{"step":"drop-empty","settings":{"a":1}}]}', 'unknown setting a'],
    [
      '{"tabtuneRecipe":1,"steps":[{"step":"split","setting":{"share":0.5}}]}',
      'r.json, step 1: expected step, settings, data, digest, got setting.',
    ],
    [
      '{"tabtuneRecipe":1,"steps":[{"step":"labels","digest":{"count":2}}]}',
      'r.json, step 1: expected a digest with count and sha256, got {"count":2}.',
    ],
  ])('is refused in a sentence: %s', (file, sentence) => {
    expect(() => parseRecipe('r.json', file)).toThrow(sentence)
  })
})
