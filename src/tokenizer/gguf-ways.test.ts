// Ids of 300 texts equal those of the tokenizers library, for each way in which GGUF names how text is cut
// (e2e/interop/make_tokenizer_golden.py).
import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createTokenizer } from './create-tokenizer'
import { ggufTokenizerMetadata } from './hf-to-gguf'
import type { Tokenizer } from './tokenizer'

interface Golden {
  texts: string[]
  tokens: string[]
  merges: string[]
  ways: Record<string, { pre_tokenizer: Record<string, unknown>; ignore_merges: boolean }>
  /** A CRC-32 of the ids of each text. */
  ids: Record<string, string>
}

const golden = JSON.parse(readFileSync('e2e/interop/goldens/tokenizers/ways.json', 'utf8')) as Golden
const { texts, tokens, merges, ways } = golden
const [special, user] = [tokens.length, tokens.length + 1]
const vocab = tokens.length + 2

const fromGguf = (pre: string): Tokenizer =>
  createTokenizer(
    {
      kind: 'gguf',
      metadata: {
        'tokenizer.ggml.model': 'gpt2',
        'tokenizer.ggml.pre': pre,
        'tokenizer.ggml.tokens': [...tokens, '<|end|>', '<|user|>'],
        'tokenizer.ggml.token_type': [...tokens.map(() => 1), 3, 4],
        'tokenizer.ggml.merges': merges,
      },
    },
    vocab,
  )

const folder = (way: string) => ({
  kind: 'hf' as const,
  tokenizerJson: {
    added_tokens: [
      { id: special, content: '<|end|>', special: true },
      { id: user, content: '<|user|>', special: false },
    ].map((token) => ({ ...token, normalized: false, single_word: false, lstrip: false, rstrip: false })),
    normalizer: null,
    pre_tokenizer: ways[way].pre_tokenizer,
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      ignore_merges: ways[way].ignore_merges,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  },
  tokenizerConfig: {},
})

/** The texts whose ids differ from those of `way`. */
function wrong(tokenizer: Tokenizer, way: string): string[] {
  const crc = (text: string) =>
    crc32(tokenizer.encode(text, { parseSpecial: true }).join())
      .toString(16)
      .padStart(8, '0')
  return texts.filter((text, i) => crc(text) !== golden.ids[way].slice(i * 8, i * 8 + 8))
}

/** Names with the same way as the one that is in the golden. */
const likewise: Record<string, string> = {
  'phi-2': 'gpt-2',
  exaone4: 'gpt-2',
  olmo: 'gpt-2',
  falcon3: 'llama-bpe',
  pixtral: 'llama-bpe',
  glm4: 'llama-bpe',
  'chatglm-bpe': 'smaug-bpe',
  dbrx: 'smaug-bpe',
  'deepseek-r1-qwen': 'qwen2',
  stablelm2: 'qwen2',
  'grok-2': 'qwen2',
  llama4: 'gpt-4o',
  lfm2: 'llama-bpe',
  hunyuan: 'qwen2',
  megrez: 'qwen2',
  starcoder: 'smollm',
  refact: 'smollm',
  'command-r': 'smollm',
  exaone: 'smollm',
  'hunyuan-dense': 'deepseek-v3',
}

describe('ids equal those of the tokenizers library', () => {
  it.each(Object.keys(ways))('%s', (way) => {
    // The golden does not compose, as Qwen's own name does.
    if (way !== 'qwen2') expect(wrong(fromGguf(way), way)).toEqual([])
    const source = folder(way)
    const tokenizer = createTokenizer(source, vocab)
    expect(wrong(tokenizer, way)).toEqual([])
    // Its name when it is written as GGUF means the same way.
    const { 'tokenizer.ggml.pre': pre } = ggufTokenizerMetadata(source, tokenizer, undefined, vocab)
    expect(wrong(fromGguf(pre as string), way)).toEqual([])
  })

  it("qwen2 and qwen35 compose letters and marks first, as in Qwen's tokenizer.json", () => {
    for (const name of ['qwen2', 'qwen35']) {
      const tokenizer = fromGguf(name)
      for (const text of texts) expect(tokenizer.encode(text), text).toEqual(tokenizer.encode(text.normalize('NFC')))
    }
    const plain = fromGguf('deepseek-r1-qwen')
    for (const text of texts) expect(fromGguf('qwen2').encode(text), text).toEqual(plain.encode(text.normalize('NFC')))
    expect(plain.encode('e\u0301')).not.toEqual(fromGguf('qwen2').encode('e\u0301'))
  })

  it('pieces that stay tokens are written as a way that merges them only if merges make every token', () => {
    const source = folder('gpt-4o')
    const written = (texts: readonly string[]) => {
      const vocab = Object.fromEntries(texts.map((text, id) => [text, id]))
      const model = { type: 'BPE', ignore_merges: true, vocab, merges: ['a b', 'ab c'] }
      const from = { ...source, tokenizerJson: { ...source.tokenizerJson, added_tokens: [], model } }
      return ggufTokenizerMetadata(from, createTokenizer(from, 8), undefined, 8)['tokenizer.ggml.pre']
    }
    expect(written(['a', 'b', 'c', 'ab', 'abc'])).toBe('gpt-4o')
    expect(() => written(['a', 'b', 'c', 'ab', 'abc', 'bc'])).toThrow('expected text to be cut like')
  })

  it.each(Object.entries(likewise))('%s, as %s', (name, way) => expect(wrong(fromGguf(name), way)).toEqual([]))
})
