// The texts in the columns of a row, at any depth.
import { JsonNumber, entriesOf, stringifyJson } from '../config/exact-json'
import type { WorkRow } from './row'

/** The row with `change` applied to all its texts, at any depth; the same object if nothing changes. */
export function withTexts(row: WorkRow, change: (text: string) => string): WorkRow {
  const value = Object.fromEntries(Object.entries(row.value).map(([column, item]) => [column, changed(item, change)]))
  return stringifyJson(value) === stringifyJson(row.value) ? row : { ...row, value }
}

function changed(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => changed(item, change))
  const entries = entriesOf(value)?.map(([key, item]) => [key, changed(item, change)] as const)
  if (!entries) return value
  return value instanceof Map ? new Map(entries) : Object.fromEntries(entries)
}

/** All texts in a value, at any depth. Numbers count as texts. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number' || value instanceof JsonNumber) return [String(value)]
  const items = Array.isArray(value) ? value : (entriesOf(value) ?? []).map(([, item]) => item)
  return items.flatMap(textsIn)
}
