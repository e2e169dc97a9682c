import { describe, expect, it } from 'vitest'
import { commonAsking, parseAsking } from './asking'

describe('the prompt format that an adapter names', () => {
  it('is read, or refused with the place of the mistake', () => {
    expect(parseAsking('tabtune.json', undefined)).toBeUndefined()
    expect(parseAsking('tabtune.json', { form: 'chat', ends: [3], more: 1 })).toEqual({ form: 'chat', ends: [3] })
    expect(parseAsking('tabtune.json', { ends: [] })).toEqual({ ends: [] })
    for (const wrong of [null, 'template', { form: 'song', ends: [] }, { form: 'line' }, { ends: [1.5] }, { ends: [-1] }, { ends: ['2'] }])
      expect(() => parseAsking('tabtune.json', wrong), JSON.stringify(wrong)).toThrow(/^tabtune\.json, asking: expected one of template/)
  })
  it('of a combination is the one that all parts share, with all end tokens', () => {
    const [a, b] = [{ form: 'template', ends: [2, 7] } as const, { form: 'template', ends: [7, 9] } as const]
    expect(commonAsking([a, b])).toEqual({ form: 'template', ends: [2, 7, 9] })
    expect(commonAsking([a, { form: 'line', ends: [2] }])).toEqual({ ends: [2, 7] })
    expect(commonAsking([a, undefined])).toEqual({ ends: [2, 7] })
    expect(commonAsking([undefined, undefined])).toBeUndefined()
  })
})
