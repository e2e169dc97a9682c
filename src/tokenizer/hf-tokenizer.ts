// Makes a tokenizer from Hugging Face's tokenizer.json and tokenizer_config.json.
import type { AddedToken } from './added-token-splitter'
import { libraryTokenizer } from './library-tokenizer'
import { checkTokenIds } from './token-ids'
import type { Tokenizer } from './tokenizer'
import { checkTokenizerConfig, checkTokenizerJson } from './tokenizer-schema'

type Json = Record<string, unknown>

/** A tokenizer from tokenizer.json and tokenizer_config.json (may be empty); `vocab` = rows of the model's embedding. */
export function hfTokenizer(json: Json, config: Json, vocab: number): Tokenizer {
  checkTokenizerJson(json)
  checkTokenizerConfig('tokenizer_config.json', config)
  checkTokenIds(json, vocab)
  const model = json.model as Json
  const added = addedTokens(json, config)
  const byText = new Map(added.map((t) => [t.content, t.id]))
  const idOf = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined
    const { vocab } = model as { vocab: Record<string, number> }
    return byText.get(text) ?? (!Array.isArray(vocab) && Object.hasOwn(vocab, text) ? vocab[text] : undefined)
  }
  const id = (key: string): number | undefined => idOf(tokenText(config[key]))
  const bos = id('bos_token')
  const eos = id('eos_token')
  // What the model writes in fact counts more than what the settings say.
  const unk = typeof model.unk_id === 'number' ? model.unk_id : (idOf(tokenText(model.unk_token)) ?? id('unk_token'))
  const options = {
    kind: `${String(model.type ?? 'BPE')}, tokenizer.json`,
    vocabSize: vocab,
    bos,
    eos: eos === undefined ? [] : [eos],
    pad: id('pad_token'),
    unk,
  }
  const read = { ...json, added_tokens: added }
  const made = libraryTokenizer(read, options)
  const prefix = forcedPrefix(config, bos, made.prefix)
  return prefix === made.prefix ? made : libraryTokenizer(read, { ...options, prefix })
}

/** Tokenizer classes that transformers rebuilds from the vocabulary. */
export const isRebuilt = (config: Json): boolean => /^(Llama|CodeLlama|Gemma)/.test(String(config.tokenizer_class ?? ''))

/** Whether the class has special tokens of its own where the settings name none. The model's ids name the same ones. */
export const hasOwnTokens = (config: Json): boolean =>
  !/^(|PreTrainedTokenizer|TokenizersBackend|Qwen2Tokenizer)(Fast)?$/.test(String(config.tokenizer_class ?? ''))

/** The added tokens with the flags that transformers gives them. tokenizer_config.json overrides the file, and rebuilt classes search special tokens in the raw text. */
function addedTokens(json: Json, config: Json): AddedToken[] {
  const inConfig = (config.added_tokens_decoder ?? {}) as Readonly<Record<string, Partial<AddedToken> | null>>
  return ((json.added_tokens ?? []) as AddedToken[]).map((token) => {
    const said = inConfig[token.id]
    const flags = said?.content === token.content ? { ...token, ...said, id: token.id } : token
    return flags.special && isRebuilt(config) ? { ...flags, normalized: false } : flags
  })
}

/** Llama and Gemma tokenizers in transformers follow add_bos_token instead of the file's post-processor. */
function forcedPrefix(config: Json, bos: number | undefined, prefix: readonly number[]): readonly number[] {
  if (!isRebuilt(config) || bos === undefined || typeof config.add_bos_token !== 'boolean') return prefix
  if (config.add_bos_token) return prefix.includes(bos) ? prefix : [bos, ...prefix]
  return prefix.includes(bos) ? prefix.filter((id) => id !== bos) : prefix
}

/** tokenizer_config.json writes a special token as text or as an object with `content`. */
export function tokenText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const content = (value as Json | null | undefined)?.content
  return typeof content === 'string' ? content : undefined
}
