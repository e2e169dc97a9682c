// SentencePiece BPE from GGUF files: a vocabulary with scores and no list of merges.
// Neighbouring pieces are merged best score first, leftmost first among equals (SentencePiece,
// src/bpe_model.cc; llama.cpp, llm_tokenizer_spm). The library's BPE ranks merges, which cannot
// say "leftmost first among different merges of equal score", so this one is written here.
import { splitterAt } from './added-token-splitter'
import type { GgufVocabulary } from './gguf-vocabulary'
import { byteOfToken, byteToken, displayBytes } from './byte-text'
import { MergeQueue } from './merge-queue'
import type { EncodeOptions, Tokenizer } from './tokenizer'
import { wordCutter } from './word-cuts'

const space = '▁'

/** A SentencePiece tokenizer from GGUF metadata (`tokenizer.ggml.model = llama`); `vocab` = rows of the model's embedding. */
export function spmTokenizer(vocabulary: GgufVocabulary, vocab: number): Tokenizer {
  const { tokens, bos, eos, unk } = vocabulary
  const special = (id: number): boolean => vocabulary.isControl(id) || vocabulary.isUnknown(id)
  // Merging must never make a control token from text, so only ordinary pieces can be merged.
  const pieces = new Map<string, number>()
  tokens.forEach((token, id) => {
    if (!special(id) && !vocabulary.isByte(id)) pieces.set(token, id)
  })
  const bytes = byteIds(vocabulary)
  const spacePrefix = vocabulary.addSpacePrefix ?? true
  const prefix = (vocabulary.addBos ?? true) && bos !== undefined ? [bos] : []
  const suffix = vocabulary.addEos && eos.length ? [eos[0]!] : []
  const cutWords = wordCutter(() => pieces.keys())
  const splitters = { plain: splitter(vocabulary, false), special: splitter(vocabulary, true) }

  const encode = (text: string, options: EncodeOptions): number[] => {
    const out: number[] = []
    let begins = !options.continues
    for (const part of options.parseSpecial ? splitters.special(text) : splitters.plain(text)) {
      if (typeof part === 'number') out.push(part)
      else
        for (const word of cutWords([((begins && spacePrefix ? ' ' : '') + part).replaceAll(' ', space)]))
          mergePieces(word, pieces, vocabulary.scores, bytes, unk, out)
      begins = typeof part === 'number'
    }
    return out
  }
  return {
    kind: 'SentencePiece BPE, GGUF',
    vocabSize: vocab,
    prefix,
    suffix,
    bos,
    eos,
    ends: eos,
    pad: vocabulary.pad,
    unk,
    encode: (text, options = {}) => (options.addSpecial ? [...prefix, ...encode(text, options), ...suffix] : encode(text, options)),
    decode: (ids, { skipSpecial = false } = {}) => decode(ids, vocabulary, skipSpecial ? special : () => false, special, spacePrefix),
    token(id) {
      const piece = tokens[id] ?? ''
      const byte = vocabulary.isByte(id) ? byteOfToken(piece) : undefined
      if (byte !== undefined) return displayBytes(Uint8Array.of(byte))
      return special(id) ? piece : piece.replaceAll(space, ' ')
    },
    isSpecial: special,
    isAdded: (id) => special(id) || vocabulary.isUserDefined(id),
  }
}

/** Merges the characters of `text` into pieces and appends their ids to `out`. */
function mergePieces(
  text: string,
  pieces: ReadonlyMap<string, number>,
  scores: ArrayLike<number> | undefined,
  bytes: readonly (number | undefined)[],
  unk: number | undefined,
  out: number[],
): void {
  const symbol = Array.from(text)
  const n = symbol.length
  const previous = Int32Array.from({ length: n }, (_, i) => i - 1)
  const next = Int32Array.from({ length: n }, (_, i) => (i + 1 < n ? i + 1 : -1))
  const queue = new MergeQueue()
  const offer = (left: number, right: number): void => {
    if (left < 0 || right < 0) return
    const merged = symbol[left]! + symbol[right]!
    const id = pieces.get(merged)
    if (id !== undefined) queue.push({ left, right, length: merged.length, score: scores?.[id] ?? 0 })
  }
  for (let i = 1; i < n; i++) offer(i - 1, i)
  for (let pair = queue.pop(); pair; pair = queue.pop()) {
    const { left, right } = pair
    // One of the two has been merged already.
    if (!symbol[left] || !symbol[right] || symbol[left].length + symbol[right].length !== pair.length) continue
    symbol[left] += symbol[right]
    symbol[right] = ''
    next[left] = next[right]!
    if (next[left]! >= 0) previous[next[left]!] = left
    offer(previous[left]!, left)
    offer(left, next[left]!)
  }
  for (let i = 0; i >= 0 && i < n; i = next[i]!) {
    const id = pieces.get(symbol[i]!)
    if (id !== undefined) out.push(id)
    else pushBytes(symbol[i]!, bytes, unk, out)
  }
}

const encoder = new TextEncoder()

/** Byte fallback; a vocabulary without bytes writes its unknown token, one per character. */
function pushBytes(character: string, bytes: readonly (number | undefined)[], unk: number | undefined, out: number[]): void {
  const ids = Array.from(encoder.encode(character), (byte) => bytes[byte])
  if (ids.every((id) => id !== undefined)) out.push(...(ids as number[]))
  else if (unk !== undefined) out.push(unk)
}

function byteIds(vocabulary: GgufVocabulary): (number | undefined)[] {
  const named = new Map<string, number>()
  vocabulary.tokens.forEach((token, id) => vocabulary.isByte(id) && named.set(token, id))
  return Array.from({ length: 256 }, (_, byte) => named.get(byteToken(byte)))
}

/** Cuts text at tokens that are written out in it, longest first. User-defined tokens always count; control and unknown tokens count if `parseSpecial` is set. */
function splitter(vocabulary: GgufVocabulary, parseSpecial: boolean): (text: string) => (string | number)[] {
  const ids = new Map<string, number>()
  vocabulary.tokens.forEach((token, id) => {
    const wanted = vocabulary.isUserDefined(id) || (parseSpecial && (vocabulary.isControl(id) || vocabulary.isUnknown(id)))
    if (wanted && token) ids.set(token, id)
  })
  return splitterAt(Array.from(ids, ([content, id]) => ({ id, content })))
}

function decode(
  ids: readonly number[],
  vocabulary: GgufVocabulary,
  skip: (id: number) => boolean,
  special: (id: number) => boolean,
  spacePrefix: boolean,
): string {
  const bytes: number[] = []
  let begins = spacePrefix
  for (const id of ids) {
    const piece = vocabulary.tokens[id]
    if (piece === undefined || skip(id)) continue
    const byte = vocabulary.isByte(id) ? byteOfToken(piece) : undefined
    if (byte !== undefined) bytes.push(byte)
    else {
      const text = special(id) ? piece : piece.replaceAll(space, ' ')
      bytes.push(...encoder.encode(begins && !special(id) && text.startsWith(' ') ? text.slice(1) : text))
    }
    // Encoding puts a space before text that follows a token that was cut out.
    begins = spacePrefix && (special(id) || vocabulary.isUserDefined(id))
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
}
