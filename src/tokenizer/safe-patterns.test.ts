// Patterns from files: those that RegExp may run, and what becomes of the others.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { UnsupportedError } from '../config/errors'
import { createTokenizer } from './create-tokenizer'
import { boundPatterns } from './file-patterns'
import { safePatterns } from './safe-patterns'
import type { Tokenizer } from './tokenizer'

type Json = Record<string, unknown>

const text = readFileSync('public/demo/tokenizer.json', 'utf8')
const demo = (): Json => JSON.parse(text) as Json
const opened = (change: Json): Tokenizer =>
  createTokenizer({ kind: 'hf', tokenizerJson: { ...demo(), ...change }, tokenizerConfig: {} }, 1024)
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }
const cutAt = (Regex: string): Json => ({
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [{ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false }, byteLevel],
  },
})

describe('patterns that RegExp runs', () => {
  const hostile = ['a', 'A', '中', ' ', '\t', '\n', '\r', '1', '!', '\u0301', '👍', "'", ' a', 'A中', ' \n', '! ', "'S", '中A1', '\ud800']
  it('take a time that grows with the text only', () => {
    for (const source of safePatterns) {
      const pattern = new RegExp(source.replaceAll("(?i:'s|'t|'re|'ve|'m|'ll|'d)", "(?:'[sS]|'[tT]|'[rR][eE])"), 'gu')
      for (const letters of hostile) {
        const long = letters.repeat(100_000 / letters.length)
        const started = process.cpuUsage()
        long.match(pattern)
        expect(process.cpuUsage(started).user / 1000, `${source} on ${JSON.stringify(letters)}`).toBeLessThan(1000)
      }
    }
  })
})

describe('other patterns', () => {
  it('cut text as RegExp does', () => {
    const words = "Don't  cut 12345 words,\nor DO. Ça!"
    const ways = (Regex: string) => opened(cutAt(Regex)).encode(words)
    // The same pattern in another group is not among the safe ones.
    for (const source of safePatterns) expect(ways(`(?:${source})`), source).toEqual(ways(source))
  })

  it.each<[string, Json]>([
    ['pre_tokenizer', cutAt('(?:[a-z]+)+[0-9]')],
    ['pre_tokenizer', cutAt('(a|b|ab)*c')],
    ['normalizer', { normalizer: { type: 'Replace', pattern: { Regex: '(?:[a-z]|[a-f])+$(?!\\n)1' }, content: '' } }],
    ['pre_tokenizer', { pre_tokenizer: { type: 'Replace', pattern: { Regex: '(?:a|a)*(?:a|a)*b' }, content: '' } }],
  ])('that would backtrack for ever end soon in %s', (_, change) => {
    const tokenizer = opened(change)
    const started = process.cpuUsage()
    expect(tokenizer.encode(`${'abcdefghijklmnopqrstuvwxyzabcdef'.repeat(100)} `).length).toBeGreaterThan(1)
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000)
  })

  it('end soon in the decoder too', () => {
    const tokenizer = opened({
      decoder: {
        type: 'Sequence',
        decoders: [{ type: 'Fuse' }, { type: 'Replace', pattern: { Regex: '(?:[a-z]+)+[0-9]' }, content: '' }],
      },
    })
    expect(tokenizer.decode(tokenizer.encode('a'.repeat(1000)))).toBe('a'.repeat(1000))
  })

  it.each<[name: string, pattern: string, words: string]>([
    ['a reference', '(a)\\1', 'expected patterns without references to groups in pre_tokenizer, got others.'],
    ['a large count', 'a{2,5000}', 'expected shorter patterns with smaller counts in pre_tokenizer'],
    ['a long pattern', 'a'.repeat(5000), 'a Regex of at most 4096 characters'],
    ['half a group', '(', 'cannot be opened'],
  ])('%s is refused', (_, pattern, words) => {
    expect(() => opened(cutAt(pattern))).toThrow(words)
    expect(() => opened(cutAt(pattern))).toThrow(/^tokenizer\.json: expected .*, got .*\. Use the tokenizer\.json/)
  })

  it('a text on which one takes too many steps is refused', () => {
    const tokenizer = opened(cutAt('a(?=.*a)'))
    expect(tokenizer.encode('aaa').length).toBeGreaterThan(0)
    expect(() => tokenizer.encode('a'.repeat(100_000))).toThrow(UnsupportedError)
  })

  it('a text that is longer than the stack of a RegExp is cut', () => {
    const part = { pattern: new RegExp(safePatterns[0], 'gu') }
    const long = '中'.repeat(2 ** 24)
    expect(() => long.match(part.pattern)).toThrow(RangeError)
    boundPatterns('pre_tokenizer', part)
    expect(long.match(part.pattern)?.map((piece) => piece.length)).toEqual([2 ** 24])
  })

  it('marks that normal forms would sort for minutes are cut too', () => {
    const started = process.cpuUsage()
    for (const type of ['NFC', 'NFKD'])
      expect(opened({ normalizer: { type } }).encode('\u0301\u0323'.repeat(50_000)).length).toBeGreaterThan(9)
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(5000)
    expect(opened({ normalizer: { type: 'NFC' } }).decode(opened({ normalizer: { type: 'NFC' } }).encode('e\u0301'))).toBe('é')
  })

  it('the case of another', async () => {
    const at = new URL('../../../shared/cases/tokenizer-redos/patches.mjs', import.meta.url)
    if (!existsSync(at)) return console.warn('skipped: ../shared/cases is absent')
    const { patches, text: words } = (await import(/* @vite-ignore */ at.href)) as {
      patches: Record<string, (json: Json) => void>
      text: string
    }
    for (const patch of Object.values(patches)) {
      const json = demo()
      patch(json)
      const started = process.cpuUsage()
      expect(opened(json).encode(words.repeat(100))).toEqual(opened({}).encode(words.repeat(100)))
      expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000)
    }
  })
})
