// Checks the merges of a byte pair encoding: pairs of tokens, either all as texts with a space between or all as lists of two.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'

type Json = Record<string, unknown>

/** The two tokens of a merge; undefined for anything else. */
function pairOf(merge: unknown): readonly [string, string] | undefined {
  const parts: unknown = typeof merge === 'string' ? merge.split(' ', 3) : merge
  if (!Array.isArray(parts) || parts.length !== 2) return undefined
  const [left, right] = parts as unknown[]
  return typeof left === 'string' && typeof right === 'string' ? [left, right] : undefined
}

/** Lines at the beginning of merges.txt, which the tokenizers library skips. */
const isVersion = (merge: unknown): boolean => typeof merge === 'string' && merge.startsWith('#version')

/** @throws FormatError for the first merge of a BPE `model` that has another form, or tokens that are not in the vocabulary */
export function checkMerges({ vocab, merges, continuing_subword_prefix: prefix }: Json): void {
  const list = merges as unknown[]
  const form = typeof list[0]
  const inside = typeof prefix === 'string' ? prefix.length : 0
  const known = (token: string): boolean => Object.hasOwn(vocab as Json, token)
  const at = list.findIndex((merge) => {
    if (isVersion(merge)) return false
    const pair = typeof merge === form ? pairOf(merge) : undefined
    return !pair || !pair.every(known) || !known(pair[0] + pair[1].slice(inside))
  })
  if (at < 0) return
  const written = JSON.stringify(list[at]).slice(0, 60)
  throw new FormatError(
    say`tokenizer.json: expected model.merges.${at} to be two tokens whose texts and joined text are in model.vocab, got ${written}. Use the tokenizer.json that belongs to the model.`,
  )
}
