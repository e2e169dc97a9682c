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
  stablelm2: 'qwen2',
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
    expect(wrong(fromGguf(way), way)).toEqual([])
    const source = folder(way)
    const tokenizer = createTokenizer(source, vocab)
    expect(wrong(tokenizer, way)).toEqual([])
    // Its name when it is written as GGUF means the same way.
    const { 'tokenizer.ggml.pre': pre } = ggufTokenizerMetadata(source, tokenizer, undefined, vocab)
    expect(wrong(fromGguf(pre as string), way)).toEqual([])
  })

  it.each(Object.entries(likewise))('%s, as %s', (name, way) => expect(wrong(fromGguf(name), way)).toEqual([]))
})
