// Cuts text into the pieces in which a model merges, as the pre-tokenizers of the tokenizers library in Rust do (pre_tokenizers/*.rs,
// tokenizer/normalizer.rs `split`). The library in JavaScript knows only some of the ways to cut at a pattern, and takes others for these.
import { wordCharacter } from './added-token-splitter'
import { byteOfCharacter } from './byte-text'
import type { Pattern } from './file-patterns'

type Json = Readonly<Record<string, unknown>>

/** What happens with the matches of a pattern. */
type Behavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous'

/** A part of the text; `begins` = nothing of the text precedes it. */
interface Piece {
  text: string
  begins: boolean
}
type Cut = (piece: Piece) => Piece[]

interface Range {
  start: number
  end: number
  matches: boolean
}

/** The matches of a pattern, and the text between them. An empty match behind another match does not count. */
function rangesOf(text: string, pattern: Pattern, invert: boolean): Range[] {
  const ranges: Range[] = []
  let done = 0
  let last = -1
  for (const { 0: found, index = 0 } of pattern[Symbol.matchAll](text)) {
    const end = index + found.length
    if (!found && index === last) continue
    if (index > done) ranges.push({ start: done, end: index, matches: invert })
    ranges.push({ start: index, end, matches: !invert })
    done = last = end
  }
  if (done < text.length) ranges.push({ start: done, end: text.length, matches: invert })
  return ranges
}

/** Joins each range to the one before it if `join` says so of the two. */
function joined(ranges: readonly Range[], join: (matches: boolean, before: boolean) => boolean): Range[] {
  const out: Range[] = []
  let before = false
  for (const range of ranges) {
    const last = out[out.length - 1]
    if (last && join(range.matches, before)) {
      last.start = Math.min(last.start, range.start)
      last.end = Math.max(last.end, range.end)
    } else out.push({ ...range })
    before = range.matches
  }
  return out
}

const afterOther = (matches: boolean, before: boolean): boolean => matches && !before

const behaviors: Readonly<Record<Exclude<Behavior, 'Isolated'>, (ranges: Range[]) => Range[]>> = {
  Removed: (ranges) => ranges.filter(({ matches }) => !matches),
  Contiguous: (ranges) => joined(ranges, (matches, before) => matches === before),
  MergedWithPrevious: (ranges) => joined(ranges, afterOther),
  MergedWithNext: (ranges) => joined([...ranges].reverse(), afterOther).reverse(),
}

function cutAt(pattern: Pattern, behavior: Behavior, invert = false): Cut {
  if (behavior === 'Isolated') return (piece) => isolated(piece, pattern)
  return ({ text, begins }) =>
    behaviors[behavior](rangesOf(text, pattern, invert))
      .filter(({ start, end }) => end > start)
      .map(({ start, end }) => ({ text: text.slice(start, end), begins: begins && start === 0 }))
}

/** Most tokenizers cut so: matches, and what is between them, are pieces alike. */
function isolated({ text, begins }: Piece, pattern: Pattern): Piece[] {
  const pieces: Piece[] = []
  let done = 0
  for (const { 0: found, index = 0 } of pattern[Symbol.matchAll](text)) {
    if (index > done) pieces.push({ text: text.slice(done, index), begins: begins && done === 0 })
    if (found) pieces.push({ text: found, begins: begins && index === 0 })
    done = index + found.length
  }
  if (done < text.length) pieces.push({ text: text.slice(done), begins: begins && done === 0 })
  return pieces
}

const inOrder =
  (cuts: readonly Cut[]): Cut =>
  (piece) =>
    cuts.reduce((pieces, cut) => pieces.flatMap(cut), [piece])

const space = /\p{White_Space}/gu
const digit = /\p{N}/gu
const word = new RegExp(wordCharacter, 'gu')
const punctuation = /[\p{P}!-/:-@[-`{-~]/gu

const encoder = new TextEncoder()
const byteCharacters: string[] = []
for (const [character, byte] of byteOfCharacter) byteCharacters[byte] = character
function asBytes(text: string): string {
  let out = ''
  for (const byte of encoder.encode(text)) out += byteCharacters[byte]
  return out
}

function byteLevel({ add_prefix_space, use_regex }: Json, pattern: Pattern): Cut {
  const words = use_regex === false ? undefined : cutAt(pattern, 'Isolated')
  return ({ text, begins }) => {
    const whole = { text: add_prefix_space && !text.startsWith(' ') ? ` ${text}` : text, begins }
    return (words?.(whole) ?? [whole]).map((piece) => ({ ...piece, text: asBytes(piece.text) }))
  }
}

function metaspace({ replacement = '▁', prepend_scheme, add_prefix_space, split }: Json): Cut {
  const mark = String(replacement)
  const scheme = add_prefix_space === false ? 'never' : (prepend_scheme ?? 'always')
  const words = split === false ? undefined : cutAt(new RegExp(mark.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'gu'), 'MergedWithNext')
  return ({ text, begins }) => {
    const marked = text.replaceAll(' ', () => mark)
    const wanted = scheme === 'always' || (scheme === 'first' && begins)
    const whole = { text: wanted && !marked.startsWith(mark) ? mark + marked : marked, begins }
    return words?.(whole) ?? [whole]
  }
}

function fixedLength(length: number): Cut {
  return ({ text, begins }) => {
    const letters = Array.from(text)
    const count = Math.ceil(letters.length / length)
    return Array.from({ length: count }, (_, i) => ({
      text: letters.slice(i * length, (i + 1) * length).join(''),
      begins: begins && i === 0,
    }))
  }
}

/** A pre-tokenizer of the library, whose patterns end (file-patterns.ts). */
interface LibraryPart {
  pattern?: Pattern
  tokenizers?: readonly LibraryPart[]
}

function cutOf(config: Json, part: LibraryPart): Cut {
  const behavior = (config.behavior ?? 'Isolated') as Behavior
  switch (config.type) {
    case 'Sequence':
      return inOrder((config.pretokenizers as Json[]).map((each, i) => cutOf(each, part.tokenizers![i]!)))
    case 'Split':
      return cutAt(part.pattern!, behavior, config.invert === true)
    case 'Punctuation':
      return cutAt(punctuation, behavior)
    case 'Digits':
      return cutAt(digit, config.individual_digits ? 'Isolated' : 'Contiguous')
    case 'WhitespaceSplit':
      return cutAt(space, 'Removed')
    case 'Whitespace':
      return inOrder([cutAt(space, 'Removed'), cutAt(word, 'Contiguous')])
    case 'BertPreTokenizer':
      return inOrder([cutAt(space, 'Removed'), cutAt(punctuation, 'Isolated')])
    case 'ByteLevel':
      return byteLevel(config, part.pattern!)
    case 'Metaspace':
      return metaspace(config)
    case 'FixedLength':
      return fixedLength(config.length as number)
    default: // Replace, which only the library in JavaScript has
      return ({ text, begins }) => [
        { text: part.pattern ? text.replaceAll(part.pattern as RegExp, config.content as string) : text, begins },
      ]
  }
}

/**
 * The function that cuts normalised text as `config`, the checked pre_tokenizer of a tokenizer.json, says; `part` is the library's object
 * for it. `first`: nothing precedes the text.
 */
export function preTokenizer(config: unknown, part: unknown): (text: string, first: boolean) => string[] {
  if (!config) return (text) => [text]
  const cut = cutOf(config as Json, part as LibraryPart)
  return (text, first) => cut({ text, begins: first }).map((piece) => piece.text)
}
