// Tables of measurements as texts, for the page and for Markdown.
import { type Phrase, sentence } from './phrase'

export const unknown = '–'

export const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)

/** Three digits, or more if there are more before the decimal point. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return unknown
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(1e-9, Math.abs(value)))))
  return value.toFixed(Math.min(4, digits))
}

/** A table of the report as texts. The first `words` columns are words, the others are numbers. */
export interface BenchTable {
  title: Phrase
  head: readonly string[]
  /** A cell that is a phrase is translated; so is the first of a row. */
  rows: readonly (readonly (string | Phrase)[])[]
  words: number
}

const cellText = (cell: string | Phrase): string => (typeof cell === 'string' ? cell : sentence(cell))

/** A table in Markdown, without its title. */
export function markdownTable({ head, rows, words }: Pick<BenchTable, 'head' | 'rows' | 'words'>): string {
  const line = (cells: readonly (string | Phrase)[]) => `| ${cells.map(cellText).join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i < words ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
