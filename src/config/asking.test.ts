import { describe, expect, it } from 'vitest'
import { commonAsking, parseAsking } from './asking'
import { askingProblem } from './asking-fields'

it('a separator has no marks of a prompt template', () => {
  expect(askingProblem({ separator: ' => {x} ' })).toBeUndefined()
  for (const separator of ['{prompt}', ' {completion} ']) expect(askingProblem({ separator })).toBeDefined()
})

describe('the prompt format that an adapter names', () => {
  it('is read, or refused with the place of the mistake', () => {
    expect(parseAsking('tabtune.json', undefined)).toBeUndefined()
    expect(parseAsking('tabtune.json', { form: 'chat', ends: [3], more: 1 })).toEqual({ form: 'chat', ends: [3] })
    expect(parseAsking('tabtune.json', { ends: [] })).toEqual({ ends: [] })
    const words = { promptTemplate: 'Q: {prompt} A: {completion}', taskDescription: 'T', systemWords: '' }
    expect(parseAsking('tabtune.json', { form: 'pair', ...words, ends: [2] })).toEqual({ form: 'pair', ...words, ends: [2] })
    const unfit = [{ form: 'pair' }, { form: 'pair', promptTemplate: '{prompt}' }, { taskDescription: 1 }].map((part) => ({
      ...part,
      ends: [],
    }))
    for (const wrong of [
      null,
      'template',
      { form: 'song', ends: [] },
      { form: 'line' },
      { ends: [1.5] },
      { ends: [-1] },
      { ends: ['2'] },
      ...unfit,
    ])
      expect(() => parseAsking('tabtune.json', wrong), JSON.stringify(wrong)).toThrow(/^tabtune\.json, asking: expected one of template/)
  })
  it('of an older version is read as before', () => {
    expect(parseAsking('tabtune.json', { form: 'line', ends: [2] })).toEqual({
      form: 'pair',
      promptTemplate: '{prompt}\n{completion}',
      ends: [2],
    })
    expect(parseAsking('tabtune.json', { form: 'joined', ends: [2] })).toMatchObject({
      form: 'pair',
      promptTemplate: '{prompt}{completion}',
    })
  })
  it('of a combination is the one that all parts share, with all end tokens', () => {
    const [a, b] = [{ form: 'template', ends: [2, 7] } as const, { form: 'template', ends: [7, 9] } as const]
    expect(commonAsking([a, b])).toEqual({ form: 'template', ends: [2, 7, 9] })
    expect(commonAsking([a, { form: 'chat', ends: [2] }])).toEqual({ ends: [2, 7] })
    const described = { form: 'template', taskDescription: 'T', ends: [2] } as const
    expect(commonAsking([described, described])).toEqual(described)
    expect(commonAsking([a, described])).toEqual({ ends: [2, 7] })
    expect(commonAsking([a, undefined])).toEqual({ ends: [2, 7] })
    expect(commonAsking([undefined, undefined])).toBeUndefined()
  })
})
