// Tokenizers carried from one kind of file to the other read text as before; added tokens are read whole, under the right ids.
import { existsSync, readFileSync } from 'node:fs'
import { gguf } from '@huggingface/gguf'
import { describe, expect, it } from 'vitest'
import type { TokenizerSource } from '../formats/model-file'
import { nextTokenId, withTokens } from './added-tokens'
import { createTokenizer } from './create-tokenizer'
import { hfTokenizerFiles } from './gguf-to-hf'
import { ggufTokenizerMetadata } from './hf-to-gguf'

const shared = '../shared'
const here = existsSync(`${shared}/tokenizers`)
if (!here) console.log('skipped: tokenizers in ../shared, since it is absent')

type Hf = Extract<TokenizerSource, { kind: 'hf' }>
type Json = Record<string, unknown>

const folder = (path: string): Hf => {
  const read = (name: string) => JSON.parse(readFileSync(`${path}/${name}`, 'utf8')) as Json
  return { kind: 'hf', tokenizerJson: read('tokenizer.json'), tokenizerConfig: read('tokenizer_config.json') }
}
const demo = folder('public/demo')
const stories = `${shared}/models/TinyStories-656K`

const texts = [
  'Once upon a time, there was a little girl named Lily. She loved to',
  '  two  spaces ',
  '',
  'inform(name[X Æ A-12], price[1,234.50])',
  "I'll, we've; DON'T!",
  'Äpfel 🦙\n\nTab\there  你好',
]

/** The same tokenizer by way of GGUF metadata. */
function throughGguf(source: Hf, vocab: number) {
  const tokenizer = createTokenizer(source, vocab)
  const metadata = ggufTokenizerMetadata(source, tokenizer, undefined, vocab)
  return { tokenizer, metadata, back: createTokenizer({ kind: 'gguf', metadata }, vocab) }
}

describe('tokenizer.json as GGUF metadata', () => {
  const cases: [string, () => Hf, number, string][] = [
    ['byte-level BPE', () => demo, 1030, 'gpt2'],
    ...(here ? [['SentencePiece BPE', () => folder(stories), 2048, 'llama'] as [string, () => Hf, number, string]] : []),
  ]
  it.each(cases)('%s gives the same ids', (_, source, vocab, model) => {
    const { tokenizer, metadata, back } = throughGguf(source(), vocab)
    expect(metadata['tokenizer.ggml.model']).toBe(model)
    expect((metadata['tokenizer.ggml.tokens'] as string[]).length).toBe(vocab)
    // llama.cpp writes every unknown character, where a tokenizer.json may fuse neighbours into one (fuse_unk).
    const fused = (ids: number[]) => ids.filter((id, i) => id !== tokenizer.unk || ids[i - 1] !== id)
    const read = (t: typeof back, text: string) => fused(t.encode(text, { addSpecial: true }))
    for (const text of texts) expect(read(back, text), text).toEqual(read(tokenizer, text))
    expect([back.bos, back.eos, back.pad]).toEqual([tokenizer.bos, tokenizer.eos, tokenizer.pad])
  })

  it('Qwen 2, Llama 3 and SmolLM are recognised by how they split text; others are refused by name', () => {
    const cut = (pre_tokenizer: unknown, ignore_merges = false, normalizer: unknown = null): Hf => ({
      ...demo,
      tokenizerJson: { ...demo.tokenizerJson, normalizer, pre_tokenizer, model: { ...(demo.tokenizerJson.model as Json), ignore_merges } },
    })
    const pre = (source: Hf) => throughGguf(source, 1024).metadata['tokenizer.ggml.pre']
    const split = (digits: string) => ({
      type: 'Split',
      pattern: {
        Regex: `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
      },
      behavior: 'Isolated',
      invert: false,
    })
    const bytes = (use_regex: boolean) => ({ type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex })
    const sequence = (...pretokenizers: unknown[]) => ({ type: 'Sequence', pretokenizers })
    expect(pre(demo)).toBe('gpt-2')
    expect(pre(cut(sequence(split('\\p{N}'), bytes(false)), false, { type: 'NFC' }))).toBe('qwen2')
    // Qwen's own name would compose letters and marks.
    expect(pre(cut(sequence(split('\\p{N}'), bytes(false)), false, { type: 'Sequence', normalizers: [] }))).toBe('deepseek-r1-qwen')
    expect(pre(cut(sequence(split('\\p{N}{1,3}'), bytes(false)), true))).toBe('llama-bpe')
    expect(pre(cut(sequence({ type: 'Digits', individual_digits: true }, bytes(true))))).toBe('smollm')
    expect(() => pre(cut({ type: 'Whitespace' }))).toThrow('convert_hf_to_gguf.py')
  })
})

describe('GGUF metadata as a tokenizer.json', () => {
  it('the demo gives the same ids after conversion there and back', () => {
    const { tokenizer, metadata } = throughGguf(demo, 1030)
    const { tokenizer: json, config } = hfTokenizerFiles(metadata, 1030)
    const back = createTokenizer({ kind: 'hf', tokenizerJson: json, tokenizerConfig: config }, 1030)
    for (const text of texts) expect(back.encode(text, { addSpecial: true }), text).toEqual(tokenizer.encode(text, { addSpecial: true }))
    expect(nextTokenId({ kind: 'hf', tokenizerJson: json, tokenizerConfig: config })).toBe(1024)
  })

  it.runIf(here).each(['gpt-2', 'llama-spm'])('%s: every text of the vocabulary test', async (name) => {
    const file = `${shared}/tokenizers/ggml-vocab-${name}.gguf`
    const metadata: Json = { ...(await gguf(file, { allowLocalFile: true })).metadata }
    const { tokenizer: json, config } = hfTokenizerFiles(metadata, 200_000)
    const tokenizer = createTokenizer({ kind: 'hf', tokenizerJson: json, tokenizerConfig: config }, 200_000)
    const all = readFileSync(`${file}.inp`, 'utf8').split('\n__ggml_vocab_test__\n')
    const lines = readFileSync(`${file}.out`, 'utf8').split('\n')
    const wrong = all.filter((text, i) => i < lines.length - 1 && tokenizer.encode(text).join(' ') !== lines[i]!.trim())
    expect(wrong).toEqual([])
  })
})

describe('added tokens', () => {
  const tokens = ['<hero>', '<town>']
  const sources: [string, TokenizerSource, number][] = [
    ['tokenizer.json', demo, 1024],
    ['GGUF', { kind: 'gguf', metadata: throughGguf(demo, 1024).metadata }, 1024],
    // Rows that the tokenizer does not use come first, as Hugging Face counts.
    ['GGUF with placeholders', { kind: 'gguf', metadata: throughGguf(demo, 1040).metadata }, 1040],
    ...(here ? [['SentencePiece', folder(stories), 2048] as [string, TokenizerSource, number]] : []),
  ]
  it.each(sources)('%s: read whole, after the vocabulary', (_, source, vocab) => {
    const first = nextTokenId(source)
    expect(first).toBe(vocab === 2048 ? 2048 : 1024)
    const size = Math.max(vocab, first + 2)
    const before = createTokenizer(source, vocab)
    const tokenizer = createTokenizer(withTokens(source, tokens), size)
    const ids = tokenizer.encode('Tom <town><hero> said', { addSpecial: true })
    expect(ids.filter((id) => id >= first)).toEqual([first + 1, first])
    expect(tokenizer.decode(ids, { skipSpecial: true })).toContain('<town><hero>')
    for (const text of texts) expect(tokenizer.encode(text), text).toEqual(before.encode(text))
  })

  it('tokens that exist already, or are named twice, are refused', () => {
    expect(() => withTokens(demo, ['<s>'])).toThrow('<s>, which is its token 0')
    expect(() => withTokens(demo, ['<a>', '<a>'])).toThrow('<a> twice')
  })
})
