// Converts a tokenizer.json to GGUF metadata (`tokenizer.ggml.*`), so that llama.cpp makes the same tokens: byte-level BPE and SentencePiece's BPE.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { TokenizerSource } from '../formats/model-file'
import { preTokenizerNamed, writtenPreTokenizers } from './gguf-bpe'
import { byteLevelPattern } from './safe-patterns'
import { ggufKinds } from './gguf-kinds'
import type { Tokenizer } from './tokenizer'

type Json = Record<string, unknown>
type HfSource = Extract<TokenizerSource, { kind: 'hf' }>

/** tokenizer.ggml.token_type (llama.h, enum llama_token_type). */
const type = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 }

function parts(node: unknown, list: string): Json[] {
  const json = node as Json | null | undefined
  if (!json) return []
  return Array.isArray(json[list]) ? (json[list] as Json[]).flatMap((part) => parts(part, list)) : [json]
}

/** The patterns that cut text before merging, one after another; undefined if something else cuts it. */
function patternsOf(json: Json): string[] | undefined {
  const out: string[] = []
  for (const part of parts(json.pre_tokenizer, 'pretokenizers')) {
    const regex = (part.pattern as Json | undefined)?.Regex
    if (part.type === 'Split' && part.behavior === 'Isolated' && !part.invert && typeof regex === 'string') out.push(regex)
    else if (part.type === 'Digits' && part.individual_digits) out.push('\\p{N}')
    else if (part.type === 'ByteLevel' && !part.add_prefix_space) {
      if (part.use_regex !== false) out.push(byteLevelPattern)
    } else return undefined
  }
  return out
}

interface Vocabulary {
  tokens: string[]
  types: number[]
}

/** Texts and kinds of `vocab` ids; ids without a token become placeholders. */
function vocabularyOf(json: Json, vocab: number): Vocabulary {
  const tokens = Array.from({ length: vocab }, (_, id) => `[PAD${id}]`)
  const types = new Array<number>(vocab).fill(type.unused)
  const model = json.model as Json
  for (const [text, id] of Object.entries(model.vocab as Record<string, number>)) {
    tokens[id] = text
    types[id] = model.byte_fallback && /^<0x[0-9A-F]{2}>$/.test(text) ? type.byte : type.normal
  }
  for (const { id, content, special } of (json.added_tokens ?? []) as { id: number; content: string; special?: boolean }[]) {
    if (id >= vocab) continue
    tokens[id] = content
    types[id] = content === model.unk_token ? type.unknown : special ? type.control : type.userDefined
  }
  return { tokens, types }
}

const mergesOf = (json: Json) =>
  ((json.model as Json).merges as (string | [string, string])[]).map((m) =>
    typeof m === 'string' ? (m.split(' ') as [string, string]) : m,
  )

/** Scores of pieces. SentencePiece merges the pair whose piece has the best score, so the score falls with the place of the first merge that makes the piece. */
function scoresOf(json: Json, tokens: readonly string[]): Float32Array {
  const rank = new Map<string, number>()
  mergesOf(json).forEach(([left, right], i) => rank.has(left + right) || rank.set(left + right, i + 1))
  return Float32Array.from(tokens, (token) => -(rank.get(token) ?? 0))
}

/** Whether merges make every token of the vocabulary. Then it makes no difference whether a piece that is a token is merged at all. */
function mergesMakeAll(json: Json): boolean {
  const ranks = new Map<string, number>()
  mergesOf(json).forEach(([left, right], i) => ranks.has(`${left} ${right}`) || ranks.set(`${left} ${right}`, i))
  const added = new Set(((json.added_tokens ?? []) as { content: string }[]).map(({ content }) => content))
  return Object.keys((json.model as Json).vocab as Json).every((token) => {
    const parts = Array.from(token)
    while (parts.length > 1 && !added.has(token)) {
      const pairs = parts.slice(1).map((right, i) => ranks.get(`${parts[i]} ${right}`) ?? Infinity)
      const lowest = pairs.reduce((a, b) => Math.min(a, b), Infinity)
      if (lowest === Infinity) return false
      const at = pairs.indexOf(lowest)
      parts.splice(at, 2, parts[at]! + parts[at + 1]!)
    }
    return true
  })
}

function byteLevel(source: HfSource): Json {
  const json = source.tokenizerJson
  const patterns = patternsOf(json)
  const normalizers = parts(json.normalizer, 'normalizers').map(({ type }) => type)
  const named = (ignoreMerges: boolean) => patterns && preTokenizerNamed(patterns, ignoreMerges, normalizers.includes('NFC'))
  const ignoreMerges = Boolean((json.model as Json).ignore_merges)
  const pre = named(ignoreMerges) ?? (named(!ignoreMerges) && mergesMakeAll(json) ? named(!ignoreMerges) : undefined)
  // llama.cpp does not apply the NFC normalisation of Qwen and similar tokenizers.
  if (!pre || normalizers.some((type) => type !== 'NFC'))
    throw new UnsupportedError(
      say`tokenizer.json: expected text to be cut like ${writtenPreTokenizers} for a GGUF file, got another way. Merge into a folder, and convert that with llama.cpp's convert_hf_to_gguf.py.`,
    )
  return {
    'tokenizer.ggml.model': ggufKinds.byteLevel,
    'tokenizer.ggml.pre': pre,
    'tokenizer.ggml.merges': mergesOf(json).map((m) => m.join(' ')),
  }
}

function sentencePiece(source: HfSource, tokens: readonly string[]): Json {
  const json = source.tokenizerJson
  const prefixed =
    parts(json.normalizer, 'normalizers').some((n) => n.type === 'Prepend') ||
    parts(json.pre_tokenizer, 'pretokenizers').some((p) => p.type === 'Metaspace' && p.prepend_scheme !== 'never')
  return {
    'tokenizer.ggml.model': ggufKinds.sentencePiece,
    'tokenizer.ggml.pre': 'default',
    'tokenizer.ggml.scores': scoresOf(json, tokens),
    'tokenizer.ggml.add_space_prefix': prefixed,
  }
}

const isByteLevel = (json: Json) => parts(json.decoder, 'decoders').some((d) => d.type === 'ByteLevel')
const isSentencePiece = (json: Json) => parts(json.decoder, 'decoders').some((d) => d.type === 'Replace' || d.type === 'Metaspace')

/** Metadata for `vocab` = V rows of the embedding; `tokenizer` was made of the same source. @throws UnsupportedError for kinds that llama.cpp or TabTune does not support */
export function ggufTokenizerMetadata(source: HfSource, tokenizer: Tokenizer, template: string | undefined, vocab: number): Json {
  const json = source.tokenizerJson
  const kind = (json.model as Json | undefined)?.type ?? 'BPE'
  if (kind !== 'BPE' || !(isByteLevel(json) || isSentencePiece(json)))
    throw new UnsupportedError(
      say`tokenizer.json: expected byte-level BPE or SentencePiece's BPE for a GGUF file, got ${String(kind)}. Merge into a folder, and convert that with llama.cpp's convert_hf_to_gguf.py.`,
    )
  const { tokens, types } = vocabularyOf(json, vocab)
  const ids = {
    bos_token_id: tokenizer.bos,
    eos_token_id: tokenizer.eos[0],
    unknown_token_id: tokenizer.unk,
    padding_token_id: tokenizer.pad,
  }
  return {
    ...(isByteLevel(json) ? byteLevel(source) : sentencePiece(source, tokens)),
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.token_type': types,
    ...Object.fromEntries(Object.entries(ids).flatMap(([key, id]) => (id === undefined ? [] : [[`tokenizer.ggml.${key}`, id]]))),
    'tokenizer.ggml.add_bos_token': tokenizer.bos !== undefined && tokenizer.prefix.includes(tokenizer.bos),
    'tokenizer.ggml.add_eos_token': tokenizer.suffix.length > 0,
    ...(template !== undefined && { 'tokenizer.chat_template': template }),
  }
}
