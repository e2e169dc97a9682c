// Addresses and numbers of people in texts. Each kind is a pattern whose repeats are bounded, and a check that the pattern cannot make.
import { type Phrase, say } from '../config/phrase'

interface Kind {
  key: 'email' | 'iban' | 'card' | 'ip' | 'phone'
  placeholder: string
  pattern: RegExp
  /** How many characters of a match are really of the kind. */
  length(match: string): number
  /** What a note says about them. */
  counted(count: number): Phrase
}

const whole =
  (isOne: (match: string) => boolean) =>
  (match: string): number =>
    isOne(match) ? match.length : 0
const digitsOf = (text: string): string => text.replace(/\D/g, '')

/** Scripts whose words are not parted from an address by spaces. */
const closeScript = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar']
  .map((name) => `\\p{Script=${name}}`)
  .join('')
/** A letter, mark or digit of the other scripts. */
const letter = `(?![${closeScript}])[\\p{L}\\p{M}\\p{N}]`
/** A label of a domain name. */
const label = `(?:(?:${letter}|-){1,63}|[${closeScript}\\p{M}]{1,63})`
const closeLocal = `[${closeScript}\\p{M}\\d._-]`
/** What stands before the @: a run in scripts with spaces, or one in scripts without. An apostrophe is part of it between letters (o'brien). */
const localPart = `(?:(?<!${letter}|[_.+%-]|(?<=${letter})')(?:${letter}|[_.%+-]|(?<=${letter})'(?=${letter})){1,64}|(?<!${closeLocal})${closeLocal}{1,64})`

/** Spaces and hyphens between the groups of a number, also those that do not break a line. */
const [space, hyphen] = [' \\u00a0\\u2007\\u2009\\u202f', '\\-\\u2010\\u2011\\u2013']

/** In the order in which they are looked for: an account number has parts that look like a phone number. */
export const kinds: readonly Kind[] = [
  {
    key: 'email',
    placeholder: 'EMAIL',
    pattern: new RegExp(`${localPart}@${label}(?:\\.${label}){1,8}`, 'gu'),
    length: (match) => match.length,
    counted: (count) => (count === 1 ? say`${count} e-mail address` : say`${count} e-mail addresses`),
  },
  {
    key: 'iban',
    placeholder: 'IBAN',
    pattern: new RegExp(`(?<!\\w)[A-Z]{2}\\d{2}(?:[${space}]?[A-Z\\d]){11,30}`, 'g'),
    length: ibanLength,
    counted: (count) => (count === 1 ? say`${count} account number (IBAN)` : say`${count} account numbers (IBAN)`),
  },
  {
    key: 'card',
    placeholder: 'CARD',
    pattern: new RegExp(`(?<![\\w.])\\d(?:[${space}${hyphen}]?\\d){12,18}(?!\\w)`, 'g'),
    length: whole((match) => hasLuhnSum(digitsOf(match))),
    counted: (count) => (count === 1 ? say`${count} card number` : say`${count} card numbers`),
  },
  {
    key: 'ip',
    placeholder: 'IP',
    pattern: /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f:]{3,39})(?![\w:]|\.\d)/gi,
    length: whole((match) => (match.includes('.') ? match.split('.').every((part) => Number(part) < 256) : isAddress6(match))),
    counted: (count) => (count === 1 ? say`${count} IP address` : say`${count} IP addresses`),
  },
  {
    key: 'phone',
    placeholder: 'PHONE',
    pattern: new RegExp(`(?<![\\w.+-])(?:\\+|\\()?\\d[\\d()./${space}${hyphen}]{5,22}\\d(?!\\w)`, 'g'),
    length: whole(isPhone),
    counted: (count) => (count === 1 ? say`${count} phone number` : say`${count} phone numbers`),
  },
]

/** The longest beginning whose check digits are right (ISO 13616): words in capitals may follow an account number. */
function ibanLength(match: string): number {
  for (let end = match.length; end >= 15; end--) {
    const number = match.slice(0, end).replace(/\s/g, '')
    if (match[end - 1].trim() && number.length >= 15 && remainder97(number.slice(4) + number.slice(0, 4)) === 1) return end
  }
  return 0
}

function remainder97(text: string): number {
  let rest = 0
  for (const character of text) for (const digit of String(parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97
  return rest
}

/** Luhn's check (ISO/IEC 7812): every second digit from the right is doubled. */
function hasLuhnSum(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum > 0 && sum % 10 === 0
}

function isAddress6(text: string): boolean {
  const groups = text.split(':')
  const isShort = text.includes('::')
  if (text.indexOf('::') !== text.lastIndexOf('::') || text.includes(':::') || groups.some((group) => group.length > 4)) return false
  return isShort ? groups.length <= 8 && /[\da-f]/i.test(text) : groups.length === 8 && groups.every((group) => group !== '')
}

/** 7 to 15 digits that begin as a phone number does, or three, three and four; no date, no years and no decimal number. */
function isPhone(text: string): boolean {
  const count = digitsOf(text).length
  const plain = text.replace(/\s/g, ' ').replace(/[\u2010\u2011\u2013]/g, '-')
  if (count < 7 || count > 15) return false
  if (/^\d+\.\d+$/.test(plain) || /^\d{1,4}([./-])\d{1,2}\1\d{1,4}$/.test(plain) || /^\(\d{4} ?- ?\d{4}$/.test(plain)) return false
  return /^[+(0]/.test(plain) || /^\d{3}[ .-]\d{3}[ .-]\d{4}$/.test(plain)
}
