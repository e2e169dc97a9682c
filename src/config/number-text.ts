// Reads numbers as people write them. The command line and links take the strict form; forms take the separators of the reader's
// language. A text that can mean two numbers is not read, so that no number silently becomes another.

const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A number in the notation of JSON and of programs (`1000`, `0.5`, `2e-4`); NaN for anything else. */
export function plainNumber(text: string): number {
  const value = plain.test(text.trim()) ? Number(text) : NaN
  return Number.isFinite(value) ? value : NaN
}

/** A number, or the numbers that the text could mean; none if it is not a number. */
type NumberReading = { value: number } | { couldBe: number[] }

interface Separators {
  decimal: string
  group: string
}

/** The first of a browser's languages that it can write numbers in. Some systems have names such as `en-US@posix`. */
export function readerLocale(languages: readonly string[]): string {
  for (const language of languages) {
    try {
      return new Intl.NumberFormat(language.split(/[@.]/)[0].replace('_', '-')).resolvedOptions().locale
    } catch {
      // Not a language tag. Try the next one.
    }
  }
  return 'en'
}

/** The separators of a language, from the browser. */
function separatorsOf(locale: string): Separators {
  const parts = new Intl.NumberFormat(locale).formatToParts(1_234_567.5)
  const find = (type: Intl.NumberFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? ''
  return { decimal: find('decimal') || '.', group: find('group') }
}

/** Whether the language groups digits as in India: the last three, then two at a time (12,34,567). */
function groupsAreIndian(locale: string): boolean {
  const parts = new Intl.NumberFormat(locale).formatToParts(123_456_789).filter((part) => part.type === 'integer')
  return parts.length > 3
}

/** The text with the digits of the reader's script replaced by ASCII digits. */
function asciiDigits(text: string, locale: string): string {
  const own = [...new Intl.NumberFormat(locale, { useGrouping: false }).format(9_876_543_210)].reverse()
  return [...text].map((c) => (own.includes(c) ? String(own.indexOf(c)) : c)).join('')
}

// Never decimal separators: spaces (also narrow and no-break ones), apostrophes, the Arabic thousands separator.
const onlyGroups = /[\s\u00a0\u2009\u202f'’\u066c]/
const onlyDecimal = '\u066b'

function grouped(parts: readonly string[], indian: boolean): boolean {
  const [first, ...rest] = parts
  if (!/^[1-9]\d{0,2}$/.test(first) || !/^\d{3}$/.test(rest.at(-1) ?? '')) return false
  return (
    rest.slice(0, -1).every((part) => /^\d{3}$/.test(part)) || (indian && [first, ...rest.slice(0, -1)].every((part) => part.length <= 2))
  )
}

/** `whole` and `fraction` as a plain number, if the parts of `whole` are valid groups of digits. */
function joined(whole: readonly string[], fraction: string | undefined, indian: boolean): string[] {
  if (whole.length > 1 && !grouped(whole, indian)) return []
  return [whole.join('') + (fraction === undefined ? '' : `.${fraction}`)]
}

/** The plain numbers that digits with points and commas could mean. The reader's own separators decide if they can. */
function readings(digits: string, { decimal, group }: Separators, indian: boolean): string[] {
  const marks = [...new Set(digits.match(/[.,\u066b]/g) ?? [])]
  if (onlyGroups.test(digits)) {
    const [whole, ...fractions] = digits.split(/[.,\u066b]/)
    return fractions.length > 1 ? [] : joined(whole.split(onlyGroups), fractions[0], indian)
  }
  if (marks.length === 0) return [digits]
  if (marks.length > 2) return []
  const last = digits.lastIndexOf(marks[0]) > digits.lastIndexOf(marks[1] ?? marks[0]) ? marks[0] : (marks[1] ?? marks[0])
  const parts = digits.split(last)
  const other = marks.find((mark) => mark !== last)
  if (other !== undefined) return parts.length > 2 ? [] : joined(parts[0].split(other), parts[1], indian)
  const asGroups = last === onlyDecimal ? [] : joined(parts, undefined, indian)
  const asFraction = parts.length === 2 ? [parts.join('.')] : []
  if (asGroups.length === 0 || asFraction.length === 0) return [...asGroups, ...asFraction]
  if (last === group) return asGroups
  // A reader whose decimal separator is the comma means a fraction by 1,125. But 1,000 looks like a thousand to all other readers.
  return last === decimal && parts[1] !== '000' ? asFraction : [...asGroups, ...asFraction]
}

/** Reads a number in the notation of a language: `1,000.5`, `1.000,5`, `1 000,5`, `1’000.5`, `2e-4`. */
export function readNumber(text: string, locale: string): NumberReading {
  const ascii = asciiDigits(text.trim(), locale).replace(/^\u2212/, '-')
  const [, sign = '', digits = '', exponent = ''] = /^([+-]?)(.*?)(e[+-]?\d+)?$/i.exec(ascii) ?? []
  const found = readings(digits, separatorsOf(locale), groupsAreIndian(locale))
    .map((reading) => plainNumber(sign + reading + exponent))
    .filter((value) => !Number.isNaN(value))
  return found.length === 1 ? { value: found[0] } : { couldBe: found }
}

/** A number in the reader's notation, without groups: `0,0002` if the comma is the decimal separator. */
export function writeNumber(value: number, locale: string): string {
  return Number.isFinite(value) ? String(value).replace('.', separatorsOf(locale).decimal) : ''
}

/** Numbers within bounds that show how they are written: a whole one, or a fraction and a small one. */
export function exampleNumbers({ min, max, whole }: { min: number; max: number; whole?: boolean }): number[] {
  if (whole) return [Math.min(Math.max(100, min), max)]
  const found = [0.5, 2e-4].filter((number) => number >= min && number <= max)
  return found.length ? found : [min + 0.5]
}
