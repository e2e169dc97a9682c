import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answerField } from '../config/answer-length'
import { columnsField, rowFields } from '../config/data-options'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { methodNamed } from '../peft/registry'
import { dataOptionsOf } from './data-options'
import { helpText } from './help'
import { Options } from './options'
import { interruptedRun, runFolder } from './run-folder'

const read = (...words: string[]) => dataOptionsOf(new Options(['data', ...words]), 0, 0)

describe('--columns', () => {
  it('maps columns to roles', () => {
    expect(read('--columns', 'prompt=exercise, completion=worked out').columns).toEqual({ prompt: 'exercise', completion: 'worked out' })
    expect(read().columns).toBeUndefined()
  })
  it('refuses unknown roles and missing columns', () => {
    expect(() => read('--columns', 'question=a')).toThrow('--columns: expected role=column with one of the roles text, prompt, input')
    expect(() => read('--columns', 'prompt')).toThrow(/got prompt\./)
    expect(() => read('--columns', 'prompt=')).toThrow(/got prompt=\./)
  })
})

describe('the options for reading rows', () => {
  it('are those of their fields, and nothing else is taken', () => {
    expect(read('--format', 'text', '--train-on', 'everything', '--task', 'Translate.', '--skip-bad')).toMatchObject({
      format: 'text',
      trainOn: 'everything',
      taskDescription: 'Translate.',
      skipBadLines: true,
    })
    expect(() => read('--format', 'xml')).toThrow('format: expected one of auto, text, prompt-completion, instruction')
    expect(() => read('--train-on', 'all')).toThrow('trainOn: expected one of completion, all-assistant, everything, got "all"')
  })
  it('are in the help', () => {
    const help = helpText()
    for (const { label } of [...rowFields, columnsField]) expect(help).toContain(` ${label}. `)
    expect(help).toContain(`--max-tokens is ${answerField.default} by default`)
  })
})

describe('the options for reading a file', () => {
  it('are kept for --resume', async () => {
    const out = await mkdtemp(join(tmpdir(), 'tabtune-read-'))
    const words = ['--data=d.txt', '--read-as=csv', '--csv-separator=pipe', '--encoding=koi8-r']
    const method = methodNamed('lora')
    const chosen = { method, settings: defaults(method.fields), training: defaultTraining(method.training) }
    await runFolder(out).begin(new Options(['train', ...words]), chosen)
    const { options } = await interruptedRun(out)
    expect(dataOptionsOf(options, 0, 0).read).toMatchObject({ kind: 'csv', separator: 'pipe', encoding: 'koi8-r', header: 'auto' })
  })
})
