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
/** Repeated keys that are noted of one text. */
const mostRepeated = 100

/**
 * The value of a JSON text. A number is a number if `String` gives back the same text, otherwise a JsonNumber. An object is plain,
 * or a Map if a plain object would not keep the order of its keys. The text is gone through once, so the time is linear in its length.
 * @throws SyntaxError, and RangeError beyond `maxJsonDepth` or where an object has more than `mostKeys` keys
 */
export function parseJson(text: string, oddities?: JsonOddities, mostKeys = Infinity): unknown {
  try {
    return new Parser(text, mostKeys, oddities).whole()
  } catch (error) {
    // JSON.parse stops at the same place, and its error says what is there.
    if (error instanceof SyntaxError) JSON.parse(text)
    throw error
  }
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

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
/** Characters that a string may only have escaped. */
// eslint-disable-next-line no-control-regex
const control = /[\0-\x1f]/

class Parser {
  private readonly text: string
  private readonly mostKeys: number
  private readonly oddities?: JsonOddities
  private at = 0

  constructor(text: string, mostKeys: number, oddities?: JsonOddities) {
    this.text = text
    this.mostKeys = mostKeys
    this.oddities = oddities
  }

  whole(): unknown {
    const value = this.value(0)
    if (this.next() !== undefined) throw this.unexpected()
    return value
  }

  private value(depth: number): unknown {
    if (depth > maxJsonDepth) throw new RangeError(`nested deeper than ${maxJsonDepth} levels`)
    switch (this.next()) {
      case '{':
        return this.object(depth)
      case '[':
        return this.list(depth)
      case '"':
        return this.string()
      case 't':
        return this.word('true', true)
      case 'f':
        return this.word('false', false)
      case 'n':
        return this.word('null', null)
      default:
        return this.number()
    }
  }

  /** Skips white space and returns the character after it; undefined at the end. */
  private next(): string | undefined {
    for (let code = this.text.charCodeAt(this.at); code === 32 || code === 10 || code === 13 || code === 9;)
      code = this.text.charCodeAt(++this.at)
    return this.text[this.at]
  }

  private object(depth: number): unknown {
    const fields: Record<string, unknown> = {}
    /** The same fields, once there is a key that a plain object would move. */
    let ordered: Map<string, unknown> | undefined
    let count = 0
    this.at++
    while (this.next() !== '}') {
      if (count) this.expect(',')
      if (this.next() !== '"') throw this.unexpected()
      const key = this.string()
      this.expect(':')
      const value = this.value(depth + 1)
      if (++count > this.mostKeys) throw new RangeError(`an object has more than ${this.mostKeys} keys`)
      if (ordered ? ordered.has(key) : Object.hasOwn(fields, key)) this.repeats(key)
      if (!ordered && isMovedKey(key)) ordered = new Map(Object.entries(fields))
      if (ordered) ordered.set(key, value)
      else fields[key] = value
    }
    this.at++
    return ordered ?? fields
  }

  private repeats(key: string): void {
    const repeated = this.oddities?.repeatedKeys
    if (repeated && repeated.length < mostRepeated) repeated.push(key)
  }

  private list(depth: number): unknown[] {
    const items: unknown[] = []
    this.at++
    while (this.next() !== ']') {
      if (items.length) this.expect(',')
      items.push(this.value(depth + 1))
    }
    this.at++
    return items
  }

  private string(): string {
    const text = this.text
    const start = this.at
    let end = text.indexOf('"', start + 1)
    if (end < 0) throw this.unexpected()
    this.at = end + 1
    const plain = text.slice(start + 1, end)
    if (!plain.includes('\\')) {
      if (control.test(plain)) throw this.unexpected()
      return plain
    }
    while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
    if (end < 0) throw this.unexpected()
    this.at = end + 1
    const value = JSON.parse(text.slice(start, end + 1)) as string
    if (this.oddities && !value.isWellFormed()) this.oddities.loneSurrogate = true
    return value
  }

  private number(): number | JsonNumber {
    number.lastIndex = this.at
    const text = number.exec(this.text)?.[0]
    if (text === undefined) throw this.unexpected()
    this.at = number.lastIndex
    const value = Number(text)
    return String(value) === text && !text.includes('e') ? value : new JsonNumber(text)
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.unexpected()
    this.at += word.length
    return value
  }

  private expect(character: string): void {
    if (this.next() !== character) throw this.unexpected()
    this.at++
  }

  private unexpected(): SyntaxError {
    return new SyntaxError(`unexpected ${this.text[this.at] ?? 'end'} at position ${this.at}`)
  }
}

/** Whether an odd number of backslashes precedes `at`. */
function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text[at - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}
