// Rows are read from their file again, from the places where they were.
import { describe, expect, it } from 'vitest'
import type { DataSource } from './data-source'
import { rowAgain } from './parse-row'
import { readRows } from './read-rows'
import { byteTokenizer, dataOptions, memorySource } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const files: Record<string, string> = {
  'lines with a mark and CRLF': '\uFEFF{"a":1}\r\n\r\n  \n {"b":"é\\n"} \n{"c":[1,{"d":2}]}',
  'blank lines in front': `${'\n'.repeat(5000)}{"a":1}\n{"a":2}`,
  'an array': ' \n[ {"a":1},\n{"b":"]},[\\"{"} , {"c":1e999}]\n',
  'an array behind a mark': '\uFEFF[{"a":1},{"b":2}]',
  'a conversation': '\n[ {"role":"user","content":"q"},\n {"role":"assistant","content":"a"} ]\n[{"role":"user","content":"q2"}]\n{"x":1}',
  'a conversation at the end': ' [{"role":"user","content":"q"} , {"role":"assistant","content":"a"}]',
}

async function* pieces(text: string, size: number) {
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe('a row', () => {
  it.each(Object.entries(files))('is read again from its place: %s', async (_, text) => {
    for (const size of [1, 3, 7, 10_000]) {
      let rows = 0
      for await (const { line, value, place } of readRows(pieces(text, size))) {
        expect(await rowAgain(memorySource(text), place!, line), `${size}`).toEqual(value)
        rows++
      }
      expect(rows).toBeGreaterThan(1 - Number(text.startsWith(' [')))
    }
  })
  const row = { prompt: 'Q', completion: 'abcdef' }
  const changed = (change: Partial<DataSource>) =>
    tokenizeDataset({ ...memorySource([row, row]), ...change }, byteTokenizer(false), undefined, dataOptions(), { keep: 4 })
  it('whose answer is not kept comes from the file', async () => {
    expect((await (await changed({})).question(1))?.expected).toBe('abcdef')
  })
  it('of a file that has changed is refused by the name of the file', async () => {
    const other = memorySource([row, { prompt: 'Q', completion: 'abcdex' }])
    await expect((await changed({ read: other.read })).question(1)).rejects.toThrow(
      'data.jsonl, line 2: expected the row that was read before, got other bytes. The file has changed since it was read. Choose it again.',
    )
    await expect((await changed({ read: memorySource([row]).read })).question(1)).rejects.toThrow('got other bytes')
    const read = () => Promise.reject(new DOMException('x', 'NotReadableError'))
    await expect((await changed({ read })).question(1)).rejects.toThrow(
      'data.jsonl: expected a file that can be read, got NotReadableError.',
    )
  })
  it('of a file that cannot be read to its end is refused by the name of the file', async () => {
    async function* stream() {
      yield new TextEncoder().encode('{"text":"abc"}\n')
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
    }
    await expect(changed({ stream })).rejects.toThrow(
      'data.jsonl: expected a file that can be read, got EIO. The file was changed or moved',
    )
  })
})
