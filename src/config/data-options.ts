// Options for reading a dataset, and reports about one. Shared by the data room, the worker's API and the page.
import type { Asking } from './asking'
import { type AskingOptions, askingFields } from './asking-fields'
import { type Field, type SettingsOf, defaults } from './field'
import type { Phrase } from './phrase'
import type { ReadHow } from './read-how'

/** What a column can be. */
export const columnRoles = [
  'text',
  'prompt',
  // A further part of the prompt, on its own line.
  'input',
  'completion',
  // List of turns.
  'messages',
  // An answer beside the list of turns: the chosen one of a preference pair.
  'answer',
  'system',
  'tools',
  // Turns before the prompt: pairs of question and answer, or a list of turns.
  'history',
] as const
type ColumnRole = (typeof columnRoles)[number]
/** Role → column. */
export type ColumnRoles = Partial<Record<ColumnRole, string>>

export const formatField = {
  key: 'format',
  type: 'choice',
  label: 'Format',
  help: 'How the rows are written. By default, the first rows decide.',
  default: 'auto',
  options: [
    { value: 'auto', label: 'Detect' },
    { value: 'text', label: 'Text' },
    { value: 'prompt-completion', label: 'Prompt and completion' },
    { value: 'instruction', label: 'Instruction, input, output' },
    { value: 'messages', label: 'Messages (roles)' },
    { value: 'conversations', label: 'Conversations (from, value)' },
    { value: 'tokens', label: 'Token ids' },
  ],
} as const satisfies Field

export const trainOnField = {
  key: 'trainOn',
  type: 'choice',
  label: 'Train on',
  help: 'Which tokens are trained on. The whole of a plain text counts as its completion.',
  default: 'completion',
  options: [
    { value: 'completion', label: 'The completion' },
    { value: 'all-assistant', label: 'All assistant turns' },
    { value: 'everything', label: 'Everything' },
  ],
} as const satisfies Field

const skipBadField = {
  key: 'skipBadLines',
  type: 'boolean',
  label: 'Leave out unusable lines',
  help: 'Trains on the other rows.',
  default: false,
  flag: 'skip-bad',
} as const satisfies Field

/** The options for reading rows that have one value, apart from those about how a row is asked. */
const plainFields = [formatField, trainOnField, skipBadField] as const satisfies readonly Field[]

/** The page and the command line get them from here. */
export const rowFields = [...plainFields, ...askingFields] as const satisfies readonly Field[]

/** The columns by role, as text. On the page a person chooses them by hand. */
export const columnsField = {
  key: 'columns',
  type: 'text',
  label: 'Columns',
  help: `The columns by role, such as prompt=problem,completion=solution. They take precedence over the format. Roles: ${columnRoles.join(', ')}.`,
  default: '',
} as const satisfies Field

/** How rows become examples. */
export interface DataOptions extends SettingsOf<typeof plainFields>, AskingOptions {
  /** Columns chosen by hand: role → column. They override `format`. */
  columns?: ColumnRoles
  /** How the adapter that the rows are for is asked. Rows are asked in the same way where the options do not say otherwise. */
  like?: Asking
  /** How the file is read; absent = everything is guessed. */
  read?: ReadHow
  /** Share of rows held out for evaluation, if there is no separate file. */
  holdOut: number
  /** Of pictures: at most so many of each class are trained on; absent = all. */
  shots?: number
  seed: number
}

/** Options if nothing is chosen. The split has its own fixed seed, so that runs with different seeds are evaluated on the same rows. */
export const defaultDataOptions: DataOptions = { ...defaults(plainFields), holdOut: 0.1, seed: 0 }

/** Characters of a dataset that the model's vocabulary cannot write, or words if it has whole words only. */
export interface UnknownReport {
  /** At most 20, the most frequent first; invisible ones as their code (U+200B). */
  characters: string[]
  /** Number of different characters. */
  count: number
  /** Number of rows with such characters. */
  rows: number
  /** Number of trained tokens that replace them. */
  trainedTokens: number
  /** The token that replaces them; absent = they are left out. */
  readAs?: string
}

export interface DataReport {
  id: string
  name: string
  format: DataOptions['format']
  /** How its rows are asked. An adapter that is trained on them keeps it. */
  asking: Asking
  /** Names of its columns, the most frequent first, for choosing columns by hand. */
  columns: string[]
  rows: number
  trainRows: number
  evalRows: number
  /** Where the evaluation rows come from. */
  evalSource: 'held out' | 'file' | 'none'
  /** The length that rows are cut at. The numbers of this report are for this length; the rows are read once for all lengths. */
  maxLength: number
  tokens: number
  trainedTokens: number
  /** Rows cut at maxLength. */
  cutRows: number
  /** The first 1000 rows that are left out, each with a reason; `problemCount` is the number of all. */
  problems: { line: number; reason: Phrase }[]
  problemCount: number
  /** Token lengths: counts in equal bins from 0. */
  histogram: { binWidth: number; counts: number[]; longest: number }
  /** Characters that the vocabulary cannot write, if there are any. */
  unknown?: UnknownReport
  /** Sentences for the person: how the rows were understood, what was not used. */
  notes: Phrase[]
  /** There for pictures, and absent for text. `byFolder`: folders named test, val and the like say what is evaluated on. */
  pictures?: { classes: { name: string; pictures: number; train: number; eval: number }[]; byFolder: boolean }
}

/** The first rows of a file under a mapping, for choosing columns by hand. */
export interface MappedRows {
  /** Columns of the first rows, in the order of the file. */
  columns: string[]
  /** Columns by role: the given ones, the detected ones, or a guess. */
  roles: ColumnRoles
  /** Why rows cannot be read with the format and columns that were asked for. */
  problem?: Phrase
  rows: MappedRow[]
}

/** A row as it is in the file, and as it is read with the roles; long texts are shortened. */
export interface MappedRow {
  line: number
  columns: { name: string; text: string }[]
  parts: { role: 'text' | 'prompt' | 'completion' | 'system' | 'user' | 'assistant' | 'tool' | 'tools' | 'tokens'; text: string }[]
  problem?: Phrase
}

/** An example as coloured tokens. */
export interface ExamplePreview {
  row: number
  /** Tokens of a very long row that are left out of `tokens`: their number, and the index in `tokens` that they precede. */
  skipped?: { at: number; count: number }
  tokens: { id: number; text: string; role: 'context' | 'trained' | 'cut' }[]
  /** Number of further tokens that are not shown. */
  more?: number
}
