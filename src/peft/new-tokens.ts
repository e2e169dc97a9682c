// Adds an adapter's new tokens to the tokenizer of a model.
import type { Settings } from '../config/field'
import type { Method } from './method'
import type { LoadedModel } from './loaded-model'

/** The tokens that the adapter adds to the vocabulary. */
export function tokensOf(adapter: { method: Method; settings: Settings } | undefined): readonly string[] {
  return adapter?.method.newTokens?.(adapter.settings) ?? []
}

/** `model` with a tokenizer that also knows `tokens`; unchanged without tokens. @throws FormatError for tokens that it already has */
export function withNewTokens<M extends LoadedModel>(model: M, tokens: readonly string[]): M {
  return tokens.length ? { ...model, tokenizer: model.base.tokenizerWith(tokens) } : model
}
