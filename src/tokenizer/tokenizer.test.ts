import { existsSync, readFileSync } from 'node:fs'
import { gguf } from '@huggingface/gguf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTokenizer } from './create-tokenizer'
import { chatTemplateOf } from './model-templates'
import { decodeContinuation } from './tokenizer'

const shared = '../shared'
const here = existsSync(`${shared}/tokenizers`)
if (!here) console.log('skipped: tokenizer goldens, since ../shared is absent')

const metadataOf = async (path: string): Promise<Record<string, unknown>> =>
  (await gguf(path, { allowLocalFile: true })).metadata as unknown as Record<string, unknown>
const tiny = () => {
  const read = (name: string) => JSON.parse(readFileSync(`${shared}/models/TinyStories-656K/${name}`, 'utf8')) as Record<string, unknown>
  return createTokenizer({ kind: 'hf', tokenizerJson: read('tokenizer.json'), tokenizerConfig: read('tokenizer_config.json') }, 2048)
}
const sentence = 'Once upon a time, there was a little girl named Lily. She loved to'

// Made with Hugging Face tokenizers 0.23.2 from the folder's tokenizer.json.
const huggingFace: [string, number[]][] = [
  ['Once upon a time, there was a little girl named Lily. She loved to', [1, 80, 147, 201, 282, 215, 286, 598, 1662, 1145, 88]],
  [' ', [1, 80, 80]],
  ['Hello', [1, 80, 1288, 67]],
  ['  two  spaces ', [1, 80, 80, 80, 1209, 80, 415, 53, 55, 368]],
  ['inform(name[X])', [1, 80, 96, 196, 65, 0, 236, 57, 0, 49, 0]],
  ['Äpfel 🦙\n\nTab\there', [1, 80, 0, 68, 255, 200, 0, 3, 3, 45, 1906, 0, 536, 57]],
  ['"Hi," said Tom.\nThe end.', [1, 80, 5, 1158, 1472, 380, 446, 183, 10]],
  ['x', [1, 80, 76]],
  ['Sara was 10 years old.', [1, 80, 1710, 115, 12, 11, 80, 77, 809, 89, 67, 555, 10]],
  [
    'One day, Tim and Mia went to the park. They saw a big, red ball!\n"Can we play?" asked Mia.',
    [1, 80, 299, 760, 661, 1844, 144, 1866, 1714, 1254, 5, 2030, 220, 1885, 1882, 877, 10],
  ],
  ['你好', [1, 80, 0]],
  ['aaaaaaaaaaaa', [1, 85, 53, 53, 53, 53, 53, 53, 53, 53, 53, 53, 53]],
]

describe.skipIf(!here)('reference ids', () => {
  for (const name of ['gpt-2', 'llama-spm']) {
    it(`${name}: every text of the vocabulary test`, async () => {
      const file = `${shared}/tokenizers/ggml-vocab-${name}.gguf`
      const tokenizer = createTokenizer({ kind: 'gguf', metadata: await metadataOf(file) }, 200_000)
      const texts = readFileSync(`${file}.inp`, 'utf8').split('\n__ggml_vocab_test__\n')
      const ids = readFileSync(`${file}.out`, 'utf8')
        .split('\n')
        .map((line) => line.split(' ').filter(Boolean).map(Number))
      let compared = 0
      texts.forEach((text, i) => {
        if (i >= ids.length - 1) return
        expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids[i])
        expect(tokenizer.decode(ids[i]!)).toBe(text)
        compared++
      })
      expect(compared).toBe(46)
    })
  }

  it('TinyStories-656K: Hugging Face ids for the folder', () => {
    const tokenizer = tiny()
    for (const [text, ids] of huggingFace) expect(tokenizer.encode(text, { addSpecial: true }), text).toEqual(ids)
    expect([tokenizer.bos, tokenizer.eos, tokenizer.pad, tokenizer.unk, tokenizer.prefix]).toEqual([1, [2], 0, 0, [1]])
  })

  it('TinyStories-656K: llama.cpp ids for the GGUF, where all scores are equal', async () => {
    const metadata = await metadataOf(`${shared}/models/TinyStories-656K-gguf/TinyStories-656K.q8_0.gguf`)
    const tokenizer = createTokenizer({ kind: 'gguf', metadata }, 2048)
    const golden = readFileSync(`${shared}/oracle/llamacpp/TinyStories-656K.q8_0.safetensors`)
    const headBytes = Number(golden.readBigUInt64LE(0))
    const head = JSON.parse(golden.toString('utf8', 8, 8 + headBytes)) as {
      ids: { data_offsets: [number, number]; shape: [number] }
      __metadata__: { prompt: string }
    }
    const ids = Array.from({ length: head.ids.shape[0] }, (_, i) => golden.readInt32LE(8 + headBytes + head.ids.data_offsets[0] + 4 * i))
    expect(ids).toHaveLength(14)
    expect(tokenizer.encode(head.__metadata__.prompt, { addSpecial: true })).toEqual(ids)
    expect(tokenizer.decode(ids, { skipSpecial: true })).toBe(sentence)
  })

  it('round trips any text, byte by byte, where the vocabulary has bytes', async () => {
    for (const name of ['gpt-2', 'llama-spm']) {
      const tokenizer = createTokenizer(
        { kind: 'gguf', metadata: await metadataOf(`${shared}/tokenizers/ggml-vocab-${name}.gguf`) },
        50_257,
      )
      const text = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((s) => !/\p{Surrogate}/u.test(s) && !s.includes('▁'))
      fc.assert(
        fc.property(text, (s) => void expect(tokenizer.decode(tokenizer.encode(s))).toBe(s)),
        { numRuns: 300 },
      )
      // Parts that continue where the last one ended give the same text as the whole.
      fc.assert(
        fc.property(
          text,
          text,
          (a, b) =>
            void expect(tokenizer.decode([...tokenizer.encode(`${a}.`), ...tokenizer.encode(b, { continues: true })])).toBe(`${a}.${b}`),
        ),
        { numRuns: 200 },
      )
    }
  })

  it('reads special tokens only where it is asked to', async () => {
    const text = `a${'<|end_story|>'}b`
    const tokenizer = tiny()
    expect(tokenizer.encode(text)).not.toContain(2)
    expect(tokenizer.encode(text, { parseSpecial: true })).toContain(2)
    const spm = createTokenizer({ kind: 'gguf', metadata: await metadataOf(`${shared}/tokenizers/ggml-vocab-llama-spm.gguf`) }, 32_000)
    expect(spm.encode('x</s>')).not.toContain(2)
    expect(spm.encode('x</s>', { parseSpecial: true })).toContain(2)
    expect(spm.decode(spm.encode('x</s>'))).toBe('x</s>')
    const gpt2 = createTokenizer({ kind: 'gguf', metadata: await metadataOf(`${shared}/tokenizers/ggml-vocab-gpt-2.gguf`) }, 50_257)
    expect(gpt2.encode('<|endoftext|>')).not.toContain(50_256)
    expect(gpt2.encode('<|endoftext|>', { parseSpecial: true })).toEqual([50_256])
  })

  it('shows single tokens as people read them', async () => {
    const gpt2 = createTokenizer({ kind: 'gguf', metadata: await metadataOf(`${shared}/tokenizers/ggml-vocab-gpt-2.gguf`) }, 50_257)
    expect(gpt2.encode(' the').map((id) => gpt2.token(id))).toEqual([' the'])
    expect(
      gpt2
        .encode('🦙')
        .map((id) => gpt2.token(id))
        .join(''),
    ).toMatch(/<0xF0>/)
    const spm = createTokenizer({ kind: 'gguf', metadata: await metadataOf(`${shared}/tokenizers/ggml-vocab-llama-spm.gguf`) }, 32_000)
    expect(spm.encode('Hello\nworld').map((id) => spm.token(id))).toEqual([' Hello', '\n', 'world'])
  })

  it('keeps the space between a prompt and what follows it', () => {
    const tokenizer = tiny()
    const prompt = tokenizer.encode('Once upon', { addSpecial: true })
    expect(decodeContinuation(tokenizer, prompt, tokenizer.encode(' a time', { continues: true }))).toBe(' a time')
  })
})

describe('a vocabulary made by hand', () => {
  const tokens = [
    '<unk>',
    '<s>',
    '</s>',
    ...Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`),
    '▁',
    'a',
    'b',
    'c',
    'ab',
    'bc',
    '▁a',
    '<tool>',
  ]
  const types = [2, 3, 3, ...Array.from({ length: 256 }, () => 6), 1, 1, 1, 1, 1, 1, 1, 4]
  const source = (scores: number[], extra: Record<string, unknown> = {}) => ({
    kind: 'gguf' as const,
    metadata: {
      'tokenizer.ggml.model': 'llama',
      'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.token_type': types,
      'tokenizer.ggml.scores': [...Array.from({ length: tokens.length - scores.length }, () => 0), ...scores],
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.ggml.unknown_token_id': 0,
      ...extra,
    },
  })
  const [a, b, c, ab, bc, spaceA] = [260, 261, 262, 263, 264, 265]

  it('merges the best score first, the leftmost among equals', () => {
    // scores of ab, bc, ▁a, <tool>
    expect(createTokenizer(source([-1, -2, -3, 0]), 300).encode('abc')).toEqual([259, ab, c])
    expect(createTokenizer(source([-2, -1, -3, 0]), 300).encode('abc')).toEqual([spaceA, bc])
    expect(createTokenizer(source([-1, -1, -1, 0]), 300).encode('abc')).toEqual([spaceA, bc])
    expect(createTokenizer(source([-1, -1, -9, 0], { 'tokenizer.ggml.add_space_prefix': false }), 300).encode('abcab')).toEqual([ab, c, ab])
  })

  it('writes bytes for what the vocabulary lacks, user-defined tokens whole, and BOS first', () => {
    const tokenizer = createTokenizer(source([-1, -1, -1, 0]), 300)
    expect(tokenizer.encode('é', { continues: true })).toEqual([3 + 0xc3, 3 + 0xa9])
    expect(tokenizer.encode('b<tool>a', { addSpecial: true })).toEqual([1, 259, b, 266, spaceA])
    expect(tokenizer.decode([1, 259, b, 266, spaceA], { skipSpecial: true })).toBe('b<tool>a')
    expect(tokenizer.encode('')).toEqual([])
    expect(a).toBe(tokens.indexOf('a'))
  })

  it('writes the unknown token if the vocabulary has no bytes', () => {
    const metadata = {
      ...source([-1, -1, -1, 0]).metadata,
      'tokenizer.ggml.tokens': tokens.map((t, i) => (i > 2 && i < 259 ? `unused${i}` : t)),
    }
    expect(createTokenizer({ kind: 'gguf', metadata }, 300).encode('é', { continues: true })).toEqual([0])
  })

  it('takes end tokens from the model’s other files too', () => {
    const tokenizer = createTokenizer(source([-1, -1, -1, 0]), 300, { eos: [2, 266, 999], pad: 5 })
    expect([tokenizer.eos, tokenizer.pad, tokenizer.bos]).toEqual([[2, 266], 5, 1])
    expect(tokenizer.isSpecial(266)).toBe(true)
  })

  it('says what is wrong', () => {
    const broken = (metadata: Record<string, unknown>) => () =>
      createTokenizer({ kind: 'gguf', metadata: { ...source([]).metadata, ...metadata } }, 300)
    expect(broken({ 'tokenizer.ggml.tokens': undefined })).toThrow(/tokens: expected a list of texts, got nothing/)
    expect(broken({ 'tokenizer.ggml.token_type': [1] })).toThrow(/token_type: expected 267 numbers, got 1 value/)
    expect(broken({ 'tokenizer.ggml.eos_token_id': 999 })).toThrow(/eos_token_id: expected an id below 267, got 999/)
    expect(broken({ 'tokenizer.ggml.model': 'bert' })).toThrow(/expected gpt2 or llama, got bert/)
    expect(broken({ 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': 'nobody', 'tokenizer.ggml.merges': [] })).toThrow(/got nobody/)
    expect(() => createTokenizer(source([]), 10)).toThrow(/expected at most 10 tokens/)
    expect(() => createTokenizer({ kind: 'hf', tokenizerJson: {}, tokenizerConfig: {} }, 10)).toThrow(/tokenizer.json: expected a "model"/)
  })
})

it.each([
  ['llama-bpe', "I'VE 12345\n\n x", ['I', "'VE", ' ', '123', '45', '\n\n', ' x']],
  ['dbrx', "I've 12345", ['I', "'ve", ' ', '123', '45']],
  ['qwen2', 'a 123\n', ['a', ' ', '1', '2', '3', '\n']],
  ['smollm', ' x12  y', [' x', '1', '2', ' ', ' y']],
  ['gpt-2', "it's 12  y", ['it', "'s", ' 12', ' ', ' y']],
])('%s cuts %j before merging', (pre, text, expected) => {
  // Every piece of the text is a token and any two neighbours merge, so what stays apart was cut before merging.
  const level = Array.from(new TextEncoder().encode(text), byteCharacter).join('')
  const tokens = new Set(Array.from({ length: 256 }, (_, byte) => byteCharacter(byte)))
  const merges = new Set<string>()
  for (let from = 0; from < level.length; from++)
    for (let to = from + 2; to <= level.length; to++) {
      tokens.add(level.slice(from, to))
      for (let cut = from + 1; cut < to; cut++) merges.add(`${level.slice(from, cut)} ${level.slice(cut, to)}`)
    }
  const metadata = {
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': pre,
    'tokenizer.ggml.tokens': [...tokens],
    'tokenizer.ggml.merges': [...merges],
  }
  const tokenizer = createTokenizer({ kind: 'gguf', metadata }, tokens.size)
  expect(tokenizer.encode(text).map((id) => tokenizer.token(id))).toEqual(expected)
})

function byteCharacter(byte: number): string {
  const printable = (b: number) => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174
  if (printable(byte)) return String.fromCodePoint(byte)
  let n = 256
  for (let b = 0; b < byte; b++) if (!printable(b)) n++
  return String.fromCodePoint(n)
}

it('finds the chat template', () => {
  const hf = (chat_template: unknown) => chatTemplateOf({ kind: 'hf', tokenizerJson: {}, tokenizerConfig: { chat_template } })
  expect(hf('x')).toBe('x')
  expect(
    hf([
      { name: 'tool_use', template: 't' },
      { name: 'default', template: 'd' },
    ]),
  ).toBe('d')
  expect(hf(undefined)).toBeUndefined()
  expect(chatTemplateOf({ kind: 'gguf', metadata: { 'tokenizer.chat_template': 'g' } })).toBe('g')
})
