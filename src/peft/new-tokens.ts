// A model whose tokenizer knows the tokens that an adapter adds to the vocabulary.
import type { Settings } from '../config/field'
import type { ModelFile } from '../formats/model-file'
import type { Method } from './method'
import { nextTokenId, withTokens } from '../tokenizer/added-tokens'
import { createTokenizer } from '../tokenizer/create-tokenizer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { LoadedModel } from './loaded-model'

/** Making a tokenizer takes a second where the vocabulary is large. */
const made = new WeakMap<ModelFile, Map<string, Tokenizer>>()

function tokenizerWith(file: ModelFile, tokens: readonly string[]): Tokenizer | undefined {
  if (!file.tokenizer) return undefined
  const known = made.get(file) ?? new Map<string, Tokenizer>()
  made.set(file, known)
  const key = JSON.stringify(tokens)
  const found = known.get(key)
  if (found) return found
  const vocab = Math.max(file.config.vocab, nextTokenId(file.tokenizer) + tokens.length)
  const tokenizer = createTokenizer(withTokens(file.tokenizer, tokens), vocab, file.special)
  known.set(key, tokenizer)
  return tokenizer
}

/** The tokens that an adapter adds; none without one. */
export function tokensOf(adapter: { method: Method; settings: Settings } | undefined): readonly string[] {
  return adapter?.method.newTokens?.(adapter.settings) ?? []
}

/** `model` with a tokenizer that reads each of `tokens` as one; itself where there are none. @throws FormatError for tokens that it has */
export function withNewTokens<M extends LoadedModel>(model: M, tokens: readonly string[]): M {
  return tokens.length ? { ...model, tokenizer: tokenizerWith(model.file, tokens) } : model
}
