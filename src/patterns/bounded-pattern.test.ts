// Patterns that match as JavaScript's own do, and end.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UnsupportedError } from '../config/errors'
import { BoundedPattern } from './bounded-pattern'
import { refusedIn } from '../tokenizer/file-patterns'
import { safePatterns } from '../tokenizer/safe-patterns'

const bounded = (source: string, before?: { steps: number; perCharacter: number }) =>
  new BoundedPattern(source, refusedIn('pre_tokenizer'), { before })
/** The pieces that a string's methods make with a pattern, as the library calls them. */
function outcomes(text: string, pattern: RegExp | BoundedPattern) {
  const regex = pattern as RegExp
  return {
    all: Array.from(text.matchAll(regex), (m) => [m[0], m.index]),
    match: text.match(regex),
    split: text.split(regex).filter((piece) => piece),
    replaced: text.replaceAll(regex, '-'),
  }
}
/** What a BoundedPattern makes, with failures remembered after some steps and from the first step. */
const ours = (source: string, text: string) =>
  [undefined, { steps: 0, perCharacter: 0 }].map((before) => outcomes(text, bounded(source, before)))
const theirs = (source: string, text: string) => [1, 2].map(() => outcomes(text, new RegExp(source, 'gu')))

const text = "I'll say: “Ça va?” — it's 12345.678 €, 你好 hello\r\n\r\n  \t x = y_1*2; 👍🏽 \u0301 a\ud800b   "

describe('matches as RegExp does', () => {
  it.each(safePatterns.filter((source) => !source.includes('(?i:')))('%s', (source) => {
    expect(ours(source, text)).toEqual(theirs(source, text))
  })
  it.each([
    '',
    'a*',
    '(?:a|ab)(?:c|bcd)?',
    '(?:a?)*b',
    '(?:|a)+',
    '(?:a*)*',
    '\\d{1,3}(?=(?:\\d{3})*\\b)',
    '[a-z]+?\\b',
    '(?<=\\p{L})\\p{N}|(?<!\\s)\\s',
    '^.|.$|\\B[^\\w\\s]',
    '(?:[a-z]+)+[0-9]',
    '[^]{2,5}?',
    '\\u{1F44D}|\\ud83d\\udc4d|\\x61',
    '[\\]\\-a-f]+|[^\\p{Script=Han}]',
  ])('%s', (source) => {
    expect(ours(source, text)).toEqual(theirs(source, text))
  })

  it('takes an empty way that stands first, as Rust does and JavaScript does not', () => {
    expect('a'.match(bounded('(?:|a)?'))).toEqual(['', ''])
  })

  it('leaves groups out of what it splits', () => {
    expect('xaby'.split(bounded('(?<one>a)(b)'))).toEqual(['x', 'y'])
    expect(outcomes('xaby', bounded('(a)')).replaced).toBe('x-by')
  })

  it('whatever the pattern and the text', () => {
    const set = fc.constantFrom('a', 'b', '[ab]', '\\s', '\\p{L}', '[^a]', '.', '👍', '\\S')
    const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
      pattern: fc
        .array(fc.array(tie('piece'), { maxLength: 3 }), { minLength: 1, maxLength: 3 })
        .map((options) => options.map((pieces) => pieces.join('')).join('|')),
      piece: fc.oneof(
        { depthSize: 'small', maxDepth: 4 },
        set,
        fc.tuple(set, fc.constantFrom('*', '+', '?', '*?', '+?', '??', '{2}', '{0,2}', '{1,}?')).map((parts) => parts.join('')),
        fc.constantFrom('(?=a)', '(?!\\s)', '(?<=b)', '(?<!a)', '\\b', '\\B', '^', '$'),
        tie('pattern').map((inside) => `(?:${inside})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '*?', '{2}', '{0,2}?'))
          .map(([inside, count]) => `(?:a(?:${inside})|${inside ? 'b' : ' '})${count}`),
        tie('pattern').map((inside) => `(?=${inside})`),
        tie('pattern').map((inside) => `(?!${inside})`),
      ),
    }))
    const words = fc.array(fc.constantFrom('a', 'b', ' ', 'ab', '\ud83d', '\n', 'é'), { maxLength: 12 }).map((w) => w.join(''))
    const all = () =>
      fc.assert(
        fc.property(pattern, words, (source, within) => void expect(ours(source, within)).toEqual(theirs(source, within))),
        { numRuns: Number(process.env.MUTANTS ?? 500) },
      )
    expect(all).not.toThrow()
  }, 600_000)
})

describe('ends', () => {
  it.each([
    ['(?:[a-z]+)+[0-9]', 20_000],
    ['(a|aa)+$', 20_000],
    ['(?:a|a)*b', 20_000],
    ['a*a*a*a*b', 20_000],
    ['a*b', 20_000],
    ['(?:a?){30}a{30}b', 20_000],
    ['(?:.*b)?', 20_000],
    ['(?:(?:a*)*)*b', 20_000],
    ['(?:a|b|ab)*?c', 20_000],
    ['(?=(?:a|aa)*b)', 20_000],
  ])('%s over %i letters, in time that grows with them', (source, letters) => {
    const pattern = bounded(source)
    const started = process.cpuUsage()
    expect(Array.from(pattern[Symbol.matchAll](`${'a'.repeat(letters)}!`), (m) => m[0]).join('').length).toBeLessThanOrEqual(letters)
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000)
  })

  it('or is refused if it looks ahead to the end from everywhere', () => {
    const pattern = bounded('a(?=.*a)')
    const started = process.cpuUsage()
    expect(() => 'a'.repeat(50_000).match(pattern)).toThrow(
      'tokenizer.json: expected patterns that match quickly in pre_tokenizer, got some that take too many steps.',
    )
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000)
  })

  it.each(['(a)\\1', '(?:a{1000}){1000}', '(?<=a+)b', `${'(?:'.repeat(1000)}a${')'.repeat(1000)}`, '(?:(?:a{100}){100}){100}'])(
    'without trying: %s',
    (source) => {
      expect(() => bounded(source)).toThrow(UnsupportedError)
    },
  )
  it('in any case, if asked', () => {
    const pattern = new BoundedPattern('[a-c]é\\w', refusedIn('pre_tokenizer'), { ignoreCase: true })
    expect(outcomes('CÉx aéſ dé1', pattern).match).toEqual(outcomes('CÉx aéſ dé1', /[a-c]é\w/giu).match)
    expect([pattern.test('xBÉ_'), pattern.test('b')]).toEqual([true, false])
  })

  it('where it has nothing to repeat', () => {
    expect(outcomes('ab', bounded('(?:){999999999}|(?:(?:){9999}){9999}')).match).toEqual(['', '', ''])
  })
})
