// The ids of a word, as the models of the tokenizers library in Rust give them (models/*/model.rs). The library in JavaScript cuts words, but
// reads what the vocabulary lacks in other ways: it has no unknown word in WordLevel and no bytes in Unigram.
import type { Tokenizer as Library } from '@huggingface/tokenizers'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { byteOfCharacter, byteToken } from './byte-text'
import { WordCache } from './word-cache'
import { checkWords, wordCutter } from './word-cuts'

type Json = Readonly<Record<string, unknown>>
type Model = NonNullable<Library['model']>
/** The ids of one word. @throws FormatError for a word that the vocabulary cannot write and that has no unknown token, and for one that is too long */
type WordIds = (word: string) => number[]

const encoder = new TextEncoder()

function noUnknown(word: string): FormatError {
  return new FormatError(
    say`tokenizer.json: expected an unknown token in its vocabulary for ${JSON.stringify(word.slice(0, 60))}, got none. Use the tokenizer.json that belongs to the model.`,
  )
}

/** The ids of the bytes of a text (`<0xE2>`); undefined if the vocabulary lacks one of them. */
function bytesOf(text: string, ids: ReadonlyMap<string, number>): number[] | undefined {
  const bytes = Array.from(encoder.encode(text), (byte) => ids.get(byteToken(byte)))
  return bytes.every((id) => id !== undefined) ? (bytes as number[]) : undefined
}

function whole({ unk_token }: Json, { tokens_to_ids: ids }: Model, special: ReadonlySet<string>): WordIds {
  const unknown = ids.get(String(unk_token ?? '<unk>'))
  return (word) => {
    checkWords([word])
    const id = (special.has(word) ? undefined : ids.get(word)) ?? unknown
    if (id === undefined) throw noUnknown(word)
    return [id]
  }
}

function wordPiece(model: Model): WordIds {
  return (word) => {
    checkWords([word])
    return model.encode([word]).map((piece) => {
      const id = model.tokens_to_ids.get(piece)
      if (id === undefined) throw noUnknown(word)
      return id
    })
  }
}

/** Pieces that the vocabulary lacks are joined if they follow each other, and written as bytes or as one unknown token. */
function unigram({ byte_fallback, unk_id }: Json, model: Model): WordIds {
  const ids = model.tokens_to_ids
  return (word) => {
    checkWords([word])
    const out: number[] = []
    let lacking = ''
    const write = (): void => {
      if (!lacking) return
      const bytes = byte_fallback ? bytesOf(lacking, ids) : undefined
      if (!bytes && typeof unk_id !== 'number') throw noUnknown(word)
      for (const id of bytes ?? [unk_id as number]) out.push(id)
      lacking = ''
    }
    for (const piece of model.encode([word])) {
      const id = ids.get(piece)
      if (id === undefined) lacking += piece
      else {
        write()
        out.push(id)
      }
    }
    write()
    return out
  }
}

/** Without an unknown token, characters that the vocabulary lacks are left out before their neighbours are merged. */
function knownLetters({ unk_token, byte_fallback, end_of_word_suffix }: Json, { tokens_to_ids: ids }: Model): (word: string) => string {
  const isComplete = [...byteOfCharacter.keys()].every((letter) => ids.has(letter))
  if (typeof unk_token === 'string' || end_of_word_suffix || isComplete) return (word) => word
  const isKnown = (letter: string): boolean => ids.has(letter) || (byte_fallback === true && bytesOf(letter, ids) !== undefined)
  return (word) => {
    const letters = Array.from(word)
    return letters.every(isKnown) || ids.has(word) ? word : letters.filter(isKnown).join('')
  }
}

function bytePairs(config: Json, model: Model): WordIds {
  const { vocab, continuing_subword_suffix, end_of_word_suffix } = config
  const ids = model.tokens_to_ids
  const known = knownLetters(config, model)
  // Words with marks at their ends must stay whole.
  const marked = Boolean(continuing_subword_suffix) || Boolean(end_of_word_suffix)
  const cut = marked ? undefined : wordCutter(() => Object.keys(vocab as Json))
  return (word) => {
    if (!cut) checkWords([word])
    const parts = cut ? cut([known(word)]) : [word]
    const out: number[] = []
    for (const token of model(parts)) {
      const id = ids.get(token) ?? model.unk_token_id
      if (id !== undefined) out.push(id)
    }
    return out
  }
}

/** Longer words seldom come again. */
const mostLetters = 256

function remembered(wordIds: WordIds): WordIds {
  const cache = new WordCache<number[]>()
  return (word) => {
    const known = cache.get(word)
    if (known) return known
    const ids = wordIds(word)
    if (word.length < mostLetters) cache.put(word, ids)
    return ids
  }
}

/** What gives the ids of a word; `special` are texts of tokens that no word becomes. */
export function wordIds(config: Json, model: Model, special: ReadonlySet<string>): WordIds {
  const listed = Array.isArray(config.vocab)
  if (config.type === 'Unigram' || listed) return remembered(unigram(config, model))
  if (config.type === 'BPE' || config.merges) return bytePairs(config, model)
  return config.type === 'WordPiece' || 'continuing_subword_prefix' in config ? remembered(wordPiece(model)) : whole(config, model, special)
}
