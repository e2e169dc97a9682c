// Replaces the tokenizer of a model without one, so that tokenised data can still be trained on.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { Tokenizer } from './tokenizer'

/** Knows only that ids are below `vocab`; anything that needs text throws UnsupportedError. */
export function noTokenizer(vocab: number): Tokenizer {
  const refuse = (): never => {
    throw new UnsupportedError(say`tokenizer: expected tokenizer.json beside the model, got none. Add it, or use a dataset of input_ids.`)
  }
  return {
    kind: 'none',
    vocabSize: vocab,
    prefix: [],
    suffix: [],
    eos: [],
    ends: [],
    encode: refuse,
    decode: refuse,
    token: (id) => `#${id} `,
    isSpecial: () => false,
    isAdded: () => false,
  }
}
