// Names of columns, and what their values say about them.
import { JsonNumber } from '../config/exact-json'
import type { Row } from './row'

/** Column names by role, the most telling first. */
export const names = {
  prompt: ['prompt', 'question', 'query', 'instruction', 'problem', 'input', 'source'],
  input: ['input', 'context'],
  completion: ['completion', 'output', 'response', 'answer', 'target', 'solution', 'chosen'],
  messages: ['messages', 'conversations', 'conversation', 'dialogue', 'dialog', 'turns', 'chat'],
  text: ['text', 'content', 'story', 'document', 'body'],
  system: ['system', 'system_prompt'],
  tools: ['tools', 'functions'],
  history: ['history'],
} as const

/** The answer that belongs to a question, if a row has several answers. */
const partners: Readonly<Record<string, string>> = { problem: 'solution', question: 'answer', source: 'target' }

/** Names of answers, the one that belongs to this question first. */
export const answersTo = (question: string): string[] => [...(partners[question] ? [partners[question]] : []), ...names.completion]

/** Columns that describe a row and are not part of its text. */
const metadata =
  /(^|_)(ids?|uuid|guid|idx|index|source|origin|dataset|split|licen[cs]e|url|uri|link|lang|language|date|time|timestamp|hash)$/i
export const isMetadata = (column: string): boolean => metadata.test(column)

export const has = (row: Row, column: string | undefined): column is string => column !== undefined && Object.hasOwn(row, column)
export const isWords = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value) || value instanceof JsonNumber

/** The first of these columns whose value fits. */
export const firstOf = (row: Row, candidates: readonly string[], fits: (value: unknown) => boolean): string | undefined =>
  candidates.find((name) => has(row, name) && fits(row[name]))

/** One word with a digit in it, an address or a path. (Not `\S*\d\S*`, which is quadratic in the length of the text.) */
const isName = (value: string): boolean => !/\s/.test(value) && (/\d/.test(value) || /^\w+:\/\/\S|^[\w.-]+(\/[\w.-]+)+$/.test(value))

/** What the first rows of a dataset say about its columns. */
export class ColumnFacts {
  private readonly rows: readonly Row[]
  private readonly values = new Map<string, string[]>()

  /** Goes through the rows once, however many columns they have. */
  constructor(rows: readonly Row[]) {
    this.rows = rows
    for (const row of rows)
      for (const column of Object.keys(row)) {
        if (!isWords(row[column])) continue
        const values = this.values.get(column) ?? []
        values.push(String(row[column]).trim())
        this.values.set(column, values)
      }
  }

  /** Whether there are several rows and all have the same text. */
  isConstant(column: string): boolean {
    const values = this.of(column)
    return values.length > 1 && new Set(values).size === 1
  }

  /** Whether the values are ids, addresses or a few short labels that repeat. Such values name a row and ask nothing. */
  isLabel(column: string): boolean {
    const values = this.of(column)
    if (this.isConstant(column)) return true
    if (values.every(isName)) return true
    return new Set(values).size <= 0.75 * values.length && values.every((value) => value.split(/\s+/, 4).length <= 3)
  }

  /** Columns of text that differ from row to row and whose names do not mean metadata. */
  varying(): string[] {
    const columns = new Set(this.rows.flatMap((row) => Object.keys(row).filter((column) => typeof row[column] === 'string')))
    return [...columns].filter((column) => !isMetadata(column) && !this.isConstant(column))
  }

  private of(column: string): string[] {
    return this.values.get(column) ?? []
  }
}
