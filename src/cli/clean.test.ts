import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { recipeText } from '../recipe/parse'
import { WorkbenchHost } from '../worker/workbench-host'
import { clean } from './commands/clean'
import { Options } from './options'

const train = Array.from({ length: 50 }, (_, i) => `{"prompt":"a${i % 7}\u200b","completion":"${i % 5 ? '1.50' : ''}","n":1.0}\n`).join('')
const evaluation = '{"prompt":"é","completion":"\u{1f600}"}\n'
const recipe = { steps: ['clean-characters', 'drop-empty', 'drop-duplicates', 'split'].map((step) => ({ step, settings: {} })) }

it('tabtune data gives the same bytes as the worker of the page', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tabtune-clean-'))
  const at = (name: string): string => join(folder, name)
  for (const [name, text] of Object.entries({ 'train.jsonl': train, 'valid.jsonl': evaluation, 'recipe.json': recipeText(recipe) }))
    await writeFile(at(name), text)
  const pairs = {
    in: at('train.jsonl'),
    eval: at('valid.jsonl'),
    recipe: at('recipe.json'),
    out: at('out.jsonl'),
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
    ['train', 'out.jsonl'],
    ['evaluation', 'out.eval.jsonl'],
  ] as const) {
    const blob = await host.cleaned(part)
    expect(blob.ok && (await blob.value.text())).toBe(await readFile(at(name), 'utf8'))
    expect(blob.ok && blob.value.size).toBeGreaterThan(0)
  }
})
