// Values of Parquet's types as values of JSON: exact numbers, dates as ISO text, lists and structs as they are nested.
import type { SchemaElement, SchemaTree } from 'hyparquet'
import { isListLike, isMapLike } from 'hyparquet/src/schema.js'
import { JsonNumber, floatNumber, parseJson } from '../../config/exact-json'

type ReadValue = (raw: unknown) => unknown

/** Columns may be nested as deeply as this. */
const mostDepth = 64
const strict = new TextDecoder('utf-8', { fatal: true })

/** How the values of a column become values of JSON. Takes the types off its leaves, so that hyparquet gives them as they are stored. */
export function valueReader(node: SchemaTree, onBytes: () => void, depth = 0): ReadValue {
  if (depth > mostDepth) throw new RangeError(`columns that are nested deeper than ${mostDepth} levels`)
  const { element, children } = node
  if (element.logical_type?.type === 'VARIANT') throw new RangeError(`the column ${element.name} of the type VARIANT`)
  if (isListLike(node)) {
    const [repeated] = children
    return listOf(valueReader(repeated.children.length === 1 ? repeated.children[0] : { ...repeated }, onBytes, depth + 1))
  }
  if (isMapLike(node)) return mapOf(valueReader(children[0].children[1], onBytes, depth + 1))
  const read = children.length ? structOf(children, onBytes, depth) : leafReader(element, onBytes)
  return element.repetition_type === 'REPEATED' ? (raw) => (Array.isArray(raw) ? raw.map(read) : read(raw)) : read
}

const isNone = (raw: unknown): raw is null | undefined => raw === null || raw === undefined
const fieldsOf = (raw: unknown): Record<string, unknown> => raw as Record<string, unknown>

const listOf =
  (item: ReadValue): ReadValue =>
  (raw) =>
    isNone(raw) ? null : Array.from(raw as ArrayLike<unknown>, item)

/** The keys are text already: hyparquet makes them the names of fields. */
const mapOf =
  (value: ReadValue): ReadValue =>
  (raw) =>
    isNone(raw) ? null : Object.fromEntries(Object.entries(fieldsOf(raw)).map(([key, one]) => [key, value(one)]))

function structOf(children: readonly SchemaTree[], onBytes: () => void, depth: number): ReadValue {
  const readers = children.map((child) => [child.element.name, valueReader(child, onBytes, depth + 1)] as const)
  return (raw) => (isNone(raw) ? null : Object.fromEntries(readers.map(([name, read]) => [name, read(fieldsOf(raw)[name])])))
}

function leafReader(element: SchemaElement, onBytes: () => void): ReadValue {
  const read = typedReader({ ...element }, onBytes)
  element.converted_type = element.logical_type = undefined
  return (raw) => (isNone(raw) ? null : read(raw))
}

function typedReader({ type, converted_type: converted, logical_type: logical, scale = 0 }: SchemaElement, onBytes: () => void): ReadValue {
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL')
    return (raw) => decimal(integerOf(raw), logical?.type === 'DECIMAL' ? logical.scale : scale)
  if (converted === 'DATE' || logical?.type === 'DATE') return (raw) => isoTime(integerOf(raw) * 86_400n, 1n, false).slice(0, -9)
  if (logical?.type === 'TIMESTAMP') return (raw) => isoTime(integerOf(raw), perSecond[logical.unit], logical.isAdjustedToUTC)
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS')
    return (raw) => isoTime(integerOf(raw), perSecond[converted === 'TIMESTAMP_MILLIS' ? 'MILLIS' : 'MICROS'], true)
  if (logical?.type === 'TIME') return (raw) => isoTime(integerOf(raw), perSecond[logical.unit], false).slice(11)
  if (type === 'INT96') return (raw) => isoTime(integerOf(raw), perSecond.NANOS, false)
  if (type === 'BOOLEAN') return (raw) => raw === true || raw === 1
  if (type === 'DOUBLE') return (raw) => floating(Number(raw))
  if (type === 'FLOAT') return (raw) => floating(shortest(Number(raw), 6, Math.fround))
  if (logical?.type === 'FLOAT16') return (raw) => floating(half(raw as Uint8Array))
  if (type === 'INT32' || type === 'INT64') {
    const isUnsigned = converted?.startsWith('UINT_') || (logical?.type === 'INTEGER' && !logical.isSigned)
    const bits = type === 'INT32' ? 32 : 64
    return (raw) => exact(isUnsigned ? BigInt.asUintN(bits, integerOf(raw)) : integerOf(raw))
  }
  if (logical?.type === 'UUID') return (raw) => uuid(raw as Uint8Array)
  if (converted === 'JSON' || logical?.type === 'JSON') return (raw) => parseJson(strict.decode(raw as Uint8Array))
  return (raw) => textOf(raw as Uint8Array, onBytes)
}

/** The text of the bytes; null for bytes that are no text. */
function textOf(bytes: Uint8Array, onBytes: () => void): string | null {
  try {
    return strict.decode(bytes)
  } catch {
    onBytes()
    return null
  }
}

/** A number of two's complement in big-endian bytes, or a number. */
function integerOf(raw: unknown): bigint {
  if (!(raw instanceof Uint8Array)) return BigInt(raw as number | bigint)
  const hex = Array.from(raw, (one) => one.toString(16).padStart(2, '0')).join('')
  return BigInt.asIntN(8 * raw.length, BigInt(`0x${hex || '0'}`))
}

function exact(value: bigint): number | JsonNumber {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : new JsonNumber(value.toString())
}

/** `value` · 10^-scale with all its digits. */
function decimal(value: bigint, scale: number): number | JsonNumber {
  if (scale <= 0) return exact(value * 10n ** BigInt(-scale))
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  return new JsonNumber(`${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`)
}

/** JSON has no other numbers than finite ones. */
const floating = (value: number): number | JsonNumber | null => (Number.isFinite(value) ? floatNumber(value) : null)

/** A float of 16 bits, little-endian. Whole numbers keep all digits, others as few as are nearer to it than to its neighbours. */
function half([low, high]: Uint8Array): number {
  const [sign, exponent, fraction] = [high & 0x80 ? -1 : 1, (high >> 2) & 31, ((high & 3) << 8) | low]
  if (exponent === 31) return NaN
  const step = 2 ** (Math.max(exponent, 1) - 25)
  const value = sign * step * (fraction + (exponent ? 1024 : 0))
  // The neighbour below a power of two is nearer.
  const reach = fraction ? step / 2 : step / 4
  return Number.isInteger(value) ? value : shortest(value, 1, (x) => (Math.abs(x - value) < reach ? value : NaN))
}

/** The number with the fewest digits that `nearest` makes the same: the float in 32 or 16 bits that is nearest to a number. */
function shortest(value: number, fewest: number, nearest: (value: number) => number): number {
  for (let digits = fewest; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (nearest(short) === value) return short
  }
  return value
}

const perSecond = { MILLIS: 1000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n } as const
/** Seconds from 1970 that JavaScript's dates reach to. */
const mostSeconds = 8_640_000_000_000n

/** A time after 1970 as `2024-01-31T12:00:00.25`; one beyond JavaScript's dates as its number. */
function isoTime(ticks: bigint, perSecond: bigint, isUtc: boolean): string {
  const second = ticks / perSecond - (ticks % perSecond < 0n ? 1n : 0n)
  if (second > mostSeconds || second < -mostSeconds) return ticks.toString()
  const rest = ticks - second * perSecond
  const digits = perSecond.toString().length - 1
  const fraction = rest === 0n ? '' : `.${rest.toString().padStart(digits, '0').replace(/0+$/, '')}`
  return `${new Date(Number(second) * 1000).toISOString().slice(0, -5)}${fraction}${isUtc ? 'Z' : ''}`
}

function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
