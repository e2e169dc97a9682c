import { existsSync, openAsBlob, readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringifyJson } from '../config/exact-json'
import { sentence } from '../config/phrase'
import type { ReadRow } from './parse-row'
import { readRows } from './read-rows'

const bytesOf = (text: string) => new TextEncoder().encode(text)
async function* pieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
/** A row with its problem in English. */
type ShownRow = Omit<ReadRow, 'problem' | 'place'> & { problem?: string }
const shown = ({ line, value, oddities, problem }: ReadRow): ShownRow => ({
  line,
  ...(value && { value }),
  ...(oddities && { oddities }),
  ...(problem && { problem: sentence(problem) }),
})
const rowsOf = async (text: string | Uint8Array, size = 7): Promise<ShownRow[]> => {
  const out: ShownRow[] = []
  for await (const row of readRows(pieces(typeof text === 'string' ? bytesOf(text) : text, size))) out.push(shown(row))
  return out
}

/** A row's value as JSON.parse gives it. */
const asParsed = ({ value }: Pick<ReadRow, 'value'>): unknown => JSON.parse(stringifyJson(value))

describe('readRows', () => {
  it('reads JSONL with a byte order mark, CRLF, empty lines and no break at the end', async () => {
    expect(await rowsOf('\uFEFF{"a":1}\r\n\r\n  \n{"a":"é\\n"}')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 4, value: { a: 'é\n' } },
    ])
  })
  it('skips any amount of white space at the beginning, and counts its lines (jsonl-blank-head)', async () => {
    const blank = '\n'.repeat(50_000)
    for (const size of [1, 3, 1000]) {
      expect(await rowsOf(`${blank}{"a":1}\n{"a":2}`, size)).toMatchObject([{ line: 50_001 }, { line: 50_002 }])
      expect(await rowsOf(`\uFEFF \r\n${blank}[\n{"a":1}]`, size)).toEqual([{ line: 50_003, value: { a: 1 } }])
    }
  })
  it('reports bad lines with number and reason and continues', async () => {
    const bad = new Uint8Array([...bytesOf('{"a":1}\n{"a":\n[1]\n"x"\nnull\n'), 0x7b, 0xff, 0x7d, 10, ...bytesOf('{"a":2}\n')])
    const rows = await rowsOf(bad)
    expect(rows.map((r) => r.line)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(rows[1].problem).toMatch(/^not JSON \(/)
    expect(rows.slice(2, 6).map((r) => r.problem)).toEqual([
      'expected a JSON object, got a list',
      'expected a JSON object, got a string',
      'expected a JSON object, got null',
      'not valid UTF-8',
    ])
    expect(rows[6].value).toEqual({ a: 2 })
  })
  it('cuts arrays at depth 1', async () => {
    const text = ' [\n{"a":"]},[\\"{"},\n\n {"b":[1,{"c":[]}]},3, {oops}\n]\n'
    for (const size of [1, 2, 5, 1000]) {
      const rows = await rowsOf(text, size)
      expect(rows.slice(0, 3)).toEqual([
        { line: 2, value: { a: ']},["{' } },
        { line: 4, value: { b: [1, { c: [] }] } },
        { line: 4, problem: 'expected a JSON object, got a number' },
      ])
      expect(rows[3]).toMatchObject({ line: 4, problem: expect.stringMatching(/^not JSON/) as string })
      expect(rows).toHaveLength(4)
    }
  })
  it('reads the rows in an object whose only key is data, however it is written', async () => {
    const rows = [{ a: 1 }, { a: 2 }]
    for (const size of [1, 5, 1000])
      for (const text of [
        JSON.stringify({ data: rows }),
        `${JSON.stringify({ data: rows })}\n`,
        ` \n${JSON.stringify({ data: rows }, null, 2)}\n`,
      ])
        expect((await rowsOf(text, size)).map(asParsed), text).toEqual(rows)
    expect((await rowsOf('\n{\n"data": [\n{"a":1}]}')).map(({ line }) => line)).toEqual([4])
    const cut = await rowsOf('{"data":[{"a":1}]')
    expect(cut.at(-1)).toEqual({ line: 1, problem: 'the file ends inside the JSON array' })
    const more = await rowsOf('{\n"data":[{"a":1}],\n"version":1}')
    expect(more.at(-1)).toMatchObject({ problem: 'text after the end of the JSON array' })
  })
  it('leaves JSONL whose rows have a key data as it is', async () => {
    const turns = '{"data":[{"role":"user","content":"a"}]}'
    const beside = '{"data":[{"a":1}],"text":"t"}'
    for (const size of [1, 1000])
      for (const row of [turns, beside, '{"data":[]}', '{"data":1}', '{"da":1}'])
        expect((await rowsOf(`${row}\n${row}`, size)).map(asParsed)).toEqual([JSON.parse(row), JSON.parse(row)])
  })
  it('says where an array is cut off or continues after its end', async () => {
    expect(await rowsOf('[{"a":1},{"b"')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 1, problem: 'the file ends inside the JSON array' },
    ])
    expect(await rowsOf('[{"a":1}]\n{}')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, problem: 'text after the end of the JSON array' },
    ])
    expect(await rowsOf('[]')).toEqual([])
    expect(await rowsOf('')).toEqual([])
    expect(await rowsOf('\uFEFF')).toEqual([])
  })
  it('refuses UTF-16 and binary files', async () => {
    await expect(rowsOf(new Uint8Array([0xff, 0xfe, 0x7b, 0]))).rejects.toThrow(/got UTF-16/)
    await expect(rowsOf(new Uint8Array([80, 75, 3, 4, 0, 0]))).rejects.toThrow(/got a binary file/)
  })
  it('reports a row that is too long and continues', async () => {
    async function* long() {
      yield bytesOf('{"a":"')
      for (let i = 0; i < 17; i++) yield new Uint8Array(2 ** 20).fill(0x61)
      yield bytesOf('"}\n{"b":1}')
    }
    const rows: ShownRow[] = []
    for await (const row of readRows(long())) rows.push(shown(row))
    expect(rows).toEqual([
      { line: 1, problem: 'longer than 16 MiB' },
      { line: 2, value: { b: 1 } },
    ])
  })
  it('gives every object back, as lines and as an array, however the bytes are cut', async () => {
    const object = fc.dictionary(
      fc.string().filter((k) => k !== '__proto__'),
      fc.jsonValue({ depthSize: 'small' }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (objects, size, indent) => {
          const plain = JSON.parse(JSON.stringify(objects)) as unknown[]
          const lines = await rowsOf(objects.map((o) => JSON.stringify(o)).join('\n'), size)
          const array = await rowsOf(JSON.stringify(objects, null, indent ? 2 : 0), size)
          expect(lines.map(asParsed)).toEqual(plain)
          expect(array.map(asParsed)).toEqual(plain)
        },
      ),
      { numRuns: 150 },
    )
  })
})

const folder = '../shared/datasets'
if (!existsSync(folder)) console.log('skipped: reading ../shared/datasets, which is absent')
describe.skipIf(!existsSync(folder))('shared datasets', () => {
  it('are read whole, as a Blob’s stream', async () => {
    for (const name of readdirSync(folder)) {
      const text = readFileSync(`${folder}/${name}`, 'utf8')
      const expected = text.trimStart().startsWith('[')
        ? (JSON.parse(text) as unknown[])
        : text
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as unknown)
      const rows: unknown[] = []
      for await (const row of readRows((await openAsBlob(`${folder}/${name}`)).stream())) rows.push(asParsed(row))
      expect(rows.length, name).toBe(expected.length)
      expect(rows, name).toEqual(expected)
    }
  })
})
