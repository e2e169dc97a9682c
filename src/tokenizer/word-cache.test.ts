// The cache of words stays fast and bounded, and gives back what was put in.
import { describe, expect, it } from 'vitest'
import { libraryTokenizer } from './library-tokenizer'
import { WordCache } from './word-cache'

describe('the cache of words', () => {
  it('gives back the tokens of words, and keeps those that are used', () => {
    const cache = new WordCache()
    let forgotten = 0
    for (let i = 0; i < 200_000; i++) {
      cache.put(`${i}`, [`t${i}`])
      if (cache.get('0')?.[0] !== 't0') forgotten++
    }
    expect(forgotten).toBe(0)
    expect(cache.get('199999')).toEqual(['t199999'])
    expect(cache.get('5')).toBeUndefined()
    cache.clear()
    expect(cache.get('0')).toBeUndefined()
  })
  it('is the one that a tokenizer uses: known words are fast when there are many', () => {
    const letters = [...'abcdefghij']
    const tokenizer = libraryTokenizer(
      {
        added_tokens: [],
        model: { type: 'BPE', vocab: Object.fromEntries(letters.map((letter, id) => [letter, id])), merges: [] },
        pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'Removed', invert: false },
      },
      { kind: 'test', vocabSize: 10, eos: [] },
    )
    const words = Array.from({ length: 12_000 }, (_, i) => [...`${i}`].map((digit) => letters[Number(digit)]).join(''))
    tokenizer.encode(words.join(' '))
    const started = process.cpuUsage()
    expect(tokenizer.encode('ab '.repeat(100_000))).toHaveLength(200_000)
    // With the library's cache, ten seconds.
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000)
  })
})
