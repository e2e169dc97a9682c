// Rows as a table shows them: those that a person looks for, with short cells.
import { stringifyJson } from '../config/exact-json'
import type { Origin, Part, RowQuery } from '../config/recipe'
import type { WorkRow } from './row'

/** A row of the table. `place` is its number among all rows. */
interface ShownRow {
  place: number
  origin: Origin
  part: Part
  /** One for each column of the page. */
  cells: readonly string[]
}

export interface RowPage {
  /** Rows that fit the query. */
  total: number
  columns: readonly string[]
  rows: readonly ShownRow[]
}

/** Rows that the columns are taken from, and the most columns. */
const [firstRows, mostColumns] = [100, 40]
const mostCharacters = 160

/** The places of the rows that fit. */
export function placesOf(rows: readonly WorkRow[], { text, part, by }: RowQuery): number[] {
  const wanted = text.toLowerCase()
  const fits = (row: WorkRow): boolean =>
    (part === undefined || row.part === part) &&
    (by === undefined || row.origin.by === by) &&
    (wanted === '' || stringifyJson(row.value).toLowerCase().includes(wanted))
  return rows.flatMap((row, place) => (fits(row) ? [place] : []))
}

/** The rows at `places`, as a table of all `rows`. */
export function pageOf(rows: readonly WorkRow[], total: number, places: readonly number[]): RowPage {
  const columns = [...new Set(rows.slice(0, firstRows).flatMap(({ value }) => Object.keys(value)))].slice(0, mostColumns)
  const shown = places.map((place): ShownRow => {
    const { value, origin, part } = rows[place]
    return { place, origin, part, cells: columns.map((column) => cellOf(value[column])) }
  })
  return { total, columns, rows: shown }
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : stringifyJson(value)
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters).replace(/[\ud800-\udbff]$/, '')}…` : text
}
