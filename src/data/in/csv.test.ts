// CSV: what papaparse and Python's csv module write is read back, whatever pieces the file comes in.
import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { fileOf, readWhole } from '../testing/read-file'
import { CsvCutter } from './csv-cutter'
import { guessHow } from './guess-how'

const separators = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const
const kinds = Object.keys(separators) as (keyof typeof separators)[]
const field = fc.string({ unit: fc.constantFrom('a', 'B', '1', ' ', ',', ';', '\t', '|', '"', '\n', '\r', 'é', '😀', "'"), maxLength: 12 })
const csv = (content: string, how = {}, name = 'rows.csv') => readWhole(fileOf(content, name), how)

describe('a CSV file', () => {
  it('that papaparse writes is read back, whatever pieces it comes in', async () => {
    const table = fc.tuple(fc.integer({ min: 2, max: 4 }), fc.constantFrom(...kinds)).chain(([columns, separator]) =>
      fc.record({
        separator: fc.constant(separator),
        rows: fc.array(fc.array(field, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 6 }),
        newline: fc.constantFrom('\n', '\r\n', '\r'),
        pieceBytes: fc.integer({ min: 1, max: 40 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(table, async ({ separator, rows, newline, pieceBytes }) => {
        const content = Papa.unparse(rows, { delimiter: separators[separator], newline })
        const how = { kind: 'csv', separator, header: 'no', encoding: 'utf-8' } as const
        const { values, problems } = await readWhole(fileOf(content, 'rows.csv', pieceBytes), how)
        expect(problems).toEqual([])
        expect(values.map((value) => Object.values(value ?? {}))).toEqual(rows)
      }),
      { numRuns: 200 },
    )
  })
  it("that Python's csv module writes is read back", async () => {
    // csv.writer(f, quoting=…).writerows([['a', 'b, "c"'], ['x\ny', ''], [' z ', '1.50']]), with QUOTE_MINIMAL and QUOTE_ALL
    const written = ['a,"b, ""c"""\r\n"x\ny",\r\n z ,1.50\r\n', '"a","b, ""c"""\r\n"x\ny",""\r\n" z ","1.50"\r\n']
    for (const content of written)
      expect(await csv(content)).toMatchObject({
        values: [
          { a: 'x\ny', 'b, "c"': '' },
          { a: ' z ', 'b, "c"': '1.50' },
        ],
        lines: [2, 4],
        problems: [],
      })
  })
  it('has problems with their lines', async () => {
    const content = 'a,b\n1,2\n3\n"x\n\ny",4,5\n\n"p"q,6\n"r" , s\nt,"u'
    expect(await csv(content)).toEqual({
      values: [
        { a: '1', b: '2' },
        { a: 'r', b: ' s' },
      ],
      lines: [2, 3, 4, 8, 9, 10],
      problems: [
        '3: expected 2 fields, got 1',
        '4: expected 2 fields, got 3',
        '8: text behind a closing quote; a quote inside a field must be doubled',
        '10: a quote that is not closed',
      ],
      notes: ['Read as CSV, separated by commas, with a header row.'],
    })
  })
  it('gets names for columns whose header is empty or repeated, and says so', async () => {
    expect(await csv(' a ,,a,a2,__proto__\n1,2,3,4,5\n')).toMatchObject({
      values: [Object.fromEntries([['a', '1'], ['column2', '2'], ['a3', '3'], ['a2', '4'], ['__proto__', '5']])], // prettier-ignore
      notes: [
        'Read as CSV, separated by commas, with a header row.',
        'Some names in the header are empty or repeated. These columns got names of their own: column2, a3.',
      ],
    })
  })
  it('is known by its content, with its separator and header', async () => {
    const how = (content: string, name = 'rows.csv') => guessHow(fileOf(content, name))
    expect(await how('a;b\n1,5;x, y, z\n2,5;u\n')).toMatchObject({ kind: 'csv', separator: 'semicolon', header: 'yes' })
    expect(await how('a\tb\n1, 2\tx\n')).toMatchObject({ separator: 'tab' })
    expect(await how('1|2\n3|4\n')).toMatchObject({ separator: 'pipe', header: 'no' })
    expect(await how('question\tanswer\nq\ta\nq\tb\n', 'rows.txt')).toMatchObject({ kind: 'csv', separator: 'tab' })
    expect(await how('One day, Tim ran.\nHe fell, and cried.\n', 'rows.txt')).toMatchObject({ kind: 'text' })
    expect(await how('{"a":1}\n', 'rows.csv')).toMatchObject({ kind: 'jsonl' })
  })
  it('with a quote that is not closed is refused within the longest row', async () => {
    let sent = 0
    async function* stream() {
      yield new TextEncoder().encode('a,b\n1,"')
      for (; sent < 5000; sent++) yield new TextEncoder().encode('x\n'.repeat(2 ** 19))
    }
    const endless = readWhole({ name: 'rows.csv', stream, read: () => Promise.reject(new Error()) })
    await expect(endless).rejects.toThrow(
      'rows.csv: expected rows of at most 16 MiB, got a longer one at line 2, where a quote is not closed.',
    )
    expect(sent).toBeLessThan(20)
  })
  it('with a million columns is refused, and a row with a million fields is a problem', async () => {
    await expect(csv(`a${',a'.repeat(1e6)}\n`)).rejects.toThrow('expected at most 10000 columns, got 1000001')
    expect(await csv(`a,b\n1${',2'.repeat(1e6)}\n3,4\n`)).toMatchObject({
      values: [{ a: '3', b: '4' }],
      problems: ['2: expected 2 fields, got 1000001'],
    })
  })
  it('takes time in its length only, also with quotes that do not fit', () => {
    const cutter = new CsvCutter('x', ',', 10)
    const text = `"${'x"x'.repeat(2e6)}${' '.repeat(5e6)},b\nc,d\n`
    expect([...cutter.push(text)].map(({ fields }) => fields.length)).toEqual([2, 2])
  })
  it('with a row longer than 16 MiB is read on behind it', async () => {
    expect(await csv(`a,b\n${'x'.repeat(2 ** 24 + 1)},1\n2,3\n`)).toMatchObject({
      values: [{ a: '2', b: '3' }],
      problems: ['2: longer than 16 MiB'],
    })
  })
})
