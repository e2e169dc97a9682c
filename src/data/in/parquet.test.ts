// Parquet files of pyarrow (e2e/interop/make_rows.py): their values are those that pyarrow reads, with all digits.
import { readFileSync, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { stringifyJson } from '../../config/exact-json'
import { TabTuneError } from '../../config/errors'
import { fileOf, readWhole } from '../testing/read-file'

const folder = 'src/data/in/testing'
const bytesOf = (name: string) => new Uint8Array(readFileSync(`${folder}/${name}`))

describe('a Parquet file', () => {
  it.each(['chats', 'values', 'encodings'])('has the values that pyarrow reads: %s', async (name) => {
    const { values, lines } = await readWhole(fileOf(bytesOf(`${name}.parquet`), 'rows'))
    const rows = readFileSync(`${folder}/${name}.rows.jsonl`, 'utf8').trimEnd().split('\n')
    expect(values.map(stringifyJson)).toEqual(rows)
    expect(lines).toEqual(rows.map((_, i) => i + 1))
  })
  it.each(readdirSync(folder).filter((name) => name.startsWith('words.')))('is read with its compression: %s', async (name) => {
    const words = Array.from({ length: 300 }, (_, i) => ({ text: `row ${i % 7}` }))
    expect((await readWhole(fileOf(bytesOf(name), name))).values).toEqual(words)
  })
  it('says which columns have bytes that are no text', async () => {
    expect((await readWhole(fileOf(bytesOf('values.parquet'), 'x'))).notes).toContain(
      'Values that are bytes and not text are left out, in the columns raw.',
    )
  })
  it('in gzip is read too', async () => {
    const packed = new Uint8Array(gzipSync(bytesOf('words.zstd.parquet')))
    expect((await readWhole(fileOf(packed, 'words.parquet.gz'))).values).toHaveLength(300)
  })
  it('that is cut off is refused in one sentence', async () => {
    const whole = bytesOf('chats.parquet')
    for (const length of [5, 12, 200, whole.length - 1])
      await expect(readWhole(fileOf(whole.slice(0, length), 'rows.parquet'))).rejects.toThrow(
        'rows.parquet: expected a Parquet file that can be read, got a file that is cut off. Download it again',
      )
  })
  it('with any byte changed is read or refused with a typed error', async () => {
    const whole = bytesOf('words.gzip.parquet')
    const untyped: string[] = []
    for (let at = 4; at < whole.length; at += 11)
      for (const change of [1, 255]) {
        const bytes = whole.slice()
        bytes[at] ^= change
        await readWhole(fileOf(bytes, 'rows.parquet'), { kind: 'parquet' }).catch((error: unknown) => {
          if (!(error instanceof TabTuneError)) untyped.push(`${at} ${change}: ${String(error)}`)
        })
      }
    expect(untyped).toEqual([])
  })
})
