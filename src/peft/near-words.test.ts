// The tokens nearest to the vectors of a learned context.
import { expect, it } from 'vitest'
import { nearWords } from './near-words'

const table = Float32Array.of(0, 0, 3, 4, 1, 0, 0, 2, 9, 9)
const words = { vocabSize: 4, isSpecial: (id: number) => id === 0, token: (id: number) => 'abcde'[id] }

it('are the nearest usable ones, the nearest first, for each class that has a context of its own', () => {
  const near = (shape: number[], ...values: number[]) =>
    nearWords({ shape, values: Float32Array.from(values) }, table, words, ['cat', 'dog'])
  const first = [
    { word: 'c', distance: 1 },
    { word: 'd', distance: 2 },
    { word: 'b', distance: 5 },
  ]
  expect(near([1, 2], 0, 0)).toEqual([{ vectors: [first] }])
  expect(near([2, 1, 2], 0, 0, 3, 4)).toMatchObject([
    { ofClass: 'cat', vectors: [first] },
    { ofClass: 'dog', vectors: [[{ word: 'b', distance: 0 }, {}, {}]] },
  ])
})
