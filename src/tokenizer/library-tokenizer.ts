// A Tokenizer over @huggingface/tokenizers, from the contents of a tokenizer.json.
import { Tokenizer as Library } from '@huggingface/tokenizers'
import { FormatError } from '../config/errors'
import { byteOfToken, displayBytes, displayByteLevel } from './byte-text'
import type { EncodeOptions, Tokenizer } from './tokenizer'

type Json = Record<string, unknown>

interface AddedToken {
  id: number
  content: string
  special?: boolean
  normalized?: boolean
}

/** What stands beside the vocabulary, where the caller knows it. */
export interface LibraryOptions {
  kind: string
  vocabSize: number
  bos?: number
  eos: readonly number[]
  pad?: number
  unk?: number
  /** Ids in front and behind; absent = as the file's post-processor has it. */
  prefix?: readonly number[]
  suffix?: readonly number[]
}

/** A tokenizer from the parsed tokenizer.json `json`; throws FormatError where it is none. */
export function libraryTokenizer(json: Json, options: LibraryOptions): Tokenizer {
  const added = (json.added_tokens ?? []) as AddedToken[]
  const special = added.filter((t) => t.special)
  const specialIds = new Set(special.map((t) => t.id))
  const known: Json = {
    decoder: null,
    post_processor: null,
    pre_tokenizer: null,
    normalizer: null,
    ...json,
    // Special tokens are looked for in the text as it stands; `normalized` would hide them behind a prefix space.
    added_tokens: added.map((t) => (t.special ? { ...t, normalized: false } : t)),
    model: withoutSpecialMerges(json.model, new Set(special.map((t) => t.content))),
  }
  const full = open(known)
  keepBytes(full.decoder)
  if (!full.model) throw new FormatError(`tokenizer.json: expected a model, got none. Use the tokenizer.json that belongs to the model.`)
  const plain = { first: sharing(full, known, false), on: sharing(full, known, true) }
  const specialText = special.length ? new RegExp(special.map((t) => escaped(t.content)).join('|'), 'u') : undefined
  const ids = (text: string, { parseSpecial = false, continues = false }: EncodeOptions): number[] => {
    if (text === '') return []
    if (!parseSpecial) return encoded(continues ? plain.on : plain.first, text)
    if (!continues) return encoded(full, text)
    // Only the text up to the first special token goes on; what comes after one begins anew.
    const at = specialText ? text.search(specialText) : -1
    if (at < 0) return encoded(plain.on, text)
    return [...(at ? encoded(plain.on, text.slice(0, at)) : []), ...encoded(full, text.slice(at))]
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
    isSpecial: (id) => specialIds.has(id),
  }
}

function open(json: Json): Library {
  try {
    return new Library(json, {})
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new FormatError(
      `tokenizer.json: expected a tokenizer, got one that cannot be opened (${reason}). Use the tokenizer.json that belongs to the model.`,
    )
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text of byte tokens as the tokenizers library in Rust has it: U+FEFF is a character, and of bytes that are no text each is one U+FFFD. */
const bytesAsText = {
  decode(bytes: Uint8Array): string {
    try {
      return strict.decode(bytes)
    } catch {
      return '\ufffd'.repeat(bytes.length)
    }
  },
}

/** Has the decoders for byte tokens, wherever they stand, drop nothing. */
function keepBytes(decoder: unknown): void {
  if (typeof decoder !== 'object' && typeof decoder !== 'function') return
  const part = decoder as { config?: { type?: unknown }; decoders?: unknown[]; text_decoder?: unknown } | null
  if (part?.config?.type === 'ByteFallback') part.text_decoder = bytesAsText
  part?.decoders?.forEach(keepBytes)
}

function encoded(library: Library, text: string): number[] {
  return library.encode(text, { add_special_tokens: false }).ids.filter((id) => id !== undefined)
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The same vocabulary blind to special tokens; the model, which is the large part, is shared. */
function sharing(full: Library, json: Json, continues: boolean): Library {
  const added = (json.added_tokens as AddedToken[]).filter((t) => !t.special)
  const library = open({
    ...json,
    added_tokens: added,
    normalizer: continues ? withoutPrefixSpace(json.normalizer) : json.normalizer,
    pre_tokenizer: continues ? withoutPrefixSpace(json.pre_tokenizer) : json.pre_tokenizer,
    model: { type: 'BPE', vocab: {}, merges: [] },
  })
  library.model = full.model
  return library
}

/** Merges that would put a special token together from plain text are taken out. */
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

/** What the file's post-processor puts around a text. */
function affixes(library: Library): { prefix: number[]; suffix: number[] } {
  const bare = library.encode('a', { add_special_tokens: false }).ids
  const all = library.encode('a', { add_special_tokens: true }).ids
  for (let start = 0; start + bare.length <= all.length; start++)
    if (bare.every((id, i) => all[start + i] === id)) return { prefix: all.slice(0, start), suffix: all.slice(start + bare.length) }
  return { prefix: [], suffix: [] }
}

function mentions(node: unknown, type: string): boolean {
  if (typeof node !== 'object' || node === null) return false
  return (node as Json).type === type || Object.values(node).some((value) => mentions(value, type))
}
