// JSON without loss. JSON.parse rounds numbers, moves keys such as "10" to the front and silently drops one of two equal keys.
// Training data must keep the digits and the order of its file.

/** A number that JavaScript would write differently from the file: `5.0`, `1e999`, `12345678901234567890`. */
export class JsonNumber {
  /** As it is in the file. */
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

/** A number written with a decimal point (30 as `30.0`), which typed readers expect for numbers that may be fractions. */
export function floatNumber(value: number): number | JsonNumber {
  return Number.isInteger(value) ? new JsonNumber(value.toFixed(1)) : value
}

/** What is unusual about a text that was parsed. */
export interface JsonOddities {
  /** Keys that an object has more than once; the last value counts, as in every JSON parser. */
  repeatedKeys: string[]
  /** A string has one half of a surrogate pair, which is not a character. */
  loneSurrogate: boolean
}

const maxJsonDepth = 500

/**
 * The value of a JSON text. A number is a number if `String` gives back the same text, otherwise a JsonNumber. An object is plain,
 * or a Map if a plain object would not keep the order of its keys. @throws SyntaxError, and RangeError beyond `maxJsonDepth`
 */
export function parseJson(text: string, oddities?: JsonOddities): unknown {
  JSON.parse(text)
  return new Parser(text, oddities).value(0)
}

/** The value as JSON text on one line. Numbers and keys are as `parseJson` found them; undefined fields are left out. */
export function stringifyJson(value: unknown): string {
  if (value instanceof JsonNumber) return value.text
  if (Array.isArray(value)) return `[${value.map((item: unknown) => stringifyJson(item ?? null)).join(',')}]`
  const entries = entriesOf(value)?.filter(([, item]) => item !== undefined)
  if (entries) return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${stringifyJson(item)}`).join(',')}}`
  return JSON.stringify(value) ?? 'null'
}

/** Keys and values of an object that `parseJson` made, in the file's order; undefined for everything else. */
export function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (value instanceof Map) return [...(value as Map<string, unknown>)]
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof JsonNumber) return undefined
  return Object.entries(value)
}

/** An object that `parseJson` made as a plain one, for reading fields by name; undefined for everything else. */
export function recordOf(value: unknown): Record<string, unknown> | undefined {
  if (value instanceof Map) return Object.fromEntries(value as Map<string, unknown>)
  return entriesOf(value) && (value as Record<string, unknown>)
}

/** A number that `parseJson` made, as a JavaScript number; undefined for everything else. */
export function numberOf(value: unknown): number | undefined {
  if (value instanceof JsonNumber) return Number(value.text)
  return typeof value === 'number' ? value : undefined
}

/** Keys that a plain object moves to the front, or does not store as an own field. */
const isMovedKey = (key: string): boolean => key === '__proto__' || /^(0|[1-9]\d*)$/.test(key)

const space = /[ \t\n\r]*/y
const number = /-?[\d.eE+-]+/y

/** Reads a text that JSON.parse has accepted, so it checks nothing again. */
class Parser {
  private readonly text: string
  private readonly oddities?: JsonOddities
  private at = 0

  constructor(text: string, oddities?: JsonOddities) {
    this.text = text
    this.oddities = oddities
  }

  value(depth: number): unknown {
    if (depth > maxJsonDepth) throw new RangeError(`nested deeper than ${maxJsonDepth} levels`)
    switch (this.next()) {
      case '{':
        return this.object(depth)
      case '[':
        return this.list(depth)
      case '"':
        return this.string()
      case 't':
        this.at += 4
        return true
      case 'f':
        this.at += 5
        return false
      case 'n':
        this.at += 4
        return null
      default:
        return this.number()
    }
  }

  /** Skips white space and returns the character after it. */
  private next(): string {
    space.lastIndex = this.at
    space.test(this.text)
    this.at = space.lastIndex
    return this.text[this.at]
  }

  private object(depth: number): unknown {
    const entries = new Map<string, unknown>()
    let moved = false
    this.at++
    while (this.next() !== '}') {
      const key = this.string()
      this.next()
      this.at++
      const value = this.value(depth + 1)
      if (entries.has(key)) this.oddities?.repeatedKeys.push(key)
      moved ||= isMovedKey(key)
      entries.set(key, value)
      if (this.next() === ',') this.at++
    }
    this.at++
    return moved ? entries : Object.fromEntries(entries)
  }

  private list(depth: number): unknown[] {
    const items: unknown[] = []
    this.at++
    while (this.next() !== ']') {
      items.push(this.value(depth + 1))
      if (this.next() === ',') this.at++
    }
    this.at++
    return items
  }

  private string(): string {
    const text = this.text
    const start = this.at
    let end = text.indexOf('"', start + 1)
    const plain = text.slice(start + 1, end)
    this.at = end + 1
    if (!plain.includes('\\')) return plain
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
    this.at = end + 1
    const value = JSON.parse(text.slice(start, end + 1)) as string
    if (this.oddities && !value.isWellFormed()) this.oddities.loneSurrogate = true
    return value
  }

  private number(): number | JsonNumber {
    number.lastIndex = this.at
    const text = number.exec(this.text)?.[0] ?? ''
    this.at = number.lastIndex
    const value = Number(text)
    return String(value) === text && !text.includes('e') ? value : new JsonNumber(text)
  }
}

/** Whether an odd number of backslashes precedes `at`. */
function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text[at - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}
