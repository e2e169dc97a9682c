import { describe, expect, it } from 'vitest'
import { answerField } from '../config/answer-length'
import { columnsField, rowFields } from '../config/data-options'
import { dataOptionsOf } from './data-options'
import { helpText } from './help'
import { Options } from './options'

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
