// How many characters the held-out answers have, so that models with different tokenizers can be compared by perplexity per character.
import type { EvalText } from '../config/run-reports'
import { decodeContinuation } from '../tokenizer/tokenizer'
import type { RunRows } from './run-rows'

/**
 * The trained tokens of the evaluation rows at `maxLength`, as the evaluation loss counts them, and the characters (code points) that they
 * write. Special tokens, such as the end of an answer, write none. `leading`: the first token of a row is a target too.
 */
export function evalTextOf(
  { evalDataset, eval: rows }: Pick<RunRows, 'evalDataset' | 'eval'>,
  maxLength: number,
  leading = false,
): EvalText | undefined {
  const tokenizer = evalDataset.encoder?.tokenizer
  if (!rows.length || !tokenizer || tokenizer.kind === 'none') return undefined
  const out: EvalText = { tokens: 0, characters: 0 }
  for (const row of rows) {
    const { ids, trained, labels } = evalDataset.example(row, maxLength)
    const isTarget = (t: number): boolean => trained[t] === 1 && (leading || t > 0)
    const all = Array.from(labels ?? ids)
    for (let from = 0; from < all.length; from++) {
      if (!isTarget(from)) continue
      let to = from + 1
      while (to < all.length && isTarget(to)) to++
      out.tokens += to - from
      out.characters += [...decodeContinuation(tokenizer, all.slice(0, from), all.slice(from, to))].length
      from = to
    }
  }
  return out
}
