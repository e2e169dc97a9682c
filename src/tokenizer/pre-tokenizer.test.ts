// Pieces of pre-tokenizers and ids of models, from the tokenizers library in Rust (0.23.2).
import { Tokenizer as Library } from '@huggingface/tokenizers'
import { describe, expect, it } from 'vitest'
import { createTokenizer } from './create-tokenizer'
import { boundPatterns } from './file-patterns'
import { preTokenizer } from './pre-tokenizer'

type Json = Record<string, unknown>

/** A pre-tokenizer, a text and its pieces. */
const pieces: readonly [Json, string, string][] = [
  [{ type: 'Split', pattern: { String: ' ' }, behavior: 'Isolated', invert: false }, 'a  12é, b3!?', 'a| | |12é,| |b3!?'],
  [{ type: 'Split', pattern: { String: ' ' }, behavior: 'Isolated', invert: true }, 'a  12é, b3!?', 'a| | |12é,| |b3!?'],
  [{ type: 'Split', pattern: { Regex: '\\d' }, behavior: 'Isolated', invert: false }, 'a  12é, b3!?', 'a  |1|2|é, b|3|!?'],
  [{ type: 'Split', pattern: { Regex: '\\d' }, behavior: 'Isolated', invert: true }, 'a  12é, b3!?', 'a  |1|2|é, b|3|!?'],
  [{ type: 'Split', pattern: { Regex: '[ab]*' }, behavior: 'Isolated', invert: false }, 'a  12é, b3!?', 'a| | |1|2|é|,| |b|3|!|?'],
  [{ type: 'Split', pattern: { Regex: '[ab]*' }, behavior: 'Isolated', invert: true }, 'a  12é, b3!?', 'a| | |1|2|é|,| |b|3|!|?'],
  [{ type: 'Punctuation', behavior: 'Isolated' }, 'a  12é, b3!?', 'a  12é|,| b3|!|?'],
  [{ type: 'Split', pattern: { String: ' ' }, behavior: 'Removed', invert: false }, 'a  12é, b3!?', 'a|12é,|b3!?'],
  [{ type: 'Split', pattern: { String: ' ' }, behavior: 'Removed', invert: true }, 'a  12é, b3!?', ' | | '],
  [{ type: 'Split', pattern: { Regex: '\\d' }, behavior: 'Removed', invert: false }, 'a  12é, b3!?', 'a  |é, b|!?'],
  [{ type: 'Split', pattern: { Regex: '\\d' }, behavior: 'Removed', invert: true }, 'a  12é, b3!?', '1|2|3'],
  [{ type: 'Split', pattern: { Regex: '[ab]*' }, behavior: 'Removed', invert: false }, 'a  12é, b3!?', ' | |1|2|é|,| |3|!|?'],
  [{ type: 'Split', pattern: { Regex: '[ab]*' }, behavior: 'Removed', invert: true }, 'a  12é, b3!?', 'a|b'],
  [{ type: 'Punctuation', behavior: 'Removed' }, 'a  12é, b3!?', 'a  12é| b3'],
  [{ type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false }, 'a  12é, b3!?', 'a | |12é, |b3!?'],
  [{ type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: true }, 'a  12é, b3!?', 'a| | 12é,| b3!?'],
  [{ type: 'Split', pattern: { Regex: '\\d' }, behavior: 'MergedWithPrevious', invert: false }, 'a  12é, b3!?', 'a  1|2|é, b3|!?'],
  [{ type: 'Split', pattern: { Regex: '\\d' }, behavior: 'MergedWithPrevious', invert: true }, 'a  12é, b3!?', 'a  |1|2é, b|3!?'],
  [{ type: 'Split', pattern: { Regex: '[ab]*' }, behavior: 'MergedWithPrevious', invert: false }, 'a  12é, b3!?', 'a| | |1|2|é|,| b|3|!|?'],
  [{ type: 'Split', pattern: { Regex: '[ab]*' }, behavior: 'MergedWithPrevious', invert: true }, 'a  12é, b3!?', 'a | |1|2|é|,| |b3|!|?'],
  [{ type: 'Punctuation', behavior: 'MergedWithPrevious' }, 'a  12é, b3!?', 'a  12é,| b3!|?'],
  [{ type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithNext', invert: false }, 'a  12é, b3!?', 'a| | 12é,| b3!?'],
  [{ type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithNext', invert: true }, 'a  12é, b3!?', 'a | |12é, |b3!?'],
  [{ type: 'Split', pattern: { Regex: '\\d' }, behavior: 'MergedWithNext', invert: false }, 'a  12é, b3!?', 'a  |1|2é, b|3!?'],
  [{ type: 'Split', pattern: { Regex: '\\d' }, behavior: 'MergedWithNext', invert: true }, 'a  12é, b3!?', 'a  1|2|é, b3|!?'],
  [{ type: 'Split', pattern: { Regex: '[ab]*' }, behavior: 'MergedWithNext', invert: false }, 'a  12é, b3!?', 'a | |1|2|é|,| |b3|!|?'],
  [{ type: 'Split', pattern: { Regex: '[ab]*' }, behavior: 'MergedWithNext', invert: true }, 'a  12é, b3!?', 'a| | |1|2|é|,| b|3|!|?'],
  [{ type: 'Punctuation', behavior: 'MergedWithNext' }, 'a  12é, b3!?', 'a  12é|, b3|!|?'],
  [{ type: 'Split', pattern: { String: ' ' }, behavior: 'Contiguous', invert: false }, 'a  12é, b3!?', 'a|  |12é,| |b3!?'],
  [{ type: 'Split', pattern: { String: ' ' }, behavior: 'Contiguous', invert: true }, 'a  12é, b3!?', 'a|  |12é,| |b3!?'],
  [{ type: 'Split', pattern: { Regex: '\\d' }, behavior: 'Contiguous', invert: false }, 'a  12é, b3!?', 'a  |12|é, b|3|!?'],
  [{ type: 'Split', pattern: { Regex: '\\d' }, behavior: 'Contiguous', invert: true }, 'a  12é, b3!?', 'a  |12|é, b|3|!?'],
  [{ type: 'Split', pattern: { Regex: '[ab]*' }, behavior: 'Contiguous', invert: false }, 'a  12é, b3!?', 'a| | |1|2|é|,| |b|3|!|?'],
  [{ type: 'Split', pattern: { Regex: '[ab]*' }, behavior: 'Contiguous', invert: true }, 'a  12é, b3!?', 'a| | |1|2|é|,| |b|3|!|?'],
  [{ type: 'Punctuation', behavior: 'Contiguous' }, 'a  12é, b3!?', 'a  12é|,| b3|!?'],
  [{ type: 'Punctuation' }, 'a  12é, b3!?', 'a  12é|,| b3|!|?'],
  [{ type: 'Digits', individual_digits: true }, 'a  12é, b3!?', 'a  |1|2|é, b|3|!?'],
  [{ type: 'Digits', individual_digits: false }, 'a  12é, b3!?', 'a  |12|é, b|3|!?'],
  [{ type: 'Whitespace' }, 'é1  x__2 ', 'é1|x__2'],
  [{ type: 'WhitespaceSplit' }, 'é1  x__2 ', 'é1|x__2'],
  [{ type: 'BertPreTokenizer' }, 'é1  x__2 ', 'é1|x|_|_|2'],
  [{ type: 'FixedLength', length: 4 }, 'é1  x__2 ', 'é1  |x__2| '],
  [{ type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }, 'é1  x__2 ', 'ĠÃ©|1|Ġ|Ġx|__|2|Ġ'],
  [{ type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true }, 'é1  x__2 ', '▁é1|▁|▁x__2|▁'],
  [{ type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: false }, 'é1  x__2 ', '▁é1▁▁x__2▁'],
  [
    {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Digits', individual_digits: true },
        { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true },
      ],
    },
    'é1  x__2 ',
    '▁é|1|▁|▁x__|2|▁',
  ],
]

describe('pre-tokenizers', () => {
  for (const [config, text, expected] of pieces)
    it(JSON.stringify(config), () => {
      const model = { type: 'BPE', vocab: {}, merges: [] }
      const library = new Library(
        { added_tokens: [], normalizer: null, pre_tokenizer: config, post_processor: null, decoder: null, model } as never,
        {},
      )
      boundPatterns('pre_tokenizer', library.pre_tokenizer)
      expect(preTokenizer(config, library.pre_tokenizer)(text, true).join('|')).toBe(expected)
    })
})

/** A model, a text and its ids; words are those of Whitespace. */
const models: readonly [Json, string, number[]][] = [
  [{ type: 'WordLevel', unk_token: '<unk>', vocab: { '<unk>': 0, a: 1, ab: 2 } }, 'a ab cab é', [1, 2, 0, 0]],
  [
    {
      type: 'WordPiece',
      unk_token: '<unk>',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 4,
      vocab: { '<unk>': 0, a: 1, '##b': 2, '##': 3 },
    },
    'abb ba abbbb a',
    [1, 2, 2, 0, 0, 1],
  ],
  [
    {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: { '<unk>': 0, a: 1, b: 2, ab: 3 },
      merges: [['a', 'b']],
    },
    'aéb ab',
    [3, 3],
  ],
  [
    {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: { '<unk>': 0, a: 1, b: 2, ab: 3 },
      merges: [['a', 'b']],
    },
    'aééb é é',
    [1, 0, 0, 2, 0, 0],
  ],
  [
    {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: false,
      vocab: { '<unk>': 0, a: 1, b: 2, ab: 3 },
      merges: [['a', 'b']],
    },
    'aééb é é',
    [1, 0, 2, 0, 0],
  ],
  [
    {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      vocab: { '<unk>': 0, a: 1, b: 2, ab: 3, '<0xC3>': 4, '<0xA9>': 5 },
      merges: [['a', 'b']],
    },
    'aé日日b é 日',
    [1, 4, 5, 0, 2, 4, 5, 0],
  ],
  [
    {
      type: 'Unigram',
      unk_id: 0,
      vocab: [
        ['<unk>', 0.0],
        ['a', -1.0],
        ['b', -1.0],
        ['ab', -1.5],
        ['<0xC3>', -9.0],
        ['<0xA9>', -9.0],
      ],
      byte_fallback: false,
    },
    'aééb é é',
    [1, 0, 2, 0, 0],
  ],
  [
    {
      type: 'Unigram',
      unk_id: 0,
      vocab: [
        ['<unk>', 0.0],
        ['a', -1.0],
        ['b', -1.0],
        ['ab', -1.5],
        ['<0xC3>', -9.0],
        ['<0xA9>', -9.0],
      ],
      byte_fallback: true,
    },
    'aééb é 日 é日',
    [1, 4, 5, 4, 5, 2, 4, 5, 0, 0],
  ],
]
const made = (model: Json) =>
  createTokenizer({ kind: 'hf', tokenizerJson: { pre_tokenizer: { type: 'Whitespace' }, model }, tokenizerConfig: {} }, 9)

describe('what the vocabulary lacks', () => {
  for (const [model, text, ids] of models)
    it(JSON.stringify(model), () => {
      expect(made(model).encode(text)).toEqual(ids)
    })
  it('is refused where the library refuses it: there is no unknown token', () => {
    const vocab = { a: 0 }
    const refused = /expected an unknown token in its vocabulary for "b", got none/
    for (const model of [
      { type: 'WordLevel', vocab, unk_token: '<unk>' },
      { type: 'WordPiece', vocab, unk_token: '<unk>', continuing_subword_prefix: '##' },
      { type: 'Unigram', vocab: [['a', -1]], unk_id: null },
    ])
      expect(() => made(model).encode('a b')).toThrow(refused)
  })
  it('in BPE whose inner pieces have a prefix is not read at all', () => {
    const model = { type: 'BPE', vocab: { a: 0, '##b': 1, ab: 2 }, merges: [['a', '##b']], continuing_subword_prefix: '##' }
    expect(() => made(model)).toThrow(/expected BPE without model.continuing_subword_prefix, got "##"/)
  })
})

it('small letters are written one by one, so a sigma at the end of a word is no other letter', () => {
  const model = { type: 'WordLevel', vocab: { '<unk>': 0, ας: 1, ασ: 2 }, unk_token: '<unk>' }
  for (const normalizer of [{ type: 'Lowercase' }, { type: 'Sequence', normalizers: [{ type: 'BertNormalizer', lowercase: true }] }]) {
    const tokenizerJson = { normalizer, pre_tokenizer: { type: 'Whitespace' }, model }
    expect(createTokenizer({ kind: 'hf', tokenizerJson, tokenizerConfig: {} }, 9).encode('ΑΣ ας')).toEqual([2, 1])
  }
})
