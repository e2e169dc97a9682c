// A row, and which of its columns has which role.
import type { ColumnRoles, DataOptions } from '../config/data-options'
import type { Phrase } from '../config/phrase'

export type RowFormat = Exclude<DataOptions['format'], 'auto'>
export type Row = Readonly<Record<string, unknown>>

/** Roles that not every row needs. They are read from the first row that has them on. */
export type Optional = 'input' | 'system' | 'tools' | 'history'

export interface Mapping {
  format: RowFormat
  columns: ColumnRoles
  optional: readonly Optional[]
  notes: Phrase[]
}
