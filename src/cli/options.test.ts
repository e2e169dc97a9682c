import { describe, expect, it } from 'vitest'
import { parseSettings, valueFromText } from '../config/field'
import { trainingFields } from '../config/run-config'
import { Options } from './options'

const number = (text: string) => new Options(['train', `--save-every=${text}`]).number('save-every')

it.each(['resume', 'model', 'set', 'steps', 'columns'])('--%s without its value is refused with our sentence', (name) => {
  const sentence = `--${name}: expected a value, got none. Give one, as in --${name}=VALUE.`
  expect(() => new Options(['train', `--${name}`])).toThrow(sentence)
  expect(() => new Options(['train', `--${name}`, '--json'])).toThrow(sentence)
})

it('a switch with a value is refused', () => {
  expect(() => new Options(['train', '--json=3'])).toThrow('--json: expected no value, got one. Leave it out.')
})

describe('numbers on the command line', () => {
  it('are read as programs write them', () => {
    expect(['1000', '2e3', '-1', '0.5', ' 7 '].map(number)).toEqual([1000, 2000, -1, 0.5, 7])
  })
  it.each(['1,000', '1.000.000', '1 000', '0x10', '1_000', 'Infinity', '1e999', 'ten', ''])('%j is refused by name', (text) => {
    expect(() => number(text)).toThrow(`--save-every: expected a number such as 1000 or 2e-4, got ${text || 'nothing'}. Correct it.`)
  })
  it('of a setting that is a whole number are named as such', () => {
    expect(() => new Options(['train', '--seed=abc']).training('seed')).toThrow('--seed: expected a whole number such as 100, got abc.')
    expect(() => new Options(['train', '--lr=abc']).training('learningRate')).toThrow(
      '--lr: expected a number such as 1000 or 2e-4, got abc.',
    )
  })
  it('are sizes only with a unit', () => {
    const budget = (text: string) => new Options(['train', `--memory=${text}`]).training('memoryBudget')
    expect(budget('2GiB')).toBe(2048)
    expect(() => budget('2')).toThrow(
      '--memory: expected a size such as 2GB or 900MiB, got 2. Give a number with KB, MB, GB, KiB, MiB or GiB.',
    )
    expect(() => budget('')).toThrow('--memory: expected a size')
  })
  it('of training settings are within their bounds in every command', () => {
    const setting = (key: 'batchSize' | 'seed', option: string) => new Options(['predict', option]).training(key)
    expect([setting('batchSize', '--batch=2'), setting('seed', '--seed=7'), setting('seed', '--batch=0')]).toEqual([2, 7, undefined])
    expect(() => setting('batchSize', '--batch=0')).toThrow('training settings: batchSize: expected a whole number from 1 to')
    expect(() => setting('batchSize', '--batch=1.5')).toThrow(
      'training settings: batchSize: expected a whole number from 1 to 1024, got 1.5',
    )
    expect(() => setting('seed', '--seed=1.5')).toThrow('training settings: seed: expected a whole number from 0 to')
  })
  it('that are not valid for their setting are refused with its name and the value', () => {
    const given = { steps: '1,000', batchSize: '0x4', shuffle: 'maybe', packing: 'no', seed: '7' }
    const field = (key: string) => trainingFields.find((f) => f.key === key)!
    const values = Object.fromEntries(Object.entries(given).map(([key, text]) => [key, valueFromText(field(key), text)]))
    expect(() => parseSettings('training settings', trainingFields, values)).toThrow(
      'training settings: steps: expected a whole number from 0 to 10000000, got "1,000"; batchSize: expected a whole number from 1 to 1024, got "0x4"; shuffle: expected true or false, got "maybe". Correct',
    )
    expect([values.packing, values.seed]).toEqual([false, 7])
  })
})
