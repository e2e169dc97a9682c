// Small files of rows that are changed: CSV in several separators and code pages, and Parquet files in all compressions.
import { readFileSync, readdirSync } from 'node:fs'
import { autoHow } from '../../../src/config/read-how'
import { readAny } from '../../../src/data/in/read-any'
import { endOfStruct } from '../../../src/data/in/thrift-check'
import { MemorySource } from '../../../src/formats/memory-source'
import { type Field, mutatedBytes } from './bytes'
import type { Dice } from './random'

type Bytes = Uint8Array<ArrayBuffer>

/** Goes through all rows of a file. */
export async function readRowsOf(name: string, bytes: Bytes): Promise<number> {
  const file = new MemorySource(name, bytes)
  async function* stream() {
    yield bytes
  }
  const source = {
    name,
    sizeBytes: bytes.length,
    stream,
    read: (at: number, size: number) => file.read(at, Math.min(size, bytes.length - at)),
  }
  let rows = 0
  for await (const { value } of readAny(source, autoHow)) if (value) rows++
  return rows
}

const folder = 'src/data/in/testing'

interface ParquetFile {
  bytes: Bytes
  /** Its metadata and page headers, byte by byte: their numbers take one byte or a few. */
  fields: Field[]
}

export const parquetFiles: readonly ParquetFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.parquet'))
  .map((name) => {
    const bytes = new Uint8Array(readFileSync(`${folder}/${name}`))
    const length = new DataView(bytes.buffer).getUint32(bytes.length - 8, true)
    const from = bytes.length - 8 - length
    const header = endOfStruct(bytes, 4)
    const places = [...range(4, header + 24), ...range(from, bytes.length - 4)]
    return { bytes, fields: places.map((at) => ({ at, sizeBytes: 1 })) }
  })

function* range(from: number, to: number): Generator<number> {
  for (let at = from; at < to; at++) yield at
}

const row = (fields: readonly string[], separator: string): string =>
  fields.map((field) => (/[\s"]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(separator)

const table = Array.from({ length: 40 }, (_, i) => [`What is ${i}?`, `a "number"\n${i}`, String(i), i % 3 ? 'caf\u00e9' : ''])

export const csvFiles: readonly Bytes[] = [',', ';', '\t', '|'].flatMap((separator) => {
  const text = [['prompt', 'completion', 'id', 'more'], ...table].map((fields) => row(fields, separator)).join('\r\n')
  return [new TextEncoder().encode(text), Uint8Array.from(text, (one) => one.charCodeAt(0)), utf16(`\ufeff${text}`)]
})

function utf16(text: string): Bytes {
  const bytes = new Uint8Array(2 * text.length)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), true)
  return bytes
}

export function csv(dice: Dice) {
  const bytes = mutatedBytes(dice.one(csvFiles), [], dice)
  return { bytes, open: () => readRowsOf('rows.csv', bytes) }
}

export function parquet(dice: Dice) {
  const { bytes: whole, fields } = dice.one(parquetFiles)
  const bytes = mutatedBytes(whole, fields, dice)
  return { bytes, open: () => readRowsOf('rows.parquet', bytes) }
}
