import { describe, expect, it } from 'vitest'
import { dataOptionsOf } from './data-options'
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
