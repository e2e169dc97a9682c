// Metadata values of GGUF (ggml/docs/gguf.md): numbers, flags, texts and lists of them.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { GgufReader } from './gguf-reader'

/** 64-bit whole numbers beyond 2^53 stay bigint. */
export type GgufValue = number | bigint | boolean | string | readonly GgufValue[] | ArrayLike<number>

interface NumberType {
  size: number
  read(view: DataView, at: number): number | bigint | boolean
  /** The typed array for a list of them. */
  list?: (count: number) => { [index: number]: number; length: number }
}

const wide = (value: bigint) =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value

const numberTypes: Readonly<Record<number, NumberType>> = {
  0: { size: 1, read: (v, at) => v.getUint8(at), list: (n) => new Uint8Array(n) },
  1: { size: 1, read: (v, at) => v.getInt8(at), list: (n) => new Int8Array(n) },
  2: { size: 2, read: (v, at) => v.getUint16(at, true), list: (n) => new Uint16Array(n) },
  3: { size: 2, read: (v, at) => v.getInt16(at, true), list: (n) => new Int16Array(n) },
  4: { size: 4, read: (v, at) => v.getUint32(at, true), list: (n) => new Uint32Array(n) },
  5: { size: 4, read: (v, at) => v.getInt32(at, true), list: (n) => new Int32Array(n) },
  6: { size: 4, read: (v, at) => v.getFloat32(at, true), list: (n) => new Float32Array(n) },
  7: { size: 1, read: (v, at) => v.getUint8(at) !== 0 },
  10: { size: 8, read: (v, at) => wide(v.getBigUint64(at, true)) },
  11: { size: 8, read: (v, at) => wide(v.getBigInt64(at, true)) },
  12: { size: 8, read: (v, at) => v.getFloat64(at, true), list: (n) => new Float64Array(n) },
}
const textType = 8
const listType = 9
/** Far more than any vocabulary has. It keeps hostile counts from filling memory. */
const maxList = 4_000_000

function unknownType(where: string, key: string, type: number): FormatError {
  return new FormatError(
    say`${where}, ${key}: expected a GGUF value type from 0 to 12, got ${type}. The file is damaged, or newer than TabTune supports.`,
  )
}

async function readList(reader: GgufReader, key: string): Promise<GgufValue> {
  const type = await reader.u32(key)
  if (type === textType) {
    const count = await reader.count(say`texts in ${key}`, 8, maxList)
    const texts: string[] = []
    for (let i = 0; i < count; i++) texts.push(await reader.text(key))
    return texts
  }
  const numbers = numberTypes[type]
  if (!numbers) {
    if (type === listType)
      throw new FormatError(
        say`${reader.where}, ${key}: expected a plain list, got a list of lists. The file is damaged; download it again.`,
      )
    throw unknownType(reader.where, key, type)
  }
  const count = await reader.count(say`values in ${key}`, numbers.size, maxList)
  await reader.need(key, count * numbers.size)
  if (numbers.list) {
    const list = numbers.list(count)
    for (let i = 0; i < count; i++) list[i] = Number(reader.take(numbers.size, numbers.read))
    return list
  }
  return Array.from({ length: count }, () => reader.take(numbers.size, numbers.read))
}

/** The value that begins with its 32-bit type. @throws FormatError */
export async function readGgufValue(reader: GgufReader, key: string): Promise<GgufValue> {
  const type = await reader.u32(key)
  if (type === textType) return reader.text(key)
  if (type === listType) return readList(reader, key)
  const number = numberTypes[type]
  if (!number) throw unknownType(reader.where, key, type)
  await reader.need(key, number.size)
  return reader.take(number.size, number.read)
}
