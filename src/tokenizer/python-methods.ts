// Methods and filters of text and lists like in Python and Jinja, where the Jinja library differs or lacks them.
import { type JinjaValue, jinjaValue, stringValue } from './jinja-values'
import { pythonText } from './python-text'

/** The result of a filter for a value and its arguments in order; undefined if the library's own filter is right. */
export function pythonFilter(name: string | undefined, given: JinjaValue, args: readonly JinjaValue[]): JinjaValue | undefined {
  const items = Array.isArray(given.value) ? (given.value as JinjaValue[]) : undefined
  const text = typeof given.value === 'string' ? given.value : undefined
  switch (name) {
    case 'string':
      return stringValue(pythonText(given))
    case 'trim':
      return stringValue(stripped(pythonText(given), args[0], true, true))
    case 'capitalize':
      return stringValue(capitalized(pythonText(given)))
    case 'title':
      return stringValue(
        pythonText(given)
          .split(/([-\s({[<]+)/)
          .map(capitalized)
          .join(''),
      )
    case 'join':
      return items && stringValue(items.map(pythonText).join(args[0] ? pythonText(args[0]) : ''))
    case 'length':
    case 'count':
      return lengthOf(given)
    case 'first':
      return text ? stringValue(characterAt(text, 0)) : undefined
    case 'last':
      return text ? stringValue(characterBefore(text, text.length)) : undefined
    case 'list':
      return text === undefined ? undefined : listValue(Array.from(text, stringValue))
    case 'default':
    case 'd':
      return given.type === 'UndefinedValue' || (args[1]?.__bool__().value && !given.__bool__().value)
        ? (args[0] ?? stringValue(''))
        : given
    default:
      return undefined
  }
}

/** The methods that `pythonMethod` knows. */
export const textMethods: readonly string[] = ['strip', 'lstrip', 'rstrip', 'capitalize', 'title', 'join', 'find', 'count', 'removeprefix', 'removesuffix', 'isdigit'] // prettier-ignore

/** The result of a method of text for its arguments; undefined if the library's own method is right. */
export function pythonMethod(name: string, text: string, args: readonly JinjaValue[]): JinjaValue | undefined {
  const [first] = args
  const words = typeof first?.value === 'string' ? first.value : undefined
  switch (name) {
    case 'strip':
      return stringValue(stripped(text, first, true, true))
    case 'lstrip':
      return stringValue(stripped(text, first, true, false))
    case 'rstrip':
      return stringValue(stripped(text, first, false, true))
    case 'capitalize':
      return stringValue(capitalized(text))
    case 'title':
      return stringValue(text.replace(/\p{L}+/gu, capitalized))
    case 'join':
      return Array.isArray(first?.value) ? stringValue((first.value as JinjaValue[]).map(pythonText).join(text)) : undefined
    case 'find':
      return words === undefined ? undefined : jinjaValue(placeOf(words, text))
    case 'count':
      return words ? jinjaValue(text.split(words).length - 1) : undefined
    case 'removeprefix':
      return words === undefined ? undefined : stringValue(text.startsWith(words) ? text.slice(words.length) : text)
    case 'removesuffix':
      return words === undefined ? undefined : stringValue(words && text.endsWith(words) ? text.slice(0, -words.length) : text)
    case 'isdigit':
      return jinjaValue(/^\p{Nd}+$/u.test(text))
    default:
      return undefined
  }
}

/** Number of characters before `words`; -1 if they are not in the text. */
function placeOf(words: string, text: string): number {
  const at = text.indexOf(words)
  return at < 0 ? at : characterCount(text.slice(0, at))
}

const listValue = (items: readonly JinjaValue[]): JinjaValue => Object.assign(jinjaValue([]), { value: items })

/** Characters of a text, items of a list, keys of an object. */
function lengthOf({ value }: JinjaValue): JinjaValue | undefined {
  if (typeof value === 'string') return jinjaValue(characterCount(value))
  if (Array.isArray(value)) return jinjaValue(value.length)
  return value instanceof Map ? jinjaValue(value.size) : undefined
}

/** The character that begins at a place, and the one that ends before it. Two code units may be one character. */
const characterAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at)!)
const characterBefore = (text: string, end: number): string => {
  const two = end > 1 ? characterAt(text, end - 2) : ''
  return two.length === 2 ? two : text[end - 1]
}

function characterCount(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) count++
  return count
}

function capitalized(text: string): string {
  const first = text && characterAt(text, 0)
  return first.toUpperCase() + text.slice(first.length).toLowerCase()
}

/** White space by Python's `str.isspace`; JavaScript's `trim` also removes U+FEFF and keeps some control characters. */
const isPythonSpace = (character: string): boolean =>
  character !== '\ufeff' && (/\s/.test(character) || ['\x1c', '\x1d', '\x1e', '\x1f', '\x85'].includes(character))

/** Python's `str.strip`: takes off the characters of `which`, or white space. */
function stripped(text: string, which: JinjaValue | undefined, start: boolean, end: boolean): string {
  const chosen = typeof which?.value === 'string' ? new Set(Array.from(which.value)) : undefined
  const goes = (character: string): boolean => (chosen ? chosen.has(character) : isPythonSpace(character))
  let [from, to] = [0, text.length]
  while (start && from < to && goes(characterAt(text, from))) from += characterAt(text, from).length
  while (end && to > from && goes(characterBefore(text, to))) to -= characterBefore(text, to).length
  return text.slice(from, to)
}
