// What a finished run keeps of its sources: other paths may be given, and what is not there is named before anything is opened.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { lora } from '../peft/lora'
import { Options } from './options'
import { type RunSource, firstLossOf, runSource, sourceOptions } from './run-source'
import { checkRecord } from './source-check'

const root = mkdtempSync(join(tmpdir(), 'tabtune-source-'))
const at = (path: string) => join(root, path)
afterAll(() => rmSync(root, { recursive: true }))

const source: RunSource = {
  version: 1,
  options: [
    ['model', at('base.gguf')],
    ['data', at('rows.jsonl')],
    ['recipe', at('recipe.json')],
    ['no-shuffle', true],
    ['hold-out', '0.1'],
  ],
  method: 'lora',
  settings: defaults(lora.fields),
  training: { ...defaultTraining() },
  model: { name: 'base', base: 'native', fingerprint: 'f' },
  data: { name: 'rows.jsonl', rows: 2, fingerprint: 'g' },
}

test('everything that is missing is named at once; other paths take its place', async () => {
  writeFileSync(at('recipe.json'), '{}')
  writeFileSync(at('moved'), '')
  const given = (...more: string[]) => new Options(['export-run', '--run', root, ...more])
  await expect(sourceOptions(source, given())).rejects.toThrow(
    `there is no base base at ${at('base.gguf')} and no data rows.jsonl at ${at('rows.jsonl')}. Nothing was written.`,
  )
  await expect(sourceOptions(source, given('--model', at('moved')))).rejects.toThrow(`there is no data rows.jsonl at ${at('rows.jsonl')}`)
  const found = await sourceOptions(source, given('--model', at('moved'), '--data', at('moved')))
  expect([found.need('model'), found.need('data'), found.text('recipe')]).toEqual([at('moved'), at('moved'), at('recipe.json')])
  expect([found.number('hold-out'), found.training('shuffle')]).toEqual([0.1, false])
})

test('a folder without the record, and one of another version, are refused by name', async () => {
  await expect(runSource(root)).rejects.toThrow('with source.json, got')
  writeFileSync(at('source.json'), JSON.stringify({ ...source, version: 9 }))
  await expect(runSource(root)).rejects.toThrow('expected a run of this version of TabTune')
  writeFileSync(at('source.json'), JSON.stringify(source))
  expect(await runSource(root)).toEqual(source)
})

test('a record that says something else than the files beside it is refused with both values', async () => {
  const { method, settings: methodSettings, training, data } = source
  const run = {
    config: { method, methodSettings, training },
    model: { base: 'native', fingerprint: 'f' },
    data: { ...data, rowsFingerprint: 'g' },
  }
  const refused = (changed: Partial<RunSource>, words: string) =>
    expect(checkRecord(root, { ...source, ...changed })).rejects.toThrow(words)
  await checkRecord(root, source)
  writeFileSync(at('run.json'), JSON.stringify(run))
  writeFileSync(at('tabtune.json'), JSON.stringify({ base: { name: 'base', fingerprint: 'f', lineage: 'l' } }))
  await checkRecord(root, source)
  await refused(
    { model: { ...source.model, fingerprint: 'h' } },
    'model.fingerprint is h, but f in run.json; model.fingerprint is h, but f in tabtune.json. Nothing was written.',
  )
  await refused({ data: { ...data, fingerprint: 'h' } }, 'data.fingerprint is h, but g in run.json')
  await refused({ training: { ...training, learningRate: 1 } }, `training.learningRate is 1, but ${defaultTraining().learningRate} in`)
  await refused({ settings: {} }, 'settings.r is nothing, but 8 in run.json')
  writeFileSync(at('tabtune.json'), '{"base":')
  await refused({}, `${at('tabtune.json')}: expected the file that tabtune train wrote`)
})

test('the first loss is found among other lines, and a damaged line is named', async () => {
  expect(await firstLossOf(root)).toBeUndefined()
  const lossIn = (text: string) => {
    writeFileSync(at('metrics.jsonl'), text)
    return firstLossOf(root)
  }
  expect(await lossIn('{"step":1,"evalLoss":9}\n{"step":1,"loss":2.5}\n{"step":2,"loss":1}\n')).toBe(2.5)
  expect(await lossIn('{"step":1,"loss":null}\n')).toBeUndefined()
  for (const line of ['not json', '{"step":1', '[1]', 'null'])
    await expect(lossIn(`{"step":0,"evalLoss":1}\n${line}\n`)).rejects.toThrow(`line 2: expected an object as JSON, got ${line}. The file`)
})
