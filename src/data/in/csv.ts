// CSV and TSV: a row for each record, a column for each field. Values stay text, exactly as they are written.
import { FormatError } from '../../config/errors'
import type { ReadHow } from '../../config/read-how'
import { type Phrase, say } from '../../config/phrase'
import { bytesOf } from '../data-source'
import { type ReadRow, mostKeys } from '../parse-row'
import { shortText } from '../short-text'
import { CsvCutter, type CsvRow } from './csv-cutter'
import { decoded } from './decoded'
import type { Head, Reading, RowKind } from './kind'

const separators = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const
type Separator = keyof typeof separators

/** Rows that a separator is guessed from; the fewest that make a file with another name a CSV file. */
const [guessRows, fewestRows] = [50, 3]
/** Characters of a field that is too long for the name of a column. */
const longName = 100

/** The rows of the beginning of a file. The last one may be cut off. */
function headRows({ text, whole }: Head, separator: Separator): CsvRow[] {
  const cutter = new CsvCutter('', separators[separator], mostKeys)
  const rows = [...cutter.push(text)]
  return (whole ? [...rows, ...cutter.end()] : rows).slice(0, guessRows)
}

/** The share of the first rows that have as many fields as the first one, where that is two or more. */
function agreement(rows: readonly CsvRow[]): number {
  const fields = rows[0]?.count ?? 0
  return fields < 2 ? 0 : rows.filter(({ count, problem }) => count === fields && !problem).length / rows.length
}

/** The separator on which most of the first rows agree; of several, the one that gives more fields. */
function bestSeparator(head: Head): { separator: Separator; agreement: number; rows: CsvRow[] } {
  const tried = (Object.keys(separators) as Separator[]).map((separator) => {
    const rows = headRows(head, separator)
    return { separator, rows, agreement: agreement(rows) }
  })
  return tried.reduce((best, one) => {
    const better = one.agreement - best.agreement
    return better > 0 || (better === 0 && one.agreement > 0 && one.rows[0].count > best.rows[0].count) ? one : best
  })
}

const isName = (field: string): boolean => field.length <= longName && !/^\s*[-+]?\d+([.,]\d+)?\s*$/.test(field)

function isCsv(head: Head): boolean {
  if (/\.(csv|tsv|tab)$/.test(head.name)) return true
  if (/\.(md|markdown)$/.test(head.name)) return false
  const { agreement, rows } = bestSeparator(head)
  return agreement === 1 && rows.length >= fewestRows && rows[0].fields.every((field) => field.trim() !== '' && isName(field))
}

function guess(head: Head): Pick<ReadHow, 'separator' | 'header'> {
  const { separator, rows } = bestSeparator(head)
  return { separator, header: rows[0]?.fields.every(isName) === false ? 'no' : 'yes' }
}

const separatorNames: Readonly<Record<string, Phrase>> = {
  comma: say`commas`,
  semicolon: say`semicolons`,
  tab: say`tabs`,
  pipe: say`vertical bars`,
}

function describe({ separator, header }: ReadHow): Phrase {
  const by = separatorNames[separator]
  return header === 'no'
    ? say`Read as CSV, separated by ${by}, without a header row.`
    : say`Read as CSV, separated by ${by}, with a header row.`
}

/** Names of the columns: those of the header without space around them; where one is empty or there already, another is made and told. */
function columnNames({ fields, count }: CsvRow, { source, how, note }: Reading): string[] {
  if (count > mostKeys)
    throw new FormatError(
      say`${source.name}: expected at most ${mostKeys} columns, got ${count}. Choose another separator, or leave columns out.`,
    )
  if (how.header === 'no') return fields.map((_, i) => `column${i + 1}`)
  const taken = new Set(fields.map((field) => field.trim()))
  const seen = new Set<string>()
  const made: string[] = []
  const names = fields.map((field, i) => {
    const name = field.trim()
    if (name !== '' && !seen.has(name)) {
      seen.add(name)
      return name
    }
    const stem = name || 'column'
    let number = name ? 2 : i + 1
    while (taken.has(`${stem}${number}`)) number++
    taken.add(`${stem}${number}`)
    made.push(`${stem}${number}`)
    return `${stem}${number}`
  })
  if (made.length) {
    const shown = made.slice(0, 20).map(shortText).join(', ')
    note(say`Some names in the header are empty or repeated. These columns got names of their own: ${shown}.`)
  }
  return names
}

function readRow({ line, fields, count, problem }: CsvRow, names: readonly string[]): ReadRow {
  if (problem) return { line, problem }
  if (count !== names.length) return { line, problem: say`expected ${names.length} fields, got ${count}` }
  return { line, value: Object.fromEntries(names.map((name, i) => [name, fields[i]])) }
}

async function* cutRows({ source, encoding, how }: Reading): AsyncGenerator<CsvRow> {
  const separator = how.separator === 'auto' ? 'comma' : how.separator
  const cutter = new CsvCutter(source.name, separators[separator], mostKeys + 1)
  for await (const { text, damaged } of decoded(bytesOf(source), encoding)) yield* cutter.push(text, damaged)
  yield* cutter.end()
}

async function* rows(reading: Reading): AsyncGenerator<ReadRow> {
  let names: string[] | undefined
  for await (const row of cutRows(reading)) {
    if (names) yield readRow(row, names)
    else {
      if (row.problem)
        throw new FormatError(say`${reading.source.name}, line ${row.line}: expected a CSV row, got ${row.problem}. Correct this line.`)
      names = columnNames(row, reading)
      if (reading.how.header === 'no') yield readRow(row, names)
    }
  }
}

export const csv: RowKind = { kind: 'csv', isText: true, isLike: isCsv, guess, describe, rows }
