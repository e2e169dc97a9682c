import { JsonNumber } from '../../config/exact-json'
import { say } from '../../config/phrase'
import type { Row } from '../../data/row'
import { checkColumn } from '../columns'
import { checkFile, fileField } from '../file-field'
import type { WorkRow } from '../row'
import { forRows, rowStep } from '../step'

export const joinFile = rowStep({
  name: 'join-file',
  label: 'Join a file',
  help: 'Gives the rows of the other files the columns of the row of a file that has the same key. Rows without such a row are dropped, and so are the rows of the file itself.',
  fields: [fileField, { key: 'column', type: 'text', label: 'Key', help: 'A column of both.', default: '', maxLength: 200 }],
  // The rows of the file are gone after it.
  idempotent: false,
  async apply(rows, { file, column }, work) {
    if (file === '') {
      work.tally.note(say`No file is named, so nothing is joined.`)
      return [...rows]
    }
    checkFile('join-file', rows, file)
    checkColumn('join-file', rows, column)
    const { partners, repeated } = partnersOf(rows, file, column)
    if (repeated) work.tally.note(say`The first row of ${file} with each key is used. Rows that repeat a key: ${repeated}.`)
    const out: WorkRow[] = []
    await forRows(rows, work, (row) => {
      if (row.origin.file === file) return work.tally.drop(row, say`Its columns went to the rows with its key.`)
      const key = keyOf(row.value, column)
      const partner = key === undefined ? undefined : partners.get(key)
      if (!partner) return work.tally.drop(row, say`No row of ${file} has its key.`)
      const joined = { ...row, value: { ...row.value, ...newColumns(row.value, partner) } }
      work.tally.edit(row, joined)
      out.push(joined)
    })
    return out
  },
})

/** The key of a row as text, so that `1` in a CSV file meets `1` in JSON; undefined if it has none. */
function keyOf(row: Row, column: string): string | undefined {
  const value = Object.hasOwn(row, column) ? row[column] : undefined
  if (typeof value === 'string') return value
  return typeof value === 'number' || value instanceof JsonNumber ? String(value) : undefined
}

/** The first row of the file for each key, and the number of rows that have a key again. */
function partnersOf(rows: readonly WorkRow[], file: string, column: string): { partners: ReadonlyMap<string, Row>; repeated: number } {
  const partners = new Map<string, Row>()
  let repeated = 0
  for (const { origin, value } of rows) {
    const key = origin.file === file ? keyOf(value, column) : undefined
    if (key === undefined) continue
    if (partners.has(key)) repeated++
    else partners.set(key, value)
  }
  return { partners, repeated }
}

/** Columns that the row does not have itself. */
const newColumns = (row: Row, partner: Row): Row =>
  Object.fromEntries(Object.entries(partner).filter(([column]) => !Object.hasOwn(row, column)))
