// A row as it is read, and how its columns are understood.
import type { DataOptions } from '../config/data-options'

export type RowFormat = Exclude<DataOptions['format'], 'auto'>
export type Row = Readonly<Record<string, unknown>>

/** Roles that rows may leave out; they are read where they begin. */
export type Optional = 'input' | 'system' | 'tools' | 'history'

export interface Mapping {
  format: RowFormat
  /** Role → column. */
  columns: {
    text?: string
    prompt?: string
    /** More of the prompt, on a line of its own. */
    input?: string
    completion?: string
    /** List of turns. */
    messages?: string
    /** An answer beside the list of turns: the chosen one of a preference pair. */
    answer?: string
    system?: string
    tools?: string
    /** Turns before the prompt: pairs of question and answer, or a list of turns. */
    history?: string
  }
  optional: readonly Optional[]
  notes: string[]
}
