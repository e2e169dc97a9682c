// Where the tokens of two answers to the same prompt differ.
import type { TokenPieces } from '../config/answered-rows'
import { commonLengths, mostCompared } from './word-difference'

/** An answer with its tokens. */
export interface TokenText {
  text: string
  pieces: TokenPieces
}

export interface TokenDifference {
  /** Place of the first token that differs: the number of tokens if this answer only ends earlier; absent if the answers are the same. */
  first?: number
  /** Places of the tokens that the other answer does not have. */
  only: ReadonlySet<number>
}

/** The texts of the tokens. */
export function tokenTexts({ text, pieces }: TokenText): string[] {
  let at = 0
  return pieces.lengths.map((length) => text.slice(at, (at += length)))
}

/** What an answer has that another one does not. */
export function tokenDifference(own: readonly string[], other: readonly string[]): TokenDifference {
  const shorter = Math.min(own.length, other.length)
  let first = 0
  while (first < shorter && own[first] === other[first]) first++
  if (first === own.length && first === other.length) return { only: new Set() }
  let end = 0
  while (end < shorter - first && own[own.length - 1 - end] === other[other.length - 1 - end]) end++
  const [a, b] = [other.slice(first, other.length - end), own.slice(first, own.length - end)]
  const only = new Set<number>()
  if (a.length * b.length > mostCompared) b.forEach((_, j) => only.add(first + j))
  else {
    const [lengths, width] = [commonLengths(a, b), b.length + 1]
    let [i, j] = [0, 0]
    while (j < b.length) {
      if (i < a.length && a[i] === b[j]) [i, j] = [i + 1, j + 1]
      else if (i === a.length || lengths[i * width + j + 1] === lengths[i * width + j]) only.add(first + j++)
      else i++
    }
  }
  return { first, only }
}

/** How likely the other model held the token at a place to be, which is known up to the first token that differs; undefined otherwise. */
export function chanceInOther(own: TokenText, other: TokenText, { first }: TokenDifference, at: number): number | undefined {
  if (first === undefined || at < first) return other.pieces.probabilities[at]
  if (at > first) return undefined
  const token = tokenTexts(own)[at]
  return other.pieces.alternatives?.[at]?.find(({ text }) => text === token)?.probability
}
