import { describe, expect, it } from 'vitest'
import { FormatError } from '../config/errors'
import { checkSpecialTokens, specialOf } from './special-tokens'

describe('special ids', () => {
  it('are those of generation_config.json and config.json', () => {
    expect(specialOf({ bos_token_id: 1, eos_token_id: 2, pad_token_id: null }, { eos_token_id: [2, 7], pad_token_id: 0 })).toEqual({
      bos: 1,
      eos: [2, 7],
      pad: 0,
    })
    // Llama 2 writes -1 where it has none.
    expect(specialOf({ pad_token_id: -1 }, {})).toEqual({ bos: undefined, eos: undefined, pad: undefined })
  })
  it.each([['</s>'], [1.5], [[2, null]], [{ id: 2 }], [true], [1e300]])('are refused if one is %j', (id) => {
    expect(() => specialOf({}, { eos_token_id: id })).toThrow(FormatError)
    expect(() => specialOf({}, { eos_token_id: id })).toThrow(
      /^generation_config\.json: expected eos_token_id to be an id, or a list of ids, got /,
    )
    expect(() => specialOf({ bos_token_id: id }, {})).toThrow(/^config\.json: expected bos_token_id to be /)
  })
})

describe('special_tokens_map.json', () => {
  it('names tokens as text or with their content', () => {
    expect(() => checkSpecialTokens({ bos_token: '<s>', eos_token: { content: '</s>', lstrip: false }, pad_token: null })).not.toThrow()
  })
  it.each([[5], [['<s>']], [{ content: 7 }], [{}]])('is refused if one is %j', (token) => {
    expect(() => checkSpecialTokens({ eos_token: token })).toThrow(/^special_tokens_map\.json: expected eos_token to be a token as text/)
  })
})
