// Text of a file inside a message. Files come from strangers, so a name may have millions of characters, or characters that change how a
// terminal or a page shows what is around them.
import type { Phrase } from '../config/phrase'

const most = 200
/** Control characters, and characters that turn the direction of the text after them. */
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu

/** At most 200 characters of a text, with unsafe ones as their codes. The result keeps nothing else of the text in memory. */
export function shortText(text: string): string {
  const begin = text.length > most ? `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…` : text
  const shown = begin.replace(unsafe, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
  // Joining copies it. A part of a text would keep the whole text.
  return Array.from(shown).join('')
}

/** The phrase with its texts shortened. */
export const shortPhrase = ({ key, values }: Phrase): Phrase => ({
  key,
  values: values.map((value) => (typeof value === 'string' ? shortText(value) : typeof value === 'object' ? shortPhrase(value) : value)),
})
