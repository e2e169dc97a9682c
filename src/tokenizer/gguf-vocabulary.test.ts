// Special tokens of GGUF files that name none: those of llama.cpp (src/llama-vocab.cpp, default special tokens).
import { describe, expect, it } from 'vitest'
import { createTokenizer } from './create-tokenizer'

const [normal, unknown, control] = [1, 2, 3]

describe('a GGUF file without ids of special tokens', () => {
  const tokens = ['<unk>', '<s>', '</s>', '▁', 'a']
  const metadata = {
    'tokenizer.ggml.model': 'llama',
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.scores': tokens.map(() => 0),
    'tokenizer.ggml.token_type': [unknown, control, control, normal, normal],
  }
  const made = (more: object) => createTokenizer({ kind: 'gguf', metadata: { ...metadata, ...more } }, 16)
  it('of SentencePiece begins with 1 and ends with 2, and 0 is unknown', () => {
    const tokenizer = made({})
    expect([tokenizer.bos, tokenizer.eos, tokenizer.unk]).toEqual([1, [2], 0])
    expect(tokenizer.encode('ab', { addSpecial: true })).toEqual([1, 3, 4, 0])
    expect(made({ 'tokenizer.ggml.add_bos_token': false }).encode('a', { addSpecial: true })).toEqual([3, 4])
  })
  it('keeps the ids that it names, and adds no id beyond its vocabulary', () => {
    const named = made({ 'tokenizer.ggml.eos_token_id': 1 })
    expect([named.bos, named.eos]).toEqual([1, [1]])
    const short = { 'tokenizer.ggml.tokens': tokens.slice(0, 2), 'tokenizer.ggml.scores': [0, 0], 'tokenizer.ggml.token_type': [1, 3] }
    expect([made(short).bos, made(short).eos, made(short).unk]).toEqual([1, [], undefined])
  })
  it('of byte-level BPE begins and ends with 11 if that is a control token', () => {
    const letters = Array.from('abcdefghijk')
    const bytes = (type: number) =>
      made({
        'tokenizer.ggml.model': 'gpt2',
        'tokenizer.ggml.pre': 'gpt-2',
        'tokenizer.ggml.tokens': [...letters, '<|endoftext|>'],
        'tokenizer.ggml.scores': undefined,
        'tokenizer.ggml.token_type': [...letters.map(() => normal), type],
        'tokenizer.ggml.merges': [],
      })
    expect([bytes(control).bos, bytes(control).eos]).toEqual([11, [11]])
    expect([bytes(normal).bos, bytes(normal).eos]).toEqual([undefined, []])
  })
})
