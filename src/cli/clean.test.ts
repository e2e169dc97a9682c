import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { withoutData } from '../config/recipe-of-data'
import { rowKey } from '../recipe/row-key'
import { recipeText } from '../recipe/parse'
import { fileRow } from '../recipe/row'
import { WorkbenchHost } from '../worker/workbench-host'
import { clean } from './commands/clean'
import { dataOfCommand } from './cleaned-rows'
import { Options } from './options'

it.each([
  ['rows.jsonl', 'report.json'],
  ['evaluation.jsonl', 'report.json'],
  ['out.jsonl', 'out.jsonl'],
  ['out.jsonl', 'out.eval.jsonl'],
  ['valid', 'report.json'],
])('tabtune data --out %s --report %s writes over no file', async (out, report) => {
  const folder = await mkdtemp(join(tmpdir(), 'tabtune-clean-'))
  const at = (name: string): string => join(folder, name)
  const text = '{"text":"a"}\n'
  for (const name of ['rows.jsonl', 'evaluation.jsonl', 'valid.eval.jsonl']) await writeFile(at(name), text)
  const evaluation = out === 'valid' ? 'valid.eval.jsonl' : 'evaluation.jsonl'
  const words = ['data', '--in', at('rows.jsonl'), '--eval', at(evaluation), '--out', at(out), '--report', at(report)]
  await expect(clean(new Options(words))).rejects.toThrow('expected names of other files')
  for (const name of ['rows.jsonl', 'evaluation.jsonl', 'valid.eval.jsonl']) expect(await readFile(at(name), 'utf8')).toBe(text)
})

const train = Array.from({ length: 50 }, (_, i) => `{"prompt":"a${i % 7}\u200b","completion":"${i % 5 ? '1.50' : ''}","n":1.0}\n`).join('')
const evaluation = '{"prompt":"é","completion":"\u{1f600}"}\n'
const recipe = { steps: ['clean-characters', 'drop-empty', 'drop-duplicates', 'split'].map((step) => ({ step, settings: {} })) }

it.each(['out.jsonl', 'out.jsonl.gz'])('tabtune data gives the same bytes as the worker of the page in %s', async (out) => {
  const folder = await mkdtemp(join(tmpdir(), 'tabtune-clean-'))
  const at = (name: string): string => join(folder, name)
  for (const [name, text] of Object.entries({ 'train.jsonl': train, 'valid.jsonl': evaluation, 'recipe.json': recipeText(recipe) }))
    await writeFile(at(name), text)
  const pairs = {
    in: at('train.jsonl'),
    eval: at('valid.jsonl'),
    recipe: at('recipe.json'),
    out: at(out),
    report: at('report.json'),
  }
  await clean(new Options(['data', ...Object.entries(pairs).flatMap(([name, value]) => [`--${name}`, value])]))

  const host = new WorkbenchHost()
  const nothing = (): void => undefined
  await host.open(
    [
      // A person may open files in any order.
      { id: 'b', part: 'evaluation', file: new File([evaluation], 'valid.jsonl') },
      { id: 'a', part: 'train', file: new File([train], 'train.jsonl') },
    ],
    nothing,
  )
  const report = await host.apply(recipe.steps, nothing)
  expect(JSON.parse(await readFile(at('report.json'), 'utf8'))).toEqual(report.ok && report.value)
  for (const [part, name] of [
    ['train', out],
    ['evaluation', out.replace('out', 'out.eval')],
  ] as const) {
    const zipped = out.endsWith('.gz')
    const blob = await host.cleaned(part, zipped)
    const bytes = await readFile(at(name))
    expect(blob.ok && Buffer.compare(Buffer.from(await blob.value.arrayBuffer()), bytes)).toBe(0)
    expect((zipped ? gunzipSync(bytes) : bytes).toString()).toContain('"_origin"')
  }
})

it('the licence of rows is read from their folder, and not from that of a model', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tabtune-licence-'))
  const at = (name: string): string => join(folder, name)
  await writeFile(at('rows.jsonl'), '{"prompt":"p","completion":"x"}\n')
  await writeFile(at('README.md'), '---\nlicense: odc-by\n---\n')
  await writeFile(at('recipe.json'), recipeText({ steps: [] }))
  const licence = async (...words: string[]) => (await dataOfCommand(new Options(['train', '--data', at('rows.jsonl'), ...words]))).recipe
  expect(await licence()).toEqual({ steps: [], licence: 'odc-by', files: [{ name: 'rows.jsonl' }], makers: {} })
  expect(await licence('--recipe', at('recipe.json'))).toMatchObject({ licence: 'odc-by', makers: { file: 1 } })
  await writeFile(at('config.json'), '{}')
  expect(await licence()).toBeUndefined()
})

it('tabtune data joins or weighs its files with steps that the page has too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tabtune-files-'))
  const at = (name: string): string => join(folder, name)
  await writeFile(at('a.csv'), 'id,prompt\n1,p\n2,q\n3,r\n')
  await writeFile(at('b.jsonl'), '{"id":1,"completion":"x"}\n{"id":3,"completion":"z"}\n')
  const run = async (...words: string[]): Promise<Record<string, unknown>[]> => {
    await clean(new Options(['data', '--in', at('a.csv'), '--in', at('b.jsonl'), '--out', at('out.jsonl'), ...words]))
    const lines = (await readFile(at('out.jsonl'), 'utf8')).trimEnd().split('\n')
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  }
  const joined = (await run('--join', 'id')).map(({ prompt, completion }) => [prompt, completion])
  expect(joined).toEqual([['p', 'x'], ['r', 'z']]) // prettier-ignore
  expect((await run('--weights', '2,0.5')).map(({ id }) => id).slice(0, 6)).toEqual(['1', '1', '2', '2', '3', '3'])
  expect(await run('--weights', '2,0.5')).toHaveLength(7)
  await expect(run('--weights', '2')).rejects.toThrow('--weights: expected a number for each of 2 files with different names, got 2.')
})

it('--recipe puts in the answers of the file, and the run keeps their digest', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tabtune-answers-'))
  const at = (name: string): string => join(folder, name)
  const row = await rowKey(fileRow({ prompt: 'a', completion: '' }, 'rows.jsonl', 1, 'train'), 'completion')
  const steps = [{ step: 'labels', settings: {}, data: [{ row, answer: 'secret', by: 'person' }] }]
  await writeFile(at('rows.jsonl'), '{"prompt":"a","completion":""}\n')
  await writeFile(at('recipe.json'), recipeText({ steps }))
  const { data, recipe: kept } = await dataOfCommand(
    new Options(['train', '--data', at('rows.jsonl'), '--recipe', at('recipe.json'), '--read-as', 'jsonl']),
  )
  expect(new TextDecoder().decode(await data.read?.(0, 1000))).toContain('secret')
  expect(kept).toEqual({
    ...(await withoutData({ steps })),
    files: [{ name: 'rows.jsonl', read: { kind: 'jsonl' } }],
    makers: { person: 1 },
  })
  expect(JSON.stringify(kept)).not.toContain('secret')
})
