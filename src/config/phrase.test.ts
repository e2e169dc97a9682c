import { expect, test } from 'vitest'
import { FormatError, errorReport } from './errors'
import { type Dictionary, asWritten, say, sentence } from './phrase'

const file = 'a.gguf'
const phrase = say`${file}: expected ${say`${3} files`}, got ${1}.`

test('in English a phrase is its key with the values in place', () => {
  expect(phrase).toEqual({ key: '{0}: expected {1}, got {2}.', values: ['a.gguf', { key: '{0} files', values: [3] }, 1] })
  expect(sentence(phrase)).toBe('a.gguf: expected 3 files, got 1.')
  expect(sentence(say`Nothing varies here.`)).toBe('Nothing varies here.')
})

test('a dictionary translates sentences and their parts, and may change the order', () => {
  const german: Dictionary = { '{0}: expected {1}, got {2}.': '{2} statt {1} in {0}', '{0} files': '{0} Dateien' }
  expect(sentence(phrase, german)).toBe('1 statt 3 Dateien in a.gguf')
  expect(sentence(say`toString`, german)).toBe('toString')
})

test('placeholders inside values are not replaced', () => {
  expect(sentence(say`${'{1}'} and ${'$&'}`)).toBe('{1} and $&')
  expect(sentence(asWritten('{0} as it is'))).toBe('{0} as it is')
})

test('an error carries its phrase out of the worker', () => {
  const report = errorReport(new FormatError(phrase))
  expect(report).toEqual({ kind: 'FormatError', phrase })
  expect(errorReport(new RangeError('out of range'))).toEqual({ kind: 'Error', phrase: asWritten('out of range') })
})
