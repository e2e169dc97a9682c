import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainNumber, readNumber, readerLocale, writeNumber } from './number-text'

const locales = ['en', 'en-IN', 'de', 'de-CH', 'fr', 'es', 'pt-BR', 'sv', 'ru', 'hi', 'ja', 'ar-EG', 'fa']

describe('a number in the language of who writes it', () => {
  it.each<[string, string, number]>([
    ['en', '1,000', 1000],
    ['en', '1,000.5', 1000.5],
    ['en', '12,345,678', 12_345_678],
    ['en', '1.5', 1.5],
    ['en', '1,5', 1.5],
    ['en', '0,001', 0.001],
    ['en', '1.125', 1.125],
    ['en', '.5', 0.5],
    ['en', '2e-4', 2e-4],
    ['en', '1,000e3', 1e6],
    ['en', ' 42 ', 42],
    ['en', '−3', -3],
    ['en', '1.000,5', 1000.5],
    ['en-IN', '12,34,567', 1_234_567],
    ['de', '1.000', 1000],
    ['de', '1.000,5', 1000.5],
    ['de', '1,125', 1.125],
    ['de', '0,0002', 0.0002],
    ['de', '0.0002', 0.0002],
    ['de', '1.5', 1.5],
    ['de', '1,000.5', 1000.5],
    ['fr', '1 000,5', 1000.5],
    ['fr', '1\u202f000', 1000],
    ['fr', '1\u00a0234\u00a0567,25', 1_234_567.25],
    ['de-CH', '1’000.5', 1000.5],
    ['de-CH', "1'000'000", 1_000_000],
    ['ar-EG', '١٬٠٠٠', 1000],
    ['ar-EG', '١٫٥', 1.5],
    ['hi', '1,00,000', 100_000],
  ])('%s: %s', (locale, text, value) => {
    expect(readNumber(text, locale)).toEqual({ value })
  })

  it.each<[string, string, number[]]>([
    ['de', '1,000', [1000, 1]],
    ['en', '1.000', [1000, 1]],
    ['en', '10.000', [10_000, 10]],
    ['fr', '1.000', [1000, 1]],
    ['fr', '12,000', [12_000, 12]],
    ['de-CH', '1,500', [1500, 1.5]],
    ['de-CH', '-2,500', [-2500, -2.5]],
  ])('%s: %s is not guessed', (locale, text, couldBe) => {
    expect(readNumber(text, locale)).toEqual({ couldBe })
  })

  it.each([
    '',
    'abc',
    '1,00,0',
    '1,0000,000',
    '1..5',
    '1 2',
    '12 34',
    '0x10',
    '1e',
    'Infinity',
    'NaN',
    '1e999',
    '1,000,5.5',
    '5%',
    '1.2.3',
    '--1',
    '0,000,1',
  ])('%j is no number in any of them', (text) => {
    for (const locale of locales) expect(readNumber(text, locale), locale).toEqual({ couldBe: [] })
  })

  it('is read back as the same language wrote it, with and without groups', () => {
    fc.assert(
      fc.property(fc.constantFrom(...locales), fc.double({ min: -1e9, max: 1e9, noNaN: true }), (locale, number) => {
        const reading = readNumber(writeNumber(number, locale), locale)
        expect('value' in reading && reading.value === number, writeNumber(number, locale)).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...locales), fc.integer({ min: -1e9, max: 1e9 }), (locale, number) => {
        const text = new Intl.NumberFormat(locale).format(number).replace(/[\u061c\u200e\u200f]/g, '')
        expect(readNumber(text, locale), text).toEqual({ value: number })
      }),
    )
  })

  it('keeps its digits, whatever the separators', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,4}([.,' ]\d{1,4}){0,3}$/), fc.constantFrom(...locales), (text, locale) => {
        const reading = readNumber(text, locale)
        const digits = text.replace(/\D/g, '')
        const possible = Array.from({ length: 5 }, (_, k) => Number(`${digits}e-${k}`))
        for (const value of 'value' in reading ? [reading.value] : reading.couldBe) expect(possible, text).toContain(value)
      }),
    )
  })
})

it('plain numbers are those of JSON and programs', () => {
  expect(['1000', '-0.5', '+2', '2e-4', ' 7 ', '.5', '5.'].map(plainNumber)).toEqual([1000, -0.5, 2, 2e-4, 7, 0.5, 5])
  for (const text of ['1,000', '1.000.000', '1 000', '', '0x10', '0b1', '1_000', 'Infinity', '1e999', 'NaN', '5 steps'])
    expect(plainNumber(text), text).toBeNaN()
})

it('finds a language under the names that browsers and systems use', () => {
  expect([['en-US@posix'], ['C', 'de_CH.UTF-8'], ['de-DE', 'en'], ['?'], []].map(readerLocale)).toEqual([
    'en-US',
    'de-CH',
    'de-DE',
    'en',
    'en',
  ])
})
