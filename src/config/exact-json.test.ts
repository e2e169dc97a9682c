import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonNumber, type JsonOddities, parseJson, recordOf, stringifyJson } from './exact-json'

const oddities = (text: string): JsonOddities => {
  const found = { repeatedKeys: [], loneSurrogate: false }
  parseJson(text, found)
  return found
}

describe('exact JSON', () => {
  it.each([
    '12345678901234567890',
    '9007199254740993',
    '-12345678901234567890.5',
    '5.0',
    '1.10',
    '-0',
    '0.00000001',
    '1e5',
    '1E+2',
    '1e999',
    '-1e999',
    '5e-324',
    '7',
    '1.5',
  ])('keeps the number %s as it is written', (text) => {
    expect(stringifyJson(parseJson(text))).toBe(text)
    expect(stringifyJson(parseJson(` [ {"a": ${text} } ] `))).toBe(`[{"a":${text}}]`)
  })
  it('gives plain numbers where nothing is lost', () => {
    expect(parseJson('[0,-3,1.5,9007199254740991]')).toEqual([0, -3, 1.5, 9007199254740991])
    expect(parseJson('2.0')).toEqual(new JsonNumber('2.0'))
  })
  it('keeps the order of keys that a plain object would move', () => {
    for (const text of ['{"10":1,"9":2,"b":3}', '{"b":{"2024":1,"7":[{"1":0,"0":1}]},"a":2}', '{"__proto__":1,"a":2}'])
      expect(stringifyJson(parseJson(text))).toBe(text)
    expect(recordOf(parseJson('{"role":"user","0":1}'))).toEqual({ role: 'user', 0: 1 })
    expect(recordOf(parseJson('[1]'))).toBeUndefined()
    expect(recordOf(parseJson('1.0'))).toBeUndefined()
  })
  it('notes repeated keys and halves of surrogate pairs', () => {
    expect(oddities('{"a":1,"b":{"c":1,"c":2},"a":3}').repeatedKeys).toEqual(['c', 'a'])
    expect(parseJson('{"a":1,"b":2,"a":3}')).toEqual({ a: 3, b: 2 })
    expect(oddities('{"a":"x\\ud800y"}').loneSurrogate).toBe(true)
    expect(oddities('["\\udfff"]').loneSurrogate).toBe(true)
    expect(oddities('{"a":"\\ud83d\\ude00 😀 \\\\ud800","b":1}')).toEqual({ repeatedKeys: [], loneSurrogate: false })
  })
  it('refuses texts that JSON.parse refuses, and texts nested too deep', () => {
    expect(() => parseJson('{"a":01}')).toThrow(SyntaxError)
    expect(() => parseJson('{"a":1,}')).toThrow(SyntaxError)
    expect(() => parseJson(`${'['.repeat(9000)}${']'.repeat(9000)}`)).toThrow('nested deeper than 500 levels')
    expect(stringifyJson(parseJson(`${'['.repeat(400)}${']'.repeat(400)}`))).toHaveLength(800)
  })
  it('refuses exactly the texts that JSON.parse refuses', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '"\\u00',
      'true',
      'nul',
      '-',
      '0',
      '12',
      '.5',
      'e',
      '+',
      ' ',
      '\n',
      '\t',
      '\\',
      '\0',
    ]
    const whole = ['{"a":', '[1,', '{"a":1}', '[]', '{}', 'null', '"b\\n"', '-0.5e+3', '}', ']']
    const refuses = (act: () => unknown): boolean => {
      try {
        return (act(), false)
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError)
        return true
      }
    }
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, ...whole), { maxLength: 9 }), (parts) => {
        const text = parts.join('')
        expect(
          refuses(() => parseJson(text)),
          text,
        ).toBe(refuses(() => JSON.parse(text)))
      }),
      { numRuns: 5000 },
    )
  })
  it('refuses objects with too many keys, and is linear in its text', () => {
    const object = (keys: number) => `{${Array.from({ length: keys }, (_, i) => `"k${i}":${i}`).join(',')}}`
    expect(() => parseJson(object(11), undefined, 10)).toThrow('an object has more than 10 keys')
    expect(recordOf(parseJson(object(10), undefined, 10))).toMatchObject({ k9: 9 })
    expect(() => parseJson('['.repeat(5_000_000))).toThrow('nested deeper than 500 levels')
    expect(parseJson(`"${'\\"'.repeat(500_000)}"`)).toHaveLength(500_000)
    expect(parseJson(`"${'\\'.repeat(1_000_000)}"`)).toHaveLength(500_000)
  })
  it('agrees with JSON.parse on every value, however it is spaced', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(JSON.parse(stringifyJson(parseJson(text)))).toEqual(JSON.parse(text))
      }),
      { numRuns: 300 },
    )
  })
})
