import { expect, it } from 'vitest'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { probabilityOf } from './sampling'
import { tokenPieces } from './token-pieces'

/** A vocabulary of bytes: every id is one. */
const bytes = { decode: (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids)) } as Tokenizer
const idsOf = (text: string) => [...new TextEncoder().encode(text)]

it('a text is cut into its tokens; those that are a character only together are one piece', () => {
  const ids = idsOf('aé😀b')
  const likely = ids.map((_, i) => 1 / (i + 2))
  const pieces = tokenPieces({ tokenizer: bytes, promptIds: idsOf('é 1') }, ids, likely, 'aé😀b')
  expect(pieces?.lengths).toEqual([1, 1, 2, 1])
  const product = (from: number, to: number) => likely.slice(from, to).reduce((all, one) => all * one, 1)
  expect(pieces?.probabilities).toEqual([product(0, 1), product(1, 3), product(3, 7), product(7, 8)])
})

it('a character that is not whole at the end has no piece, and a text that is not that of the tokens none at all', () => {
  const [first] = idsOf('é')
  expect(tokenPieces({ tokenizer: bytes, promptIds: [] }, [97, first], [0.5, 0.5], 'a')).toEqual({ lengths: [1], probabilities: [0.5] })
  expect(tokenPieces({ tokenizer: bytes, promptIds: [] }, [97, 98], [0.5, 0.5], 'ax')).toBeUndefined()
})

it('a probability is the softmax of the logits, also of large ones', () => {
  const logits = Float32Array.of(100, 99, -50, 98.5)
  const total = 1 + Math.exp(-1) + Math.exp(-150) + Math.exp(-1.5)
  expect(probabilityOf(logits, 1)).toBeCloseTo(Math.exp(-1) / total, 12)
})
