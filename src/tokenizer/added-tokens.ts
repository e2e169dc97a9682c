// Adds tokens to a model's vocabulary: gives them ids, and writes them into the files or metadata of the tokenizer.
import { FormatError } from '../config/errors'
import { joined, say } from '../config/phrase'
import type { TokenizerSource } from '../formats/model-file'

type Json = Record<string, unknown>
type Metadata = Readonly<Record<string, unknown>>

interface AddedToken {
  id: number
  content: string
}

/** tokenizer.ggml.token_type: ordinary, added by a user, a placeholder for an id that nothing has (llama.h, enum llama_token_type). */
const [normal, userDefined, unused] = [1, 4, 5]

const ggufTokens = (metadata: Metadata) => (metadata['tokenizer.ggml.tokens'] ?? []) as readonly string[]
const ggufTypes = (metadata: Metadata) => metadata['tokenizer.ggml.token_type'] as ArrayLike<number> | undefined

const hfAdded = (json: Json) => (json.added_tokens ?? []) as readonly AddedToken[]

/** Texts with their ids, from a vocabulary by text (BPE) or by place (Unigram). */
function hfVocabulary(json: Json): Iterable<readonly [string, number]> {
  const vocab = ((json.model as Json | undefined)?.vocab ?? {}) as Record<string, number> | readonly (readonly [string, number])[]
  return Array.isArray(vocab)
    ? (vocab as readonly (readonly [string, number])[]).map(([text], id) => [text, id] as const)
    : Object.entries(vocab)
}

/** The id of the first added token: the first id after the vocabulary, as Hugging Face's `add_tokens` counts it. It may be below the embedding's last row. */
export function nextTokenId(source: TokenizerSource): number {
  let next = 0
  if (source.kind === 'hf') {
    for (const [, id] of hfVocabulary(source.tokenizerJson)) next = Math.max(next, id + 1)
    for (const { id } of hfAdded(source.tokenizerJson)) next = Math.max(next, id + 1)
    return next
  }
  // GGUF files fill the rows that the tokenizer does not use with placeholders.
  const types = ggufTypes(source.metadata)
  next = ggufTokens(source.metadata).length
  while (next > 0 && types?.[next - 1] === unused) next--
  return next
}

function idsByText(source: TokenizerSource): ReadonlyMap<string, number> {
  if (source.kind === 'hf')
    return new Map([...hfVocabulary(source.tokenizerJson), ...hfAdded(source.tokenizerJson).map((t) => [t.content, t.id] as const)])
  const types = ggufTypes(source.metadata)
  return new Map(ggufTokens(source.metadata).flatMap((text, id) => (types?.[id] === unused ? [] : [[text, id] as const])))
}

/** Those of `tokens` that the vocabulary does not have. */
export function lackingTokens(source: TokenizerSource, tokens: readonly string[]): string[] {
  const known = idsByText(source)
  return tokens.filter((token) => !known.has(token))
}

/** @throws FormatError naming tokens that are empty, twice in the list, or in the vocabulary already */
export function checkNewTokens(source: TokenizerSource, tokens: readonly string[]): void {
  const known = idsByText(source)
  const problems = tokens.flatMap((token, i) => {
    if (tokens.indexOf(token) < i) return [say`${token} twice`]
    return known.has(token) ? [say`${token}, which is its token ${known.get(token)}`] : []
  })
  if (problems.length)
    throw new FormatError(
      say`new tokens: expected tokens that the vocabulary does not have, got ${joined(problems, '; ')}. Leave these out. To train tokens that the vocabulary has, give their ids.`,
    )
}

/** tokenizer.json with tokens after its vocabulary. They are looked for in the raw text. */
export function extendedTokenizerJson(json: Json, tokens: readonly string[], first: number): Json {
  const how = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false }
  return { ...json, added_tokens: [...hfAdded(json), ...tokens.map((content, i) => ({ id: first + i, content, ...how }))] }
}

/** `values`, or `filler` if there are none, with `value` in `count` places from `first` on. */
function placed(values: ArrayLike<number> | undefined, first: number, count: number, value: number, filler: number): number[] {
  const out = values ? Array.from(values) : Array.from({ length: first }, () => filler)
  for (let i = 0; i < count; i++) out[first + i] = value
  return out
}

/** The files or metadata of a tokenizer that reads each of `tokens` as one token, with ids from `nextTokenId` on. @throws the errors of `checkNewTokens` */
export function withTokens(source: TokenizerSource, tokens: readonly string[]): TokenizerSource {
  if (!tokens.length) return source
  checkNewTokens(source, tokens)
  const first = nextTokenId(source)
  if (source.kind === 'hf') return { ...source, tokenizerJson: extendedTokenizerJson(source.tokenizerJson, tokens, first) }
  const { metadata } = source
  const texts = [...ggufTokens(metadata)]
  tokens.forEach((token, i) => (texts[first + i] = token))
  const scores = metadata['tokenizer.ggml.scores'] as ArrayLike<number> | undefined
  return {
    kind: 'gguf',
    metadata: {
      ...metadata,
      'tokenizer.ggml.tokens': texts,
      'tokenizer.ggml.token_type': placed(ggufTypes(metadata), first, tokens.length, userDefined, normal),
      ...(scores && { 'tokenizer.ggml.scores': Float32Array.from(placed(scores, first, tokens.length, 0, 0)) }),
    },
  }
}
