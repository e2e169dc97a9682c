// The text of an answer, token by token, with how likely the model held each of them to be.
import { type TokenPieces } from '../config/answered-rows'
import type { Said } from './generate'
import { type Tokenizer, decodeContinuation } from '../tokenizer/tokenizer'

/** A piece is looked at after this many earlier tokens, which is enough for spaces and characters of several tokens. */
const before = 16

/** The pieces of the first `length` characters of their text. */
export function cutPieces({ lengths, probabilities, alternatives }: TokenPieces, length: number): TokenPieces {
  const kept: number[] = []
  for (let at = 0; at < length; at += kept[kept.length - 1]) kept.push(Math.min(lengths[kept.length], length - at))
  const first = <T>(list: readonly T[]): T[] => list.slice(0, kept.length)
  return { lengths: kept, probabilities: first(probabilities), ...(alternatives && { alternatives: first(alternatives) }) }
}

interface Decoded {
  tokenizer: Tokenizer
  promptIds: readonly number[]
  skipSpecial?: boolean
}

/**
 * Cuts the answer's text into its tokens. Tokens that are a character only together are one piece, whose probability is their product.
 * undefined if the tokenizer writes the pieces otherwise than the whole `text`.
 */
export function tokenPieces(
  { tokenizer, promptIds, skipSpecial }: Decoded,
  { ids, probabilities, alternatives }: Pick<Said, 'ids' | 'probabilities' | 'alternatives'>,
  text: string,
): TokenPieces | undefined {
  const all = [...promptIds.slice(-before), ...ids]
  const offset = all.length - ids.length
  const out: TokenPieces = { lengths: [], probabilities: [], ...(alternatives.length && { alternatives: [] }) }
  let [start, likely, at] = [0, 1, 0]
  for (let i = 0; i < ids.length; i++) {
    likely *= probabilities[i]
    const context = all.slice(Math.max(0, offset + start - before), offset + start)
    const piece = decodeContinuation(tokenizer, context, ids.slice(start, i + 1), { skipSpecial })
    if (piece === '') continue
    if (!text.startsWith(piece, at)) return undefined
    out.lengths.push(piece.length)
    out.probabilities.push(likely)
    const others = start === i ? (alternatives[i] ?? []) : []
    out.alternatives?.push(others.map(({ id, probability }) => ({ text: tokenizer.token(id), probability })))
    at += piece.length
    start = i + 1
    likely = 1
  }
  return at === text.length ? out : undefined
}
