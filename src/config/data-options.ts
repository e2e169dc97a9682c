// What is set and said about a dataset. Shared by the data room, the worker's API and the page.
import type { AskingForm } from './asking'
import type { Phrase } from './phrase'

/** Role → column. */
export interface ColumnRoles {
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

/** How rows become examples. */
export interface DataOptions {
  /** auto, or one format by name. */
  format: 'auto' | 'text' | 'prompt-completion' | 'instruction' | 'messages' | 'conversations' | 'tokens'
  /** Mapping by hand: role → column; wins over `format`. */
  columns?: ColumnRoles
  /** Loss on the completion only (text: everything). */
  trainOn: 'completion' | 'all-assistant' | 'everything'
  /** Share of rows held out for evaluation where there is no separate file. */
  holdOut: number
  /** Go on although some lines are bad. */
  skipBadLines: boolean
  /** Words in front of every prompt. */
  taskDescription?: string
  seed: number
}

/** Where nothing is chosen. The split has its own fixed seed: runs with different seeds are measured on the same rows. */
export const defaultDataOptions: DataOptions = {
  format: 'auto',
  trainOn: 'completion',
  holdOut: 0.1,
  skipBadLines: false,
  seed: 0,
}

/** Characters of a dataset that the model's vocabulary cannot write. */
export interface UnknownReport {
  /** The most frequent first, at most 20; invisible ones by their code (U+200B). */
  characters: string[]
  /** How many different ones there are. */
  count: number
  /** Rows that have some. */
  rows: number
  /** Trained tokens that stand for them. */
  trainedTokens: number
  /** The token they are read as; absent = they are left out. */
  readAs?: string
}

export interface DataReport {
  id: string
  name: string
  format: DataOptions['format']
  /** How its rows ask; absent for rows of token ids. */
  asked?: AskingForm
  /** Columns seen, most frequent first; for mapping by hand. */
  columns: string[]
  rows: number
  trainRows: number
  evalRows: number
  /** Where the evaluation rows come from. */
  evalSource: 'held out' | 'file' | 'none'
  /** The length that rows are cut at. This report says what is left at this length; the rows are read once for all lengths. */
  maxLength: number
  tokens: number
  trainedTokens: number
  /** Rows cut at maxLength. */
  cutRows: number
  /** Rows left out, each with a reason; at most 1000 listed, `problemCount` has them all. */
  problems: { line: number; reason: Phrase }[]
  problemCount: number
  /** Token lengths: counts in equal bins from 0. */
  histogram: { binWidth: number; counts: number[]; longest: number }
  /** Characters that the vocabulary cannot write, where there are any. */
  unknown?: UnknownReport
  /** Sentences a person should know: how the rows were understood, what was not used. */
  notes: Phrase[]
}

/** The first rows of a file under a mapping, for choosing columns by hand. */
export interface MappedRows {
  /** Columns of the first rows, in the order of the file. */
  columns: string[]
  /** Columns by role: those given, or as they were understood, or a guess. */
  roles: ColumnRoles
  /** Why rows cannot be read with the format and columns that were asked for. */
  problem?: Phrase
  rows: MappedRow[]
}

/** A row as it stands in the file, and as it is read with the roles; long texts are shortened. */
export interface MappedRow {
  line: number
  columns: { name: string; text: string }[]
  parts: { role: 'text' | 'prompt' | 'completion' | 'system' | 'user' | 'assistant' | 'tool' | 'tools' | 'tokens'; text: string }[]
  problem?: Phrase
}

/** An example as coloured tokens. */
export interface ExamplePreview {
  row: number
  /** Of a very long row, tokens that are not among `tokens`: so many before the one at `at`. */
  skipped?: { at: number; count: number }
  tokens: { id: number; text: string; role: 'context' | 'trained' | 'cut' }[]
  /** How many tokens follow that are not shown. */
  more?: number
}
