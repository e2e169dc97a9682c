// Rows of several files as one list: joined on a key column, or each file with a weight.
import { JsonNumber } from '../../config/exact-json'
import { shuffled } from '../random'
import type { Row } from '../row'

interface Joined {
  rows: Row[]
  /** Keys of rows on the left without a partner, and how many rows they are; the first 20. */
  unmatched: { count: number; keys: string[] }
  /** Keys that the right file has more than once; its first row of each is used. The first 20. */
  repeated: { count: number; keys: string[] }
}

const shownKeys = 20

/** The key of a row as text, so that `1` in a CSV file meets `1` in JSON; undefined if it has none. */
function keyOf(row: Row, column: string): string | undefined {
  const value = Object.hasOwn(row, column) ? row[column] : undefined
  if (typeof value === 'string') return value
  return typeof value === 'number' || value instanceof JsonNumber ? String(value) : undefined
}

/**
 * Each row of `left` with the columns of the row of `right` that has the same value in the column `key`; where both have a column, the
 * left one's value stays. Rows without a partner are left out and counted.
 */
export function joinRows(left: readonly Row[], right: readonly Row[], key: string): Joined {
  const partners = new Map<string, Row>()
  const repeated = { count: 0, keys: [] as string[] }
  const unmatched = { count: 0, keys: [] as string[] }
  const note = (found: typeof repeated, name: string): void => {
    found.count++
    if (found.keys.length < shownKeys && !found.keys.includes(name)) found.keys.push(name)
  }
  for (const row of right) {
    const name = keyOf(row, key)
    if (name === undefined) continue
    if (partners.has(name)) note(repeated, name)
    else partners.set(name, row)
  }
  const rows = left.flatMap((row) => {
    const name = keyOf(row, key)
    const partner = name === undefined ? undefined : partners.get(name)
    if (partner) return [{ ...row, ...Object.fromEntries(Object.entries(partner).filter(([column]) => !Object.hasOwn(row, column))) }]
    note(unmatched, name ?? '')
    return []
  })
  return { rows, unmatched, repeated }
}

/** The rows `weight` times, in their order: 2 = each twice, 0.5 = half of them, 1.5 = all and half of them again. The seed picks the half. */
export function weighted<T>(rows: readonly T[], weight: number, seed: number): T[] {
  const whole = Math.floor(weight)
  const extra = Math.round((weight - whole) * rows.length)
  const picked = new Set(shuffled(rows.length, seed).subarray(0, extra))
  return rows.flatMap((row, i) => Array.from({ length: whole + Number(picked.has(i)) }, () => row))
}
