import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wordDifference } from './word-difference'

const kinds = (expected: string, given: string) =>
  wordDifference(expected, given).map(({ kind, text }) => `${{ same: ' ', extra: '+', missing: '-' }[kind]}${text}`)

it('marks words that are missing and words that are not expected, at their places', () => {
  expect(kinds('inform(name[Portal], rating[good])', 'inform(name[Portal 2], rating[poor], x)')).toEqual([
    ' inform(name[Portal',
    '+ 2',
    ' ], rating[',
    '+poor',
    '-good',
    ' ]',
    '+, x',
    ' )',
  ])
  expect(kinds('same', 'same')).toEqual([' same'])
  expect(kinds('', 'all new')).toEqual(['+all new'])
  expect(kinds('all gone', '')).toEqual(['-all gone'])
})

it('its parts are the two texts, at any length', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'bc', ' ', ',', '\n', 'é', '😀'), maxLength: 60 })
  fc.assert(
    fc.property(text, text, fc.integer({ min: 1, max: 40 }), (a, b, times) => {
      const [expected, given] = [a.repeat(times), b.repeat(times)]
      const parts = wordDifference(expected, given)
      const join = (without: string) => parts.map((part) => (part.kind === without ? '' : part.text)).join('')
      expect([join('extra'), join('missing')]).toEqual([expected, given])
    }),
    { numRuns: 60 },
  )
})
