// How the rows of a file are read: as which kind of file, and what such a kind leaves open. Each is guessed unless it is given.
import { type SettingsOf, defaults } from './field'

const auto = { value: 'auto', label: 'Detect' } as const

/** The code pages that text is read in, by their names in the Encoding Standard. */
const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'koi8-r',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
] as const
export type Encoding = (typeof encodings)[number]

/** The options for reading a file. The page and the command line get them from here. */
export const readHowFields = [
  {
    key: 'kind',
    type: 'choice',
    label: 'Kind of file',
    help: 'How the file holds its rows. By default, its content decides.',
    default: 'auto',
    flag: 'read-as',
    options: [
      auto,
      { value: 'jsonl', label: 'JSONL or JSON' },
      { value: 'csv', label: 'CSV or TSV' },
      { value: 'text', label: 'Text' },
      { value: 'markdown', label: 'Markdown' },
      { value: 'parquet', label: 'Parquet' },
    ],
  },
  {
    key: 'separator',
    type: 'choice',
    label: 'Separator',
    help: 'What separates the fields of a CSV file.',
    default: 'auto',
    flag: 'csv-separator',
    options: [
      auto,
      { value: 'comma', label: 'Comma' },
      { value: 'semicolon', label: 'Semicolon' },
      { value: 'tab', label: 'Tab' },
      { value: 'pipe', label: 'Vertical bar' },
    ],
  },
  {
    key: 'header',
    type: 'choice',
    label: 'Header row',
    help: 'Whether the first row of a CSV file has the names of its columns.',
    default: 'auto',
    options: [auto, { value: 'yes', label: 'Yes' }, { value: 'no', label: 'No' }],
  },
  {
    key: 'textRows',
    type: 'choice',
    label: 'Rows of a text',
    help: 'Whether a text or Markdown file is one row, or has a row for each paragraph.',
    default: 'auto',
    options: [auto, { value: 'document', label: 'One for the file' }, { value: 'paragraph', label: 'One for each paragraph' }],
  },
  {
    key: 'encoding',
    type: 'choice',
    label: 'Encoding',
    help: 'The code page that the text of the file is in.',
    default: 'auto',
    options: [auto, ...encodings.map((value) => ({ value, label: value }))],
  },
] as const

export type ReadHow = SettingsOf<typeof readHowFields>
export type FileKind = Exclude<ReadHow['kind'], 'auto'>

/** Everything is guessed. */
export const autoHow: ReadHow = defaults(readHowFields)

/** What is given, and not guessed. */
export const givenHow = (how: ReadHow): Partial<ReadHow> => Object.fromEntries(Object.entries(how).filter(([, value]) => value !== 'auto'))
