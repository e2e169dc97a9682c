// Text, Markdown and gzip.
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fileOf, readWhole } from '../testing/read-file'
import { inflatedMembers } from './gzip-members'
import { guessHow } from './guess-how'

const rows = async (content: string, name: string, how = {}) => {
  for (const pieceBytes of [1, 3, 10_000]) {
    const read = await readWhole(fileOf(content, name, pieceBytes), how)
    if (pieceBytes > 3) return read
    expect(read).toEqual(await readWhole(fileOf(content, name), how))
  }
  throw new Error('no piece')
}

describe('a text', () => {
  const content = '\n\none\r\ntwo\n \t\n\nthree\r\rfour'
  it('is one row, or one for each paragraph', async () => {
    expect(await rows(content, 'a.txt', { textRows: 'document' })).toMatchObject({
      values: [{ text: 'one\ntwo\n \t\n\nthree\n\nfour' }],
      lines: [3],
    })
    expect(await rows(content, 'a.txt', { textRows: 'paragraph' })).toMatchObject({
      values: [{ text: 'one\ntwo' }, { text: 'three' }, { text: 'four' }],
      lines: [3, 7, 9],
    })
  })
  it('has paragraphs if it has a blank line', async () => {
    expect(await guessHow(fileOf(content, 'a.txt'))).toMatchObject({ kind: 'text', textRows: 'paragraph' })
    expect(await guessHow(fileOf('one\ntwo\n\n\n', 'a'))).toMatchObject({ kind: 'text', textRows: 'document' })
  })
  it('longer than 16 MiB is a problem, without being held', async () => {
    async function* stream() {
      for (let i = 0; i < 40; i++) yield new TextEncoder().encode('x'.repeat(2 ** 20))
      yield new TextEncoder().encode('\n\nend')
    }
    const read = await readWhole({ name: 'a.txt', stream, read: () => Promise.reject(new Error()) }, { textRows: 'paragraph' })
    expect(read).toMatchObject({ values: [{ text: 'end' }], problems: ['1: longer than 16 MiB'] })
  })
})

describe('Markdown', () => {
  it('is not cut inside a fenced block', async () => {
    const content = 'A:\n\n````js\na\n\n```\n\nb\n````\nrest\n\n~~~\n\nopen\n\nend'
    expect((await rows(content, 'a.md')).values).toEqual([
      { text: 'A:' },
      { text: '````js\na\n\n```\n\nb\n````\nrest' },
      { text: '~~~\n\nopen\n\nend' },
    ])
  })
  it('is read without its front matter, which is said', async () => {
    const read = await rows('---\ntitle: x\n\n---\n# A\n', 'a.md', { textRows: 'document' })
    expect(read).toMatchObject({ values: [{ text: '# A' }], lines: [5] })
    expect(read.notes).toContain('The front matter (the first 4 lines) is left out.')
    expect((await rows('---\nno end\n', 'a.md')).values).toEqual([{ text: '---\nno end' }])
  })
  it('that begins with a link is not JSON', async () => {
    expect(await guessHow(fileOf('[link](x)', 'a.md'))).toMatchObject({ kind: 'markdown' })
  })
})

async function textOf(pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<string> {
  const all: Uint8Array<ArrayBuffer>[] = []
  for await (const piece of pieces) all.push(piece)
  return new Blob(all).text()
}

describe('gzip', () => {
  const content = '{"text":"a"}\n{"text":"b"}\n'
  const packed = new Uint8Array(gzipSync(content))
  it('of any file is read, whatever its name', async () => {
    for (const name of ['rows.jsonl.gz', 'rows', 'rows.csv'])
      expect((await readWhole(fileOf(packed, name))).values).toEqual([{ text: 'a' }, { text: 'b' }])
    expect((await readWhole(fileOf(new Uint8Array(gzipSync('a,b\n1,2\n')), 'rows.csv.gz', 5))).values).toEqual([{ a: '1', b: '2' }])
  })
  it('of several members is read whole, and their checksums are compared', async () => {
    const members = ['{"text":"a"}\n', '', 'b'.repeat(100_000), '{"text":"é"}'].map((part) => gzipSync(part))
    const bytes = new Uint8Array(Buffer.concat(members))
    async function* pieces(of: Uint8Array<ArrayBuffer>, size: number) {
      for (let at = 0; at < of.length; at += size) yield of.slice(at, at + size)
    }
    const read = async (of: Uint8Array<ArrayBuffer>, size: number) => textOf(inflatedMembers(pieces(of, size)))
    for (const size of [1, 7, 100, 2 ** 20]) expect(await read(bytes, size)).toBe(`{"text":"a"}\n${'b'.repeat(100_000)}{"text":"é"}`)
    const ends = members.map((_, i) => members.slice(0, i).reduce((sum, { length }) => sum + length, 0))
    for (let end = bytes.length - 1; end > 0; end -= 3)
      if (!ends.includes(end)) await expect(read(bytes.slice(0, end), 50), `${end}`).rejects.toThrow(/gzip|EOF|invalid/)
    for (const at of [members[0].length - 6, bytes.length - 6, bytes.length - 1]) {
      const damaged = bytes.slice()
      damaged[at] ^= 255
      await expect(read(damaged, 50)).rejects.toThrow('checksum')
    }
  })
  it('that is cut off or damaged is refused in one sentence', async () => {
    const damaged = packed.slice()
    damaged[packed.length - 6] ^= 255
    for (const bytes of [packed.subarray(0, packed.length - 9), packed.subarray(0, 12), damaged])
      await expect(readWhole(fileOf(bytes, 'rows.jsonl.gz'))).rejects.toThrow(
        'rows.jsonl.gz: expected a whole gzip file, got one that is damaged or cut off. Download it again, or pack it again.',
      )
  })
  it('that is packed too well is refused', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(2 ** 26 + 2 ** 20, `${'a'.repeat(999)}\n`)))
    await expect(readWhole(fileOf(bomb, 'a.txt'))).rejects.toThrow('expected a gzip file that is packed at most 100 to 1, got more')
  })
})
