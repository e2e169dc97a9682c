// Characters of a dataset that the model's vocabulary cannot write: which ones, in how many rows, and in how many trained tokens.
import type { UnknownReport } from '../config/data-options'
import { stringifyJson } from '../config/exact-json'
import { type Phrase, say } from '../config/phrase'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Sample } from './sample'

/** Those of a dataset at its full length. */
export interface UnknownRows extends Pick<UnknownReport, 'readAs'> {
  /** The rows that have such characters, ascending, each with all of them. */
  rows: ReadonlyMap<number, string>
  /** The id that they are read as. */
  id?: number
}

const listed = 20
const invisible = /^[\p{C}\p{Z}\p{M}]/u

export class UnknownCharacters {
  private readonly tokenizer: Tokenizer
  /** Whether the vocabulary can write a character; each is checked once. */
  private readonly known = new Map<string, boolean>()
  private readonly rows = new Map<number, string>()

  constructor(tokenizer: Tokenizer) {
    this.tokenizer = tokenizer
  }

  /** Looks at the sample of row `row`. */
  add(sample: Sample, row: number): void {
    let found = ''
    for (const text of textsOf(sample)) for (const character of text) if (!this.isKnown(character)) found += character
    if (found) this.rows.set(row, found)
  }

  /** What was found; undefined if every character can be written. */
  report(): UnknownRows | undefined {
    if (!this.rows.size) return undefined
    const { unk } = this.tokenizer
    return { rows: this.rows, ...(unk === undefined ? {} : { id: unk, readAs: this.tokenizer.token(unk) || `token ${unk}` }) }
  }

  private isKnown(character: string): boolean {
    const known = this.known.get(character)
    if (known !== undefined) return known
    const ids = this.tokenizer.encode(character, { continues: true })
    const { unk } = this.tokenizer
    // A tokenizer may drop white space and marks on purpose; any other character without a token is lost.
    const written = unk === undefined || !ids.includes(unk)
    const result = written && (ids.length > 0 || invisible.test(character))
    this.known.set(character, result)
    return result
  }
}

/** The different characters of `texts`, the most frequent first. */
export function charactersOf(texts: readonly string[]): Pick<UnknownReport, 'characters' | 'count'> {
  const counts = new Map<string, number>()
  for (const text of texts) for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  const characters = [...counts].sort((a, b) => b[1] - a[1]).map(([character]) => character)
  return { characters: characters.slice(0, listed).map(shownCharacter), count: characters.length }
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
