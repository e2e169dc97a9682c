// Changes bytes, at random places and in the fields of a file that give numbers.
import { joinedBytes } from '../../../src/config/joined-bytes'
import { type Dice, oddNumbers } from './random'

/** A number in a file. */
export interface Field {
  at: number
  sizeBytes: 1 | 2 | 4 | 8
}

type Bytes = Uint8Array<ArrayBuffer>

function put(bytes: Bytes, { at, sizeBytes }: Field, value: bigint): void {
  for (let i = 0; i < sizeBytes && at + i < bytes.length; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn)
}

function valueOf(bytes: Bytes, { at, sizeBytes }: Field): bigint {
  let value = 0n
  for (let i = 0; i < sizeBytes; i++) value |= BigInt(bytes[at + i] ?? 0) << BigInt(8 * i)
  return value
}

/** One change; `fields` may be empty. */
function changed(bytes: Bytes, fields: readonly Field[], { below, one }: Dice): Bytes {
  const out = bytes.slice()
  const place = below(Math.max(1, out.length))
  const how = below(fields.length ? 12 : 6)
  if (how === 0) out[place] ^= 1 << below(8)
  else if (how === 1) return out.slice(0, place)
  else if (how === 2) put(out, { at: place, sizeBytes: one([1, 2, 4, 8]) }, one(oddNumbers))
  else if (how === 3) out.copyWithin(place, below(out.length), below(out.length))
  else if (how === 4) return joinedBytes([out.slice(0, place), out.slice(below(out.length)).slice(0, 1 + below(200)), out.slice(place)])
  else if (how === 5) return joinedBytes([out.slice(0, place), out.slice(place + 1 + below(40))])
  else {
    const field = one(fields)
    const value = valueOf(out, field)
    put(out, field, one([...oddNumbers, value + 1n, value - 1n, value * 2n, valueOf(out, one(fields))]))
  }
  return out
}

/** `bytes` with one to three changes. */
export function mutatedBytes(bytes: Bytes, fields: readonly Field[], dice: Dice): Bytes {
  let out = bytes
  for (let i = 1 + dice.below(3); i > 0; i--) out = changed(out, fields, dice)
  return out
}

/** The numbers of a whole GGUF file's header (ggml/docs/gguf.md). */
export function ggufFields(bytes: Bytes): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const fields: Field[] = []
  let at = 0
  const number = (sizeBytes: 4 | 8): number => {
    fields.push({ at, sizeBytes })
    at += sizeBytes
    return sizeBytes === 4 ? view.getUint32(at - 4, true) : Number(view.getBigUint64(at - 8, true))
  }
  const text = (): void => {
    const length = number(8)
    at += length
  }
  const sizes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 }
  const value = (type: number): void => {
    if (type === 8) return text()
    if (type !== 9) {
      fields.push({ at, sizeBytes: sizes[type] as 1 })
      at += sizes[type]!
      return
    }
    const [inside, count] = [number(4), number(8)]
    if (inside !== 8) at += count * sizes[inside]!
    else for (let i = 0; i < count; i++) text()
  }
  number(4)
  number(4)
  const [tensors, entries] = [number(8), number(8)]
  for (let i = 0; i < entries; i++) {
    text()
    value(number(4))
  }
  for (let i = 0; i < tensors; i++) {
    text()
    for (let rank = number(4); rank > 0; rank--) number(8)
    number(4)
    number(8)
  }
  return fields
}

/** The numbers of the records of a zip (APPNOTE 4.3): after each mark, at the places given. */
export function zipFields(bytes: Bytes): Field[] {
  const records: Readonly<Record<number, readonly (readonly [number, 2 | 4])[]>> = {
    0x04034b50: [[4, 2], [6, 2], [8, 2], [14, 4], [18, 4], [22, 4], [26, 2], [28, 2]], // prettier-ignore
    0x02014b50: [[4, 2], [8, 2], [10, 2], [16, 4], [20, 4], [24, 4], [28, 2], [30, 2], [32, 2], [34, 2], [38, 4], [42, 4]], // prettier-ignore
    0x06054b50: [[4, 2], [6, 2], [8, 2], [10, 2], [12, 4], [16, 4], [20, 2]], // prettier-ignore
    0x08074b50: [[4, 4], [8, 4], [12, 4]], // prettier-ignore
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const fields: Field[] = []
  for (let at = 0; at + 4 <= bytes.length; at++)
    for (const [place, sizeBytes] of records[view.getUint32(at, true)] ?? []) fields.push({ at: at + place, sizeBytes })
  return fields
}
