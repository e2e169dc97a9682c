// Long words are cut where no token joins them, so the tokens are the same.
import { describe, expect, it } from 'vitest'
import { FormatError } from '../config/errors'
import { libraryTokenizer } from './library-tokenizer'
import { spmTokenizer } from './spm'
import { ggufVocabulary } from './gguf-vocabulary'
import { wordCutter } from './word-cuts'

const vocab = ['<unk>', 'a', 'b', 'c', '▁', '😀', 'ab', 'abc', '▁a', 'aa', 'aaaa', 'b▁']
const merges = ['a b', 'ab c', '▁ a', 'a a', 'aa aa', 'b ▁']
const library = libraryTokenizer(
  {
    added_tokens: [],
    model: { type: 'BPE', vocab: Object.fromEntries(vocab.map((token, id) => [token, id])), merges, unk_token: '<unk>' },
    normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
  },
  { kind: 'test', vocabSize: vocab.length, eos: [], unk: 0 },
)
const spm = spmTokenizer(
  ggufVocabulary(
    {
      'tokenizer.ggml.model': 'llama',
      'tokenizer.ggml.tokens': vocab,
      'tokenizer.ggml.scores': vocab.map((_, i) => -i),
      'tokenizer.ggml.token_type': vocab.map((_, i) => (i ? 1 : 2)),
      'tokenizer.ggml.unknown_token_id': 0,
      'tokenizer.ggml.add_bos_token': false,
    },
    vocab.length,
  ),
  vocab.length,
)

/** The ids of a text whose parts are encoded one by one, which is right where no token crosses their borders. */
const parts = ['abc', ' ab', 'c', '😀', 'aaa', 'c']

describe('a long word', () => {
  it.each([
    ['tokenizer.json', library],
    ['GGUF', spm],
  ])('has the tokens that it would have without cuts (%s)', (_, tokenizer) => {
    const unit = parts.join('')
    const one = tokenizer.encode(unit, { continues: true })
    expect(one.length).toBeGreaterThan(6)
    // Below and above the length from which words are cut. Nothing merges over the border, which is c and a.
    for (const times of [5, 40, 3000])
      expect(tokenizer.encode(unit.repeat(times), { continues: true })).toEqual(Array.from({ length: times }, () => one).flat())
  })
  it('is cut only between characters that no token has side by side', () => {
    const cut = wordCutter(() => vocab)
    expect(cut([`${'ab'.repeat(200)}c😀${'c'.repeat(3)}`, 'ca'])).toEqual([
      ...Array.from({ length: 199 }, () => 'ab'),
      'abc',
      '😀',
      'c',
      'c',
      'c',
      'ca',
    ])
  })
  it.each([
    ['tokenizer.json', library],
    ['GGUF', spm],
  ])('without a place for a cut is refused (%s)', (_, tokenizer) => {
    expect(tokenizer.encode('a'.repeat(20_000), { continues: true })).toHaveLength(5000)
    expect(() => tokenizer.encode('a'.repeat(140_000), { continues: true })).toThrow(FormatError)
    expect(() => tokenizer.encode('a'.repeat(140_000), { continues: true })).toThrow(
      'expected words of at most 131072 characters, got one of 140000.',
    )
  })
})
