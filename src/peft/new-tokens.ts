// A model whose tokenizer knows the tokens that an adapter adds to the vocabulary.
import type { Settings } from '../config/field'
import type { Method } from './method'
import type { LoadedModel } from './loaded-model'

/** The tokens that an adapter adds; none without one. */
export function tokensOf(adapter: { method: Method; settings: Settings } | undefined): readonly string[] {
  return adapter?.method.newTokens?.(adapter.settings) ?? []
}

/** `model` with a tokenizer that reads each of `tokens` as one; itself where there are none. @throws FormatError for tokens that it has */
export function withNewTokens<M extends LoadedModel>(model: M, tokens: readonly string[]): M {
  return tokens.length ? { ...model, tokenizer: model.base.tokenizerWith(tokens) } : model
}
