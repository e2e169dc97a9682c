// Flags of added tokens, against ids of the tokenizers library in Rust (0.23.2).
import { describe, expect, it } from 'vitest'
import { createTokenizer } from './create-tokenizer'
import golden from './testing/added-tokens.json'

const vocab = Object.fromEntries(golden.vocab.map((character, id) => [character, id]))
const model = { type: 'BPE', vocab, merges: [], fuse_unk: false, byte_fallback: false }
const opened = (shape: object, added: object[], config: Record<string, unknown> = {}) =>
  createTokenizer(
    { kind: 'hf', tokenizerJson: { added_tokens: added, decoder: null, post_processor: null, ...shape, model }, tokenizerConfig: config },
    64,
  )
const flagsOf = (bits: string) => {
  const [single_word, lstrip, rstrip, normalized] = [...bits].map((bit) => bit === '1')
  return { single_word, lstrip, rstrip, normalized }
}
const first = golden.vocab.length

describe('added tokens', () => {
  const cases = Object.entries(golden.ids).map(
    ([key, ids]) => [...key.split(' '), ids.split('/')] as [keyof typeof golden.shapes, string, string[]],
  )
  it.each(cases)('%s, single_word lstrip rstrip normalized = %s', (shape, bits, ids) => {
    for (const special of [false, true]) {
      const added = golden.contents.map((content, i) => ({ id: first + i, content, special, ...flagsOf(bits) }))
      const tokenizer = opened(golden.shapes[shape], added)
      golden.texts.forEach((text, i) => expect(tokenizer.encode(text, { parseSpecial: true }).join(' '), JSON.stringify(text)).toBe(ids[i]))
    }
  })
  it('that are special are not read in text from people; others are, with their flags', () => {
    const added = [
      { id: first, content: '<x>', special: true, lstrip: true, rstrip: true, normalized: false },
      { id: first + 1, content: 'Abc', special: false, single_word: true, normalized: false },
    ]
    const tokenizer = opened(golden.shapes.plain, added)
    const [x, abc] = [first, first + 1]
    expect(tokenizer.encode(' <x> Abc')).toEqual([...[...' <x> '].map((c) => vocab[c]), abc])
    expect(tokenizer.encode(' <x> Abc', { parseSpecial: true })).toEqual([x, abc])
    expect(tokenizer.encode('AbcA')).toEqual([...'AbcA'].map((c) => vocab[c]))
    expect([tokenizer.takesSpace?.(x), tokenizer.takesSpace?.(abc)]).toEqual([true, false])
  })
  it('have the flags of tokenizer_config.json if it differs', () => {
    const added = [{ id: first, content: '<x>', special: true, normalized: true }]
    const says = { added_tokens_decoder: { [first]: { content: '<x>', special: true, lstrip: true, normalized: false } } }
    const space = vocab['▁']
    expect(opened(golden.shapes.prepend, added).encode('a<x>', { parseSpecial: true })).toEqual([
      space,
      ...[...'a<x>'].map((c) => vocab[c]),
    ])
    expect(opened(golden.shapes.prepend, added, says).encode('a <x>', { parseSpecial: true })).toEqual([space, vocab.a, first])
    // transformers makes a new object of this class, with special tokens that are not normalised.
    expect(opened(golden.shapes.prepend, added, { tokenizer_class: 'LlamaTokenizer' }).encode('a<x>', { parseSpecial: true })).toEqual([
      space,
      vocab.a,
      first,
    ])
  })
})

describe('U+FEFF', () => {
  it('survives byte tokens, and each byte that is not text becomes one U+FFFD', () => {
    const bytes = Object.fromEntries(
      Array.from({ length: 256 }, (_, byte) => [`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, byte]),
    )
    const decoder = { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, { type: 'Fuse' }] }
    const json = { added_tokens: [], decoder, model: { type: 'BPE', vocab: bytes, merges: [], byte_fallback: true, unk_token: null } }
    const tokenizer = createTokenizer({ kind: 'hf', tokenizerJson: json, tokenizerConfig: {} }, 256)
    for (const text of ['\ufeff', '\ufeffa\ufeff', 'é\u{1f600}']) expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
    expect(tokenizer.decode([0x41, 0xff, 0xfe])).toBe('\ufffd\ufffd\ufffd')
  })
})
