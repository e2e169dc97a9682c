// Cuts long words for a tokenizer that merges neighbouring pieces. Its time and memory for one word are many times those for the same
// characters in short words, and without spaces between them (or for vocabularies that merge over spaces) a whole text is one word.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'

/** Shorter words are left as they are. */
const longWord = 256
/** Most characters that are merged at once: about a second, and 60 MB. */
const longest = 2 ** 17

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00

/** A word that has no place where it can be cut. */
function tooLong(length: number): FormatError {
  return new FormatError(
    say`expected words of at most ${longest} characters, got one of ${length}. A word reaches to the next place where the vocabulary separates tokens`,
  )
}

/** Refuses words that are longer than a tokenizer can take. @throws FormatError */
export function checkWords(words: readonly string[]): void {
  for (const { length } of words) if (length > longest) throw tooLong(length)
}

/**
 * Cuts words between two characters that are neighbours in no token of `vocabulary`. No merge crosses such a place, so the tokens stay
 * the same. The function throws a FormatError for a word that stays too long.
 */
export function wordCutter(vocabulary: () => Iterable<string>): (words: string[]) => string[] {
  let neighbours: Set<number> | undefined
  const inTokens = (): Set<number> => {
    const found = new Set<number>()
    for (const token of vocabulary())
      for (let i = 1; i < token.length; i++) found.add(token.charCodeAt(i - 1) * 2 ** 16 + token.charCodeAt(i))
    return found
  }
  function cut(word: string): string[] {
    const together = (neighbours ??= inTokens())
    const parts: string[] = []
    let from = 0
    for (let i = 1; i <= word.length; i++) {
      const before = word.charCodeAt(i - 1)
      if (i < word.length && (isHigh(before) || together.has(before * 2 ** 16 + word.charCodeAt(i)))) continue
      if (i - from > longest) throw tooLong(i - from)
      parts.push(word.slice(from, i))
      from = i
    }
    return parts
  }
  return (words) =>
    words.some(({ length }) => length > longWord) ? words.flatMap((word) => (word.length > longWord ? cut(word) : [word])) : words
}
