// The tokens nearest to the vectors of a learned context.
import { expect, it } from 'vitest'
import { nearWords } from './near-words'

const table = Float32Array.of(0, 0, 3, 4, 1, 0, 0, 2, 9, 9)
const words = { vocabSize: 4, isSpecial: (id: number) => id === 0, token: (id: number) => 'abcde'[id] }

const rest = async () => undefined

it('are the nearest usable ones, the nearest first, for each class that has a context of its own', async () => {
  const near = (shape: number[], ...values: number[]) =>
    nearWords({ shape, values: Float32Array.from(values) }, table, words, ['cat', 'dog'], rest)
  const first = [
    { word: 'c', distance: 1 },
    { word: 'd', distance: 2 },
    { word: 'b', distance: 5 },
  ]
  expect(await near([1, 2], 0, 0)).toEqual([{ vectors: [first] }])
  expect(await near([2, 1, 2], 0, 0, 3, 4)).toMatchObject([
    { ofClass: 'cat', vectors: [first] },
    { ofClass: 'dog', vectors: [[{ word: 'b', distance: 0 }, {}, {}]] },
  ])
})

it('rest every few vectors, and end where the rest is refused', async () => {
  const context = { shape: [3, 3, 2], values: new Float32Array(18) }
  let rests = 0
  await nearWords(context, table, words, ['a', 'b', 'c'], async () => void rests++)
  expect(rests).toBe(3)
  const stopped = nearWords(context, table, words, ['a', 'b', 'c'], () => (++rests === 5 ? Promise.reject(new Error('stopped')) : rest()))
  await expect(stopped).rejects.toThrow('stopped')
  expect(rests).toBe(5)
})
