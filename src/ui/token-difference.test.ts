import { expect, it } from 'vitest'
import { chanceInOther, tokenDifference, tokenTexts } from './token-difference'

const split = (text: string) => text.split('')
const marked = (own: string, other: string) => {
  const { first, only } = tokenDifference(split(own), split(other))
  return [first, [...only].map((place) => own[place]).join('')]
}

it('the first token that differs, and those that the other answer does not have', () => {
  expect(marked('abc', 'abc')).toEqual([undefined, ''])
  expect(marked('abXcd', 'abcd')).toEqual([2, 'X'])
  expect(marked('abcd', 'abXcd')).toEqual([2, ''])
  expect(marked('ab', 'abc')).toEqual([2, ''])
  expect(marked('abc', 'ab')).toEqual([2, 'c'])
  expect(marked('aXbYc', 'aZbWc')).toEqual([1, 'XY'])
  expect(marked('', 'a')).toEqual([0, ''])
})

it('answers that are too long to compare differ everywhere between their ends', () => {
  const [own, other] = [`a${'x'.repeat(500)}z`, `a${'y'.repeat(500)}z`]
  expect(tokenDifference(split(own), split(other)).only.size).toBe(500)
})

it('what the other model held of a token is known as long as both have the same tokens before it', () => {
  const of = (text: string, chances: number[], alternatives = chances.map(() => [{ text: 'y', probability: 0.25 }])) => ({
    text,
    pieces: { lengths: split(text).map(() => 1), probabilities: chances, alternatives },
  })
  const [own, other] = [of('aby', [0.5, 0.6, 0.7]), of('abz', [0.1, 0.2, 0.3])]
  const difference = tokenDifference(tokenTexts(own), tokenTexts(other))
  expect([0, 1, 2, 3].map((at) => chanceInOther(own, other, difference, at))).toEqual([0.1, 0.2, 0.25, undefined])
  expect(chanceInOther(of('abx', [1, 1, 1]), other, difference, 2)).toBeUndefined()
})
