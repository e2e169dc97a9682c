import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createTokenizer } from './create-tokenizer'

type Json = Record<string, unknown>
interface Demo extends Json {
  model: { vocab: Record<string, unknown> }
  added_tokens: Json[]
}

const demo = readFileSync('public/demo/tokenizer.json', 'utf8')
const vocab = 1024
const opened = (change: (json: Demo) => void) => () => {
  const json = JSON.parse(demo) as Demo
  change(json)
  return createTokenizer({ kind: 'hf', tokenizerJson: json, tokenizerConfig: {} }, vocab)
}
const template = (ids: unknown[]) => ({
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [],
  special_tokens: { '<s>': { id: '<s>', ids, tokens: ['<s>'] } },
})

describe('ids of a tokenizer.json that the embedding has no row for', () => {
  it.each<[string, (json: Demo) => void, RegExp]>([
    ['the last row and one more', (j) => void (j.model.vocab.a = 1024), /from 0 to 1023 as ids.*, got 1024 for "a" in model\.vocab\. Use/],
    [
      'three far above',
      (j) =>
        Object.assign(j.model.vocab, Object.fromEntries(['a', 'e', 'o'].map((token) => [token, Number(j.model.vocab[token]) + 900_000]))),
      /got 900\d\d\d for "a" in model\.vocab, 900\d\d\d for "e" in model\.vocab, 900\d\d\d for "o" in model\.vocab\. Use/,
    ],
    ['a half', (j) => void (j.model.vocab.a = 0.5), /got 0\.5 for "a" in model\.vocab/],
    ['text', (j) => void (j.model.vocab.e = '7'), /got "7" for "e" in model\.vocab/],
    ['below nought', (j) => void (j.model.vocab.o = -1), /got -1 for "o" in model\.vocab/],
    ['an added token', (j) => void j.added_tokens.push({ id: 5000, content: '<tool>' }), /got 5000 for "<tool>" in added_tokens/],
    ['an added token without one', (j) => void j.added_tokens.push({ content: '<tool>' }), /got nothing for "<tool>" in added_tokens/],
    ['a template', (j) => void (j.post_processor = template([1024])), /got 1024 for "<s>" in post_processor/],
    [
      'a template among others',
      (j) => void (j.post_processor = { type: 'Sequence', processors: [{ type: 'ByteLevel' }, template([0, 2000])] }),
      /got 2000 for "<s>" in post_processor/,
    ],
    [
      'BERT’s',
      (j) => void (j.post_processor = { type: 'RobertaProcessing', sep: ['</s>', 1], cls: ['<s>', 1e6] }),
      /got 1000000 for "<s>" in post_processor/,
    ],
    [
      'the unknown token of Unigram',
      (j) => Object.assign(j, { added_tokens: [], model: { type: 'Unigram', unk_id: 2, vocab: [['<unk>', 0], ['a', -1]] } }), // prettier-ignore
      /got 2 for "unk_id" in model\. Use/,
    ],
    [
      'many',
      (j) => Object.assign(j.model.vocab, { a: 2001, b: 2002, c: 2003, d: 2004, e: 2005 }),
      /got 200\d for "\w" in model\.vocab, .* and 2 more\. Use/,
    ],
  ])('%s are refused by name', (_, change, message) => {
    expect(opened(change)).toThrow(message)
  })
  it('are accepted if there are fewer tokens than rows, up to the last row', () => {
    expect(
      opened((j) => void (j.added_tokens = [...j.added_tokens, { id: 1023, content: '<x>', special: true }]))().encode('<x>', {
        parseSpecial: true,
      }),
    ).toEqual([1023])
    expect(() =>
      createTokenizer(
        {
          kind: 'hf',
          tokenizerJson: {
            model: {
              type: 'Unigram',
              vocab: [
                ['a', 0],
                ['b', 0],
                ['c', 0],
              ],
            },
          },
          tokenizerConfig: {},
        },
        2,
      ),
    ).toThrow(/got 2 for "c" in model\.vocab/)
  })
  it('are refused in GGUF files too', () => {
    const metadata = {
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'gpt-2',
      'tokenizer.ggml.merges': [],
      'tokenizer.ggml.tokens': ['a', 'b', '<x>'],
    }
    expect(() => createTokenizer({ kind: 'gguf', metadata }, 2)).toThrow(/expected at most 2 tokens, .* got 3: "<x>" has the id 2/)
  })
})
