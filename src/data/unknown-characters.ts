// Characters of a dataset that the model's vocabulary cannot write: which ones, in how many rows, and in how many trained tokens.
import type { UnknownReport } from '../config/data-options'
import { stringifyJson } from '../config/exact-json'
import { type Phrase, say } from '../config/phrase'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { GrowingInts, type IntChunks } from './growing-ints'
import type { Sample } from './sample'

/** Those of a dataset at its full length. */
export interface UnknownRows extends Pick<UnknownReport, 'readAs'> {
  /** Row, character and how often it is there, for each character of each row. Rows ascend. */
  counts: IntChunks
  /** Words, if the vocabulary has whole words only. Their numbers follow those of characters. */
  words: readonly string[]
  /** The id that they are read as. */
  id?: number
}

const listed = 20
/** The number of the first word: there are as many characters. */
const firstWord = 0x110000
/** Different characters that are kept of a row. */
const mostInRow = 4096
const invisible = /^[\p{C}\p{Z}\p{M}]/u
const [notSeen, written, lost] = [0, 1, 2]

export class UnknownCharacters {
  private readonly tokenizer: Tokenizer
  /** Whether the vocabulary can write each character; it is asked once. */
  private readonly known = new Uint8Array(0x110000)
  private readonly counts = new GrowingInts()
  private readonly words = new Map<string, number>()

  constructor(tokenizer: Tokenizer) {
    this.tokenizer = tokenizer
  }

  /** Looks at the sample of row `row`. */
  add(sample: Sample, row: number): void {
    const found = new Map<number, number>()
    for (const text of textsOf(sample)) {
      if (this.tokenizer.lackingWords) {
        this.addWords(this.tokenizer.lackingWords(text), found)
        continue
      }
      for (let at = 0; at < text.length; at++) {
        const code = text.codePointAt(at)!
        if (code > 0xffff) at++
        if (this.isKnown(code)) continue
        const count = found.get(code) ?? 0
        if (count || found.size < mostInRow) found.set(code, count + 1)
      }
    }
    for (const [code, count] of found) for (const value of [row, code, count]) this.counts.push(value)
  }

  private addWords(words: readonly string[], found: Map<number, number>): void {
    for (const word of words) {
      const code = this.words.get(word) ?? firstWord + this.words.size
      const count = found.get(code) ?? 0
      if (!count && found.size >= mostInRow) continue
      this.words.set(word, code)
      found.set(code, count + 1)
    }
  }

  /** What was found; undefined if every character can be written. */
  report(): UnknownRows | undefined {
    if (!this.counts.length) return undefined
    const { unk } = this.tokenizer
    const readAs = unk === undefined ? {} : { id: unk, readAs: this.tokenizer.token(unk) || `token ${unk}` }
    return { counts: this.counts.parts(), words: [...this.words.keys()], ...readAs }
  }

  private isKnown(code: number): boolean {
    if (this.known[code] === notSeen) this.known[code] = this.canWrite(String.fromCodePoint(code)) ? written : lost
    return this.known[code] === written
  }

  /** A tokenizer without an unknown token refuses a character that it cannot write alone. The rows here were read, so it does not count. */
  private idsOf(character: string): number[] {
    try {
      return this.tokenizer.encode(character, { continues: true })
    } catch {
      return [-1]
    }
  }

  private canWrite(character: string): boolean {
    const ids = this.idsOf(character)
    const { unk } = this.tokenizer
    // A tokenizer may drop white space and marks on purpose; any other character without a token is lost.
    return (unk === undefined || !ids.includes(unk)) && (ids.length > 0 || invisible.test(character))
  }
}

/** The rows that `isUsed` takes, and the different characters in them, the most frequent first. */
export function charactersOf(
  unknown: UnknownRows,
  isUsed: (row: number) => boolean,
): Pick<UnknownReport, 'characters' | 'count'> & { rows: number[] } {
  const list = new GrowingInts(unknown.counts)
  const counts = new Map<number, number>()
  const rows: number[] = []
  for (let at = 0; at < list.length; at += 3) {
    const row = list.get(at)
    if (!isUsed(row)) continue
    if (rows.at(-1) !== row) rows.push(row)
    const code = list.get(at + 1)
    counts.set(code, (counts.get(code) ?? 0) + list.get(at + 2))
  }
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, listed)
  const shown = ([code]: readonly [number, number]): string =>
    code < firstWord ? shownCharacter(String.fromCodePoint(code)) : unknown.words[code - firstWord].slice(0, 60)
  return { characters: most.map(shown), count: counts.size, rows }
}

function textsOf(sample: Sample): string[] {
  switch (sample.kind) {
    case 'text':
      return [sample.text]
    case 'pair':
      return [sample.system ?? '', sample.prompt, sample.completion]
    case 'chat':
      return sample.messages.flatMap((message) =>
        Object.entries(message).flatMap(([key, value]) =>
          key === 'role' ? [] : [typeof value === 'string' ? value : stringifyJson(value)],
        ),
      )
    case 'tokens':
      return []
  }
}

/** A character as a person sees it; an invisible one is shown as its code. */
function shownCharacter(character: string): string {
  if (!invisible.test(character)) return character
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** `3 rows have characters that …: [ ] U+200B and 2 more. …` */
export function unknownSentence({ characters, count, rows, trainedTokens, readAs }: UnknownReport, allTrained: number): Phrase {
  const more = count - characters.length
  const named = more > 0 ? say`${characters.join(' ')} and ${more} more` : characters.join(' ')
  const read =
    readAs === undefined
      ? say`They are left out.`
      : say`They are read as ${readAs}: ${shareText(trainedTokens, allTrained)} of the trained tokens.`
  if (rows === 1) return say`1 row has characters that the model's vocabulary cannot write: ${named}. ${read}`
  return say`${rows} rows have characters that the model's vocabulary cannot write: ${named}. ${read}`
}

/** A share in per cent with one decimal. A small share is not shown as 0. */
function shareText(part: number, whole: number): Phrase {
  const percent = whole ? (100 * part) / whole : 0
  return percent > 0 && percent < 0.05 ? say`less than 0.1 %` : say`${percent.toFixed(1)} %`
}
