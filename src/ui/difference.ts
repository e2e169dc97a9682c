// What differs between two texts: all between their common beginning and their common end.

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
