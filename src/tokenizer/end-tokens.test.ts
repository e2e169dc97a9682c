import { describe, expect, it } from 'vitest'
import type { TokenizerSource } from '../formats/model-file'
import { createTokenizer } from './create-tokenizer'
import { endOfTurnIds } from './end-tokens'

interface Added {
  content: string
  special?: boolean
}

/** Letters, then the added tokens. */
function hf(added: readonly Added[], config: Record<string, unknown> = {}): TokenizerSource {
  const letters = Array.from('abcdefgh')
  const vocab = Object.fromEntries(letters.map((letter, id) => [letter, id]))
  const tokens = added.map(({ content, special = true }, i) => ({ id: letters.length + i, content, special }))
  return {
    kind: 'hf',
    tokenizerJson: { added_tokens: tokens, model: { type: 'BPE', vocab, merges: [] } },
    tokenizerConfig: config,
  }
}

function gguf(tokens: readonly [text: string, type: number][], keys: Record<string, unknown> = {}): TokenizerSource {
  const given = Object.entries(keys).map(([key, value]) => [`tokenizer.ggml.${key}`, value])
  return {
    kind: 'gguf',
    metadata: {
      'tokenizer.ggml.model': 'llama',
      'tokenizer.ggml.tokens': tokens.map(([text]) => text),
      'tokenizer.ggml.token_type': tokens.map(([, type]) => type),
      'tokenizer.ggml.scores': tokens.map(() => 0),
      ...Object.fromEntries(given),
    },
  }
}

describe('end-of-turn tokens of a vocabulary', () => {
  it('are those that families use, special or added', () => {
    const added = [
      { content: '<|endoftext|>' },
      { content: '<|im_start|>' },
      { content: '<|im_end|>', special: false },
      { content: '<|eot_id|>' },
      { content: '<|of_no_family|>' },
    ]
    expect(endOfTurnIds(hf(added))).toEqual([8, 10, 11])
  })
  it('leave out </s> if it is text, and words of the ordinary vocabulary', () => {
    expect(endOfTurnIds(hf([{ content: '</s>' }]))).toEqual([8])
    expect(endOfTurnIds(hf([{ content: '</s>', special: false }, { content: '<end_of_turn>' }]))).toEqual([9])
    const [normal, control, userDefined] = [1, 3, 4]
    const tokens: [string, number][] = [
      ['</s>', userDefined],
      ['<end_of_turn>', control],
      ['<|im_end|>', normal],
      ['<|eom_id|>', userDefined],
    ]
    expect(endOfTurnIds(gguf(tokens))).toEqual([1, 3])
  })
  it('leave out tokens between the messages of one answer (gpt-oss)', () => {
    expect(endOfTurnIds(hf([{ content: '<|end|>' }]))).toEqual([8])
    expect(endOfTurnIds(hf([{ content: '<|end|>' }, { content: '<|return|>' }, { content: '<|call|>' }]))).toEqual([9, 10])
  })
})

describe('a tokenizer', () => {
  it('ends answers at all of them, but ends training texts with the end token of its own files', () => {
    const source = hf([{ content: '<|endoftext|>' }, { content: '<|im_end|>', special: false }], { eos_token: '<|endoftext|>' })
    const tokenizer = createTokenizer(source, 12, { eos: [11, 8, 40] })
    expect(tokenizer.eos).toEqual([8, 11])
    expect(tokenizer.ends).toEqual([8, 11, 9])
    expect([9, 11, 0].map((id) => tokenizer.isSpecial(id))).toEqual([true, true, false])
  })
  it('knows the ends of texts, turns and messages of a GGUF file', () => {
    const tokens: [string, number][] = [...Array.from('abc', (letter): [string, number] => [letter, 1]), ['E', 3], ['T', 3], ['M', 3]]
    const tokenizer = createTokenizer(gguf(tokens, { eos_token_id: 3, eot_token_id: 4, eom_token_id: 5 }), 6)
    expect(tokenizer.ends).toEqual([3, 4, 5])
  })
})
