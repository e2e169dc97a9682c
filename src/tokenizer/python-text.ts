// Writes a template's values like Python: json.dumps for `tojson`, str and repr for everything else. Chat templates are
// written for transformers, where Jinja runs in Python.
import type { Environment } from '@huggingface/jinja'

type JinjaValue = ReturnType<Environment['set']>

/** A JSON number as Python writes it. A number that no double can represent (1e999) stays as in the file, which is still JSON. */
export function pythonNumber(json: string): string {
  if (/^-?\d+$/.test(json)) return json === '-0' ? '0' : json
  const value = Number(json)
  if (!Number.isFinite(value)) return json
  if (Object.is(value, -0)) return '-0.0'
  const [digits, power] = value.toExponential().split('e')
  const exponent = Number(power)
  if (value !== 0 && (exponent < -4 || exponent >= 16))
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

const entriesOf = (value: JinjaValue): [string, JinjaValue][] => [...(value.value as Map<string, JinjaValue>)]
const itemsOf = (value: JinjaValue): JinjaValue[] => value.value as JinjaValue[]

/** The key under which an object keeps the text that it was read from. */
const source = Symbol('source')
type FromText = JinjaValue & { [source]?: string }

/** Makes an object print as `text`, which it was read from. */
export function writtenAs(value: FromText, text: string): void {
  value[source] = text
}

/** Python's str: the text itself, everything else as repr. */
export function pythonText(value: FromText): string {
  if (value[source] !== undefined) return value[source]
  return value.type === 'StringValue' ? String(value.value) : value.type === 'UndefinedValue' ? '' : repr(value)
}

function repr(value: JinjaValue): string {
  switch (value.type) {
    case 'StringValue':
      return quoted(String(value.value))
    case 'BooleanValue':
      return value.value ? 'True' : 'False'
    case 'NullValue':
      return 'None'
    case 'ArrayValue':
      return `[${itemsOf(value).map(repr).join(', ')}]`
    case 'TupleValue':
      return `(${itemsOf(value).map(repr).join(', ')}${itemsOf(value).length === 1 ? ',' : ''})`
    case 'ObjectValue':
      return `{${entriesOf(value)
        .map(([key, item]) => `${quoted(key)}: ${repr(item)}`)
        .join(', ')}}`
    default:
      return value.toString()
  }
}

const short: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A string as Python's repr: in single quotes unless it contains these and no double quotes; unprintable characters are escaped. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inside = text.replace(/[\\'\n\r\t]|(?! )[\p{C}\p{Z}]/gu, (character) => {
    if (character === "'") return quote === "'" ? "\\'" : "'"
    return short[character] ?? escaped(character.codePointAt(0) ?? 0)
  })
  return quote + inside + quote
}

function escaped(code: number): string {
  const hex = (digits: number): string => code.toString(16).padStart(digits, '0')
  return code < 0x100 ? `\\x${hex(2)}` : code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`
}

export interface DumpsOptions {
  ensureAscii?: boolean
  /** Text before each line of a level. */
  indent?: string
  separators?: [item: string, key: string]
  sortKeys?: boolean
}

/** Python's json.dumps, with transformers' default of ensure_ascii=False. */
export function dumps(value: JinjaValue, options: DumpsOptions = {}, depth = 0): string {
  switch (value.type) {
    case 'NullValue':
    case 'UndefinedValue':
      return 'null'
    case 'BooleanValue':
      return value.value ? 'true' : 'false'
    case 'IntegerValue':
    case 'FloatValue':
      return value.toString()
    case 'StringValue':
      return jsonString(String(value.value), options)
    case 'ArrayValue':
    case 'TupleValue':
      return nested(
        '[]',
        itemsOf(value).map((item) => dumps(item, options, depth + 1)),
        options,
        depth,
      )
    case 'ObjectValue': {
      const entries = entriesOf(value)
      if (options.sortKeys) entries.sort(([a], [b]) => byCodePoint(a, b))
      const colon = options.separators?.[1] ?? ': '
      const fields = entries.map(([key, item]) => jsonString(key, options) + colon + dumps(item, options, depth + 1))
      return nested('{}', fields, options, depth)
    }
    default:
      throw new Error(`tojson: expected a value that JSON can hold, got a ${value.type}`)
  }
}

function nested(brackets: string, parts: readonly string[], { indent, separators }: DumpsOptions, depth: number): string {
  const comma = separators?.[0] ?? (indent === undefined ? ', ' : ',')
  if (indent === undefined || !parts.length) return brackets[0] + parts.join(comma) + brackets[1]
  const line = `\n${indent.repeat(depth + 1)}`
  return `${brackets[0]}${line}${parts.join(comma + line)}\n${indent.repeat(depth)}${brackets[1]}`
}

function jsonString(text: string, { ensureAscii }: DumpsOptions): string {
  const json = JSON.stringify(text)
  return ensureAscii ? json.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : json
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  const at = left.findIndex((character, i) => character !== right[i])
  if (at < 0) return left.length - right.length
  return (left[at].codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1)
}
