import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError, UnsupportedError } from '../config/errors'
import { createTokenizer } from './create-tokenizer'
import type { Tokenizer } from './tokenizer'

type Json = Record<string, unknown>
interface Demo extends Json {
  model: Json & { vocab: Record<string, unknown>; merges: unknown[] }
  added_tokens: Json[]
  post_processor: Json & { single: unknown[] }
}

const text = readFileSync('public/demo/tokenizer.json', 'utf8')
const vocab = 1024
const demo = (): Demo => JSON.parse(text) as Demo
const opened = (json: unknown, config: unknown = {}): Tokenizer =>
  createTokenizer({ kind: 'hf', tokenizerJson: json as Json, tokenizerConfig: config as Json }, vocab)
const changed = (change: (json: Demo) => void) => () => {
  const json = demo()
  change(json)
  return opened(json)
}
const doubling = (count: number) => ({
  type: 'Sequence',
  normalizers: Array.from({ length: count }, () => ({ type: 'Replace', pattern: { String: 'a' }, content: 'aa' })),
})

describe('a tokenizer.json of other types', () => {
  it.each<[string, (json: Demo) => void, string]>([
    ['a merge that is a number', (j) => void (j.model.merges[0] = 5), 'expected model.merges.0 to be two tokens'],
    ['added_tokens as an object', (j) => Object.assign(j, { added_tokens: {} }), 'expected added_tokens to be a list, got an object.'],
    [
      'the content of an added token as a number',
      (j) => void (j.added_tokens[0].content = 7),
      'expected added_tokens.0.content to be text, got 7.',
    ],
    [
      'a template as a number',
      (j) => Object.assign(j.post_processor, { single: 3 }),
      'expected post_processor.single to be a list, got 3.',
    ],
    ['a template with null', (j) => void (j.post_processor.single[0] = null), 'expected post_processor.single.0 to be a SpecialToken'],
    ['no vocabulary', (j) => Reflect.deleteProperty(j.model, 'vocab'), 'expected a "model.vocab", got none.'],
    ['an empty vocabulary', (j) => Object.assign(j.model, { vocab: {} }), 'expected model.vocab to be an object with at least one token'],
    ['a merge of three', (j) => void (j.model.merges[9] = ['a', 'b', 'c']), 'expected model.merges.9 to be two tokens'],
    ['a merge of tokens that are not there', (j) => void (j.model.merges[8] = ['Q', '§§']), 'got ["Q","§§"].'],
    ['a merge written in another way', (j) => void (j.model.merges[7] = 'h e'), 'expected model.merges.7 to be two tokens'],
    ['merges as text', (j) => Object.assign(j.model, { merges: 'h e' }), 'expected model.merges to be a list of merges, got "h e".'],
    [
      'an unknown model',
      (j) => void (j.model.type = 'bpe'),
      'expected model.type to be one of BPE, WordPiece, WordLevel, Unigram, got "bpe".',
    ],
    ['an unknown normalizer', (j) => void (j.normalizer = { type: 'Upper' }), 'expected normalizer'],
    ['a normalizer as text', (j) => void (j.normalizer = 'NFC'), 'expected normalizer to be an object of a type among'],
    ['a flag as text', (j) => void (j.added_tokens[1].special = 'yes'), 'expected added_tokens.1.special to be true or false, got "yes".'],
    ['a decoder without its parts', (j) => void (j.decoder = { type: 'Sequence' }), 'expected a "decoder.decoders", got none.'],
    ['null among parts', (j) => void (j.decoder = { type: 'Sequence', decoders: [null] }), 'expected decoder.decoders.0 to be an object'],
    [
      'a length of nought',
      (j) => void (j.pre_tokenizer = { type: 'FixedLength', length: 0 }),
      'pre_tokenizer.length to be a whole number from 1',
    ],
    [
      'a template without the text',
      (j) => void j.post_processor.single.pop(),
      'expected post_processor.single to be a list with one Sequence',
    ],
    [
      'a token around the text that nobody knows',
      (j) => void (j.post_processor.single[0] = { SpecialToken: { id: '<start>', type_id: 0 } }),
      'expected tokens of the vocabulary in post_processor, got "<start>".',
    ],
    ['parts that double a text sixty times', (j) => void (j.normalizer = doubling(60)), 'at most 4096 times as long, got 1e+18 times.'],
    ['more parts than there are', (j) => void (j.normalizer = doubling(65)), 'expected normalizer.normalizers to be a list of at most 64'],
  ])('is refused: %s', (_, change, message) => {
    expect(changed(change)).toThrow(FormatError)
    expect(changed(change)).toThrow(message)
    expect(changed(change)).toThrow(/^tokenizer\.json: expected .*, got .*\. Use the tokenizer\.json that belongs to the model\.$/s)
  })
  it('is refused if it is nested deeper than the stack', () => {
    const deep = JSON.parse(text.replace(/"decoder":\s*\{/, `"decoder":{"x":${'['.repeat(100_000)}${']'.repeat(100_000)},`)) as unknown
    expect(() => opened(deep)).toThrow('nested at most 64 deep')
    const parts = (n: number): Json => (n ? { type: 'Sequence', decoders: [parts(n - 1)] } : { type: 'Fuse' })
    expect(changed((j) => void (j.decoder = parts(40)))).toThrow('nested at most 64 deep')
  })
  it('is not refused for names that every object has', () => {
    const json = demo()
    const tokenizer = opened(json, { bos_token: 'constructor', eos_token: { content: 'toString' }, unk_token: '__proto__' })
    expect([tokenizer.bos, tokenizer.eos, tokenizer.unk]).toEqual([undefined, [], undefined])
  })
})

describe('a tokenizer_config.json of other types', () => {
  it.each<[Json, string]>([
    [{ bos_token: 5 }, 'expected bos_token to be a token as text, or an object with its content, got 5.'],
    [{ eos_token: { content: null } }, 'expected eos_token'],
    [{ add_bos_token: 'no' }, 'expected add_bos_token to be true or false, got "no".'],
    [{ tokenizer_class: ['Llama'] }, 'expected tokenizer_class to be text, got a list of 1.'],
    [{ added_tokens_decoder: [] }, 'expected added_tokens_decoder to be an object, got a list of 0.'],
    [{ added_tokens_decoder: { 0: null } }, 'to be an object, got null.'],
    [{ chat_template: [null] }, 'expected chat_template to be text, or a list of templates with their names, got a list of 1.'],
  ])('%j is refused', (config, message) => {
    expect(() => opened(demo(), config)).toThrow(FormatError)
    expect(() => opened(demo(), config)).toThrow(message)
    expect(() => opened(demo(), config)).toThrow(/^tokenizer_config\.json: /)
  })
})

describe('tokenizer metadata of a GGUF file of other types', () => {
  const metadata = {
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'gpt-2',
    'tokenizer.ggml.merges': ['a b'],
    'tokenizer.ggml.tokens': ['a', 'b', 'ab'],
    'tokenizer.ggml.token_type': [1, 1, 1],
  }
  const made = (change: Json) => () => createTokenizer({ kind: 'gguf', metadata: { ...metadata, ...change } }, 3)
  it('opens as it is', () => expect(made({})().encode('ab')).toEqual([2]))
  it.each<[Json, string]>([
    [{ 'tokenizer.ggml.merges': [1, 2] }, 'tokenizer.ggml.merges: expected a list of texts, got 2 values'],
    [{ 'tokenizer.ggml.merges': ['ab'] }, 'tokenizer.ggml.merges: expected two texts with a space between them in each, got "ab"'],
    [{ 'tokenizer.ggml.model': ['gpt2'] }, 'tokenizer.ggml.model: expected text, got 1 value'],
    [{ 'tokenizer.ggml.pre': 3 }, 'tokenizer.ggml.pre: expected text, got 3'],
    [{ 'tokenizer.ggml.token_type': [1, '1', 1] }, 'tokenizer.ggml.token_type: expected 3 numbers, got 3 values'],
    [{ 'tokenizer.ggml.add_bos_token': 1 }, 'tokenizer.ggml.add_bos_token: expected true or false, got 1'],
    [{ 'tokenizer.ggml.bos_token_id': true }, 'tokenizer.ggml.bos_token_id: expected an id below 3, got true'],
    [{ 'tokenizer.ggml.eos_token_id': 2n ** 62n }, 'tokenizer.ggml.eos_token_id: expected an id below 3, got 4611686018427387904'],
  ])('%o is refused', (change, message) => {
    expect(made(change)).toThrow(FormatError)
    expect(made(change)).toThrow(message)
  })
})

describe('vocabularies that have broken readers', () => {
  const spm = (change: Json) =>
    createTokenizer(
      {
        kind: 'gguf',
        metadata: {
          'tokenizer.ggml.model': 'llama',
          'tokenizer.ggml.tokens': ['<unk>', '<s>', '▁', 'a', '<0x41>'],
          'tokenizer.ggml.scores': Float32Array.of(0, 0, -1, -2, -3),
          'tokenizer.ggml.token_type': Int32Array.of(2, 3, 1, 1, 6),
          ...change,
        },
      },
      5,
    )
  it('opens as it is', () => expect(spm({}).decode(spm({}).encode('aA'))).toBe('aA'))
  it.each(['<0x-1>', '<0x100>', '<0xFFFFFFFF>', '<0x>', '', '<0x4'])('a byte that is none: %s', (token) => {
    const tokenizer = spm({ 'tokenizer.ggml.tokens': ['<unk>', '<s>', '▁', 'a', token] })
    expect(tokenizer.encode('aA').every((id) => id >= 0 && id < 5)).toBe(true)
    expect(typeof tokenizer.decode([4, 3])).toBe('string')
    expect(typeof tokenizer.token(4)).toBe('string')
  })
  it('scores of another type are numbers, and too few of them are refused', () => {
    expect(spm({ 'tokenizer.ggml.scores': Int8Array.of(0, 0, -1, -2, -3) }).encode('a')).toEqual([2, 3])
    expect(() => spm({ 'tokenizer.ggml.scores': Int8Array.of(1) })).toThrow('tokenizer.ggml.scores: expected 5 numbers, got 1 value')
  })
  it('scores that are not numbers still give tokens', () => {
    expect(spm({ 'tokenizer.ggml.scores': Float32Array.of(NaN, NaN, NaN, NaN, Infinity) }).encode('a a').length).toBeGreaterThan(0)
  })
  it('a token that is nearly as long as a file may be', () => {
    const long = 'a'.repeat(2 ** 22)
    expect(spm({ 'tokenizer.ggml.tokens': ['<unk>', '<s>', '▁', 'a', long] }).token(4)).toBe(long)
  })
})

describe('cases of others', () => {
  it.each([
    ['tokenizer-untyped', /^tokenizer\.json: expected .*, got .*\. Use the tokenizer\.json/],
    ['tokenizer-ids', /^tokenizer\.json: expected whole numbers from 0 to 1023 as ids.*, got .* for "\w" in model\.vocab/],
  ])('%s are refused', async (name, words) => {
    const at = new URL(`../../../shared/cases/${name}/patches.mjs`, import.meta.url)
    if (!existsSync(at)) return console.warn('skipped: ../shared/cases is absent')
    const { patches } = (await import(/* @vite-ignore */ at.href)) as { patches: Record<string, (json: Demo) => void> }
    for (const patch of Object.values(patches)) {
      expect(changed(patch)).toThrow(FormatError)
      expect(changed(patch)).toThrow(words)
    }
  })
})

/** A place in a JSON tree: at each level a share of the children. */
const place = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 7 })
const value = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e300, '', 'a', '<s>', [], {}, [null], { type: 'Sequence' }, { type: 'ByteLevel' }, '('),
  fc.jsonValue({ maxDepth: 2 }),
)
const mutation = fc.record({ place, value, how: fc.constantFrom('replace', 'delete', 'duplicate', 'swap') })
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never

/** Changes `json` at a place, as deep as that goes. */
function mutate(json: Json, { place: shares, value: put, how }: Mutation): void {
  let node: Json = json
  for (const [i, share] of shares.entries()) {
    const keys = Object.keys(node)
    if (!keys.length) return
    const key = keys[Math.floor(share * keys.length)]
    const child = node[key]
    if (i < shares.length - 1 && typeof child === 'object' && child !== null) {
      node = child as Json
      continue
    }
    if (how === 'delete' && Array.isArray(node)) node.splice(Number(key), 1)
    else if (how === 'delete') Reflect.deleteProperty(node, key)
    else if (how === 'duplicate') node[Array.isArray(node) ? String(node.length) : `${key}2`] = structuredClone(child)
    else if (how === 'swap') [node[key], node[keys[0]]] = [node[keys[0]], child]
    // A copy: a value that is put into itself would be no JSON.
    else node[key] = structuredClone(put)
    return
  }
}

describe('a tokenizer.json with random changes', () => {
  it('opens and works, or is refused in a sentence', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (changes) => {
        const json = demo()
        for (const change of changes) mutate(json, change)
        const started = process.cpuUsage()
        try {
          const tokenizer = opened(json)
          const ids = tokenizer.encode('The cat </s> sat on it, é 12.\n', { addSpecial: true, parseSpecial: true })
          expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < vocab)).toBe(true)
          expect(typeof tokenizer.decode(ids)).toBe('string')
          ids.forEach((id) => tokenizer.token(id))
        } catch (error) {
          if (!(error instanceof FormatError || error instanceof UnsupportedError)) throw error
          expect(error.message).toMatch(/expected .*, got .*\. [A-Z]/s)
        }
        expect(process.cpuUsage(started).user / 1000).toBeLessThan(2000)
      }),
      { numRuns: Number(process.env.MUTANTS ?? 200) },
    )
  }, 600_000)
})
