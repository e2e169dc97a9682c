// What differs between two texts: all between their common beginning and their common end.

/** Characters that nobody sees: format and control characters but line ends and tabs, and spaces of other widths than the usual one. */
const unseen = /(?![\n\t])[\p{Cf}\p{Cc}]|(?! )\p{Zs}/gu

/** The text with the codes of characters that nobody sees: [U+200B]. */
export const shownText = (text: string): string =>
  text.replace(unseen, (character) => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`)

interface Difference {
  start: string
  removed: string
  inserted: string
  end: string
}

export function differenceOf(before: string, after: string): Difference {
  const [a, b] = [[...before], [...after]]
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a[start] === b[start]) start++
  let end = 0
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const part = (text: string[], from: number, to: number): string => text.slice(from, to).join('')
  return {
    start: part(a, 0, start),
    removed: part(a, start, a.length - end),
    inserted: part(b, start, b.length - end),
    end: part(a, a.length - end, a.length),
  }
}
