import { expect, it } from 'vitest'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { likeliest, probabilityOf } from './sampling'
import { cutPieces, tokenPieces } from './token-pieces'

/** A vocabulary of bytes: every id is one. */
const bytes = {
  decode: (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids)),
  token: (id: number) => String.fromCharCode(id),
} as Tokenizer
const idsOf = (text: string) => [...new TextEncoder().encode(text)]

it('a text is cut into its tokens; those that are a character only together are one piece', () => {
  const ids = idsOf('aé😀b')
  const likely = ids.map((_, i) => 1 / (i + 2))
  const alternatives = ids.map((id, i) => [{ id, probability: likely[i] }])
  const pieces = tokenPieces({ tokenizer: bytes, promptIds: idsOf('é 1') }, { ids, probabilities: likely, alternatives }, 'aé😀b')
  expect(pieces?.lengths).toEqual([1, 1, 2, 1])
  const product = (from: number, to: number) => likely.slice(from, to).reduce((all, one) => all * one, 1)
  expect(pieces?.probabilities).toEqual([product(0, 1), product(1, 3), product(3, 7), product(7, 8)])
  // A token for display is that of one byte; pieces of several have none.
  expect(pieces?.alternatives).toEqual([[{ text: 'a', probability: likely[0] }], [], [], [{ text: 'b', probability: likely[7] }]])
  expect(cutPieces(pieces!, 3)).toEqual({
    lengths: [1, 1, 1],
    probabilities: pieces!.probabilities.slice(0, 3),
    alternatives: pieces!.alternatives!.slice(0, 3),
  })
  expect(cutPieces(pieces!, 0)).toEqual({ lengths: [], probabilities: [], alternatives: [] })
})

it('a character that is not whole at the end has no piece, and a text that is not that of the tokens none at all', () => {
  const [first] = idsOf('é')
  const said = (ids: number[]) => ({ ids, probabilities: [0.5, 0.5], alternatives: [] })
  expect(tokenPieces({ tokenizer: bytes, promptIds: [] }, said([97, first]), 'a')).toEqual({ lengths: [1], probabilities: [0.5] })
  expect(tokenPieces({ tokenizer: bytes, promptIds: [] }, said([97, 98]), 'ax')).toBeUndefined()
})

it('a probability is the softmax of the logits, also of large ones', () => {
  const logits = Float32Array.of(100, 99, -50, 98.5)
  const total = 1 + Math.exp(-1) + Math.exp(-150) + Math.exp(-1.5)
  expect(probabilityOf(logits, 1)).toBeCloseTo(Math.exp(-1) / total, 12)
})

it('the most likely tokens come in order, with their probabilities, and the first of equal ones first', () => {
  const logits = Float32Array.of(1, 3, 2, 3, -1)
  expect(likeliest(logits, 3).map(({ id }) => id)).toEqual([1, 3, 2])
  for (const { id, probability } of likeliest(logits, 9)) expect(probability).toBe(probabilityOf(logits, id))
  expect(likeliest(logits, 9)).toHaveLength(5)
})
