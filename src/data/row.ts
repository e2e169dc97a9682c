// A row as it is read, and how its columns are understood.
import type { ColumnRoles, DataOptions } from '../config/data-options'

export type RowFormat = Exclude<DataOptions['format'], 'auto'>
export type Row = Readonly<Record<string, unknown>>

/** Roles that rows may lack; they are read from the first row that has them. */
export type Optional = 'input' | 'system' | 'tools' | 'history'

export interface Mapping {
  format: RowFormat
  columns: ColumnRoles
  optional: readonly Optional[]
  notes: string[]
}
