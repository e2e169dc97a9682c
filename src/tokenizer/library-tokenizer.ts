// A Tokenizer over @huggingface/tokenizers, from the contents of a tokenizer.json.
import { Tokenizer as Library } from '@huggingface/tokenizers'
import { FormatError, messageOf } from '../config/errors'
import { say } from '../config/phrase'
import { type AddedToken, type Piece, isNormalized, splitterAt } from './added-token-splitter'
import { boundPatterns } from './file-patterns'
import { byteOfToken, displayBytes, displayByteLevel } from './byte-text'
import { preTokenizer } from './pre-tokenizer'
import type { EncodeOptions, Tokenizer } from './tokenizer'
import { WordCache } from './word-cache'
import { wordIds } from './word-ids'

type Json = Record<string, unknown>

/** Facts beside the vocabulary, if the caller knows them. */
interface LibraryOptions {
  kind: string
  vocabSize: number
  bos?: number
  eos: readonly number[]
  pad?: number
  unk?: number
  /** Ids before and after a text; absent = those of the file's post-processor. */
  prefix?: readonly number[]
  suffix?: readonly number[]
}

/** A tokenizer from the parsed tokenizer.json `json`. Throws FormatError if it is not one. */
export function libraryTokenizer(json: Json, options: LibraryOptions): Tokenizer {
  const added = (json.added_tokens ?? []) as AddedToken[]
  const special = added.filter((t) => t.special)
  const specialIds = new Set(special.map((t) => t.id))
  const addedIds = new Set(added.map((t) => t.id))
  const spaceTakers = new Set(added.filter((t) => t.rstrip).map((t) => t.id))
  const known: Json = {
    decoder: null,
    post_processor: null,
    pre_tokenizer: null,
    normalizer: null,
    ...json,
    model: withoutSpecialMerges(json.model, new Set(special.map((t) => t.content))),
  }
  const full = open(known)
  keepBytes(full.decoder)
  const { model } = full
  if (!model) throw new FormatError(say`tokenizer.json: expected a model, got none. Use the tokenizer.json that belongs to the model.`)
  // The library knows no unknown word.
  const { type, unk_token } = known.model as Json
  if (type === 'WordLevel') model.unk_token_id = model.tokens_to_ids.get(String(unk_token ?? '<unk>'))
  if ('cache' in model) Object.assign(model, { cache: new WordCache() })
  const ordinary = added.filter((t) => !t.special)
  const beginning = waysOf(full, known.pre_tokenizer, added, ordinary)
  const continuing = waysOf(...continued(known), added, ordinary)
  const idsOf = wordIds(known.model as Json, model, new Set(special.map((t) => t.content)))
  const ids = (text: string, { parseSpecial = false, continues = false }: EncodeOptions): number[] => {
    const out: number[] = []
    let way = continues ? continuing : beginning
    const take = (piece: Piece): void => {
      if (typeof piece === 'number') out.push(piece)
      else for (const word of way.cut(piece, out.length === 0)) for (const id of idsOf(word)) out.push(id)
    }
    for (const piece of (parseSpecial ? way.all : way.ordinary).raw(text)) {
      if (typeof piece === 'string') (parseSpecial ? way.all : way.ordinary).normalized(piece).forEach(take)
      else take(piece)
      // Only the text up to the first special token continues the text before. Text after a special token starts again.
      if (typeof piece === 'number' && specialIds.has(piece)) way = beginning
    }
    return out
  }
  const around = affixes(full)
  const prefix = options.prefix ?? around.prefix
  const suffix = options.suffix ?? around.suffix
  const byteLevel = mentions(json.decoder, 'ByteLevel')
  return {
    ...options,
    ends: options.eos,
    prefix,
    suffix,
    encode: (text, o = {}) => (o.addSpecial ? [...prefix, ...ids(text, o), ...suffix] : ids(text, o)),
    decode(list, { skipSpecial = false } = {}) {
      const real = list.filter((id) => full.id_to_token(id) !== undefined && !(skipSpecial && specialIds.has(id)))
      return real.length ? full.decode(real, { clean_up_tokenization_spaces: false }) : ''
    },
    token(id) {
      const piece = full.id_to_token(id)
      if (piece === undefined) return ''
      if (specialIds.has(id)) return piece
      if (byteLevel) return displayByteLevel(piece)
      const byte = byteOfToken(piece)
      return byte === undefined ? piece.replaceAll('▁', ' ') : displayBytes(Uint8Array.of(byte))
    },
    ...(type === 'WordLevel' && {
      lackingWords: (text: string) => wordsIn(text, beginning).filter((word) => idsOf(word)[0] === model.unk_token_id),
    }),
    isSpecial: (id) => specialIds.has(id),
    isAdded: (id) => addedIds.has(id),
    takesSpace: (id) => spaceTakers.has(id),
  }
}

function open(json: Json): Library {
  const library = opened(json)
  lowerByLetter(library.normalizer)
  boundPatterns('normalizer', library.normalizer)
  boundPatterns('pre_tokenizer', library.pre_tokenizer)
  boundPatterns('decoder', library.decoder)
  return library
}

function opened(json: Json): Library {
  try {
    return new Library(json, {})
  } catch (error) {
    const reason = messageOf(error)
    throw new FormatError(
      say`tokenizer.json: expected a tokenizer, got one that cannot be opened (${reason}). Use the tokenizer.json that belongs to the model.`,
    )
  }
}

/** Makes normalizers write a sigma in small letters as the tokenizers library in Rust does, which sees one letter at a time. */
function lowerByLetter(normalizer: unknown): void {
  if (typeof normalizer !== 'object' && typeof normalizer !== 'function') return
  type Part = { config?: { type?: unknown; lowercase?: unknown }; normalizers?: unknown[]; normalize(text: string): string }
  const part = normalizer as Part | null
  part?.normalizers?.forEach(lowerByLetter)
  const { type, lowercase } = part?.config ?? {}
  if (!part || (type !== 'Lowercase' && (type !== 'BertNormalizer' || lowercase === false))) return
  const normalize = part.normalize.bind(part)
  part.normalize = (text) => normalize(text.replaceAll('Σ', 'σ'))
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text of byte tokens like in the tokenizers library in Rust: U+FEFF is a character, and each byte that is not text is one U+FFFD. */
const bytesAsText = {
  decode(bytes: Uint8Array): string {
    try {
      return strict.decode(bytes)
    } catch {
      return '\ufffd'.repeat(bytes.length)
    }
  },
}

/** Makes the decoders for byte tokens, wherever they are nested, keep all bytes. */
function keepBytes(decoder: unknown): void {
  if (typeof decoder !== 'object' && typeof decoder !== 'function') return
  const part = decoder as { config?: { type?: unknown }; decoders?: unknown[]; text_decoder?: unknown } | null
  if (part?.config?.type === 'ByteFallback') part.text_decoder = bytesAsText
  part?.decoders?.forEach(keepBytes)
}

/** Cuts text at added tokens, and then into the pieces in which the model merges. */
interface Way {
  all: Splitters
  ordinary: Splitters
  /** Pieces of normalised text for the model; `first` = nothing precedes the text. */
  cut(text: string, first: boolean): string[]
}

/** Cuts the raw text, then normalises the rest and cuts that. */
interface Splitters {
  raw(text: string): Piece[]
  normalized(text: string): Piece[]
}

/**
 * Text with a joiner after every thousand marks that follow each other. Unicode's normal forms put marks in order, in time that grows with
 * the square of their number (UAX 15, section 13, Stream-Safe Text Format, which has a joiner after thirty).
 */
const streamSafe = (text: string): string => text.replaceAll(/\p{M}{1000}(?=\p{M})/gu, '$&\u034f')

function waysOf({ normalizer, pre_tokenizer }: Library, preTokenizerJson: unknown, ...sets: [AddedToken[], AddedToken[]]): Way {
  const normalize = (text: string): string => (normalizer ? normalizer(streamSafe(text)) : text)
  const [all, ordinary] = sets.map((tokens): Splitters => {
    const inNormalized = splitterAt(tokens.filter(isNormalized), ({ content }) => normalize(content))
    return { raw: splitterAt(tokens.filter((token) => !isNormalized(token))), normalized: (text) => inNormalized(normalize(text)) }
  })
  return { all, ordinary, cut: preTokenizer(preTokenizerJson, pre_tokenizer) }
}

/** Normaliser and pre-tokenizer for text that continues other text, and the pre-tokenizer's JSON. */
function continued(json: Json): [Library, unknown] {
  const pre_tokenizer = withoutPrefixSpace(json.pre_tokenizer)
  const normalizer = withoutPrefixSpace(json.normalizer)
  return [open({ ...json, added_tokens: [], normalizer, pre_tokenizer, model: { type: 'BPE', vocab: {}, merges: [] } }), pre_tokenizer]
}

/** Removes merges that would make a special token from plain text. */
function withoutSpecialMerges(model: unknown, special: ReadonlySet<string>): unknown {
  const merges = (model as Json | undefined)?.merges
  if (!Array.isArray(merges)) return model
  const result = (merge: string | string[]): string => (typeof merge === 'string' ? merge.replace(' ', '') : merge.join(''))
  return { ...(model as Json), merges: merges.filter((merge: string | string[]) => !special.has(result(merge))) }
}

function withoutPrefixSpace(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node
  const part = node as Json
  if (part.type === 'Prepend') return null
  if (part.type === 'Metaspace') return { ...part, prepend_scheme: 'never' }
  if (part.type === 'ByteLevel') return { ...part, add_prefix_space: false }
  const inside = (list: unknown): unknown[] => (list as unknown[]).map(withoutPrefixSpace).filter((x) => x !== null)
  if (Array.isArray(part.normalizers)) return { ...part, normalizers: inside(part.normalizers) }
  if (Array.isArray(part.pretokenizers)) return { ...part, pretokenizers: inside(part.pretokenizers) }
  return part
}

/** The words of a text, without the tokens in it that are written out. */
function wordsIn(text: string, { ordinary, cut }: Way): string[] {
  const normalized = ordinary.raw(text).flatMap((piece) => (typeof piece === 'string' ? ordinary.normalized(piece) : []))
  return normalized.flatMap((piece, i) => (typeof piece === 'string' ? cut(piece, i === 0) : []))
}

/** The tokens that the file's post-processor puts around a text. */
function affixes(library: Library): { prefix: number[]; suffix: number[] } {
  const [bare, all] = [false, true].map((add_special_tokens) => {
    const { ids, tokens } = library.encode('a', { add_special_tokens })
    const unknown = tokens.find((_, i) => !Number.isInteger(ids[i]))
    if (unknown === undefined) return ids
    throw new FormatError(
      say`tokenizer.json: expected tokens of the vocabulary in post_processor, got ${JSON.stringify(unknown)}. Use the tokenizer.json that belongs to the model.`,
    )
  })
  for (let start = 0; start + bare.length <= all.length; start++)
    if (bare.every((id, i) => all[start + i] === id)) return { prefix: all.slice(0, start), suffix: all.slice(start + bare.length) }
  return { prefix: [], suffix: [] }
}

function mentions(node: unknown, type: string): boolean {
  if (typeof node !== 'object' || node === null) return false
  return (node as Json).type === type || Object.values(node).some((value) => mentions(value, type))
}
