// Rows as the fake engine understands them: words for tokens, no tokenizer.
import type { Asking } from '../config/asking'
import { say } from '../config/phrase'
import type { RowMap } from '../config/row-map'
import type { ColumnRoles, DataOptions, DataReport } from '../worker/api'

interface Row {
  prompt: string
  completion: string
}

function rowOf(value: unknown, roles: ColumnRoles = {}): Row | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const row = value as Record<string, unknown>
  const text = (...keys: string[]): string =>
    keys
      .map((k) => row[k])
      .filter((v) => typeof v === 'string')
      .join(' ')
  const completion = text(roles.completion ?? roles.text ?? 'completion', 'output', 'text', 'answer')
  return completion ? { prompt: text(roles.prompt ?? 'prompt', 'instruction', 'input', 'question'), completion } : undefined
}

export const tokensOf = (text: string): string[] => text.match(/\s*[^\s]{1,5}/g) ?? []

export interface Loaded {
  /** Rows with something to train on at a maximum length. */
  rows(maxLength: number): Row[]
  report(maxLength: number): DataReport
}

function readRows(text: string, roles?: ColumnRoles): { rows: Row[]; columns: string[]; problems: DataReport['problems'] } {
  const rows: Row[] = []
  const problems: DataReport['problems'] = []
  const columns = new Set<string>()
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    try {
      const value: unknown = JSON.parse(line)
      const row = rowOf(value, roles)
      if (row) rows.push(row)
      else problems.push({ line: i + 1, reason: say`expected a row with text, or with a prompt and a completion, got neither` })
      for (const key of Object.keys(value as object)) columns.add(key)
    } catch {
      problems.push({ line: i + 1, reason: say`expected JSON, got something else` })
    }
  }
  return { rows, columns: [...columns], problems }
}

function histogram(lengths: number[]): DataReport['histogram'] {
  const longest = Math.max(1, ...lengths)
  const binWidth = Math.max(1, Math.ceil(longest / 24))
  const counts = new Array<number>(Math.ceil((longest + 1) / binWidth)).fill(0)
  for (const length of lengths) counts[Math.floor(length / binWidth)] = (counts[Math.floor(length / binWidth)] ?? 0) + 1
  return { binWidth, counts, longest }
}

/** The fake vocabulary has no emoji. */
function unknownOf(rows: Row[]): Pick<DataReport, 'unknown'> {
  const emoji = /[\u{10000}-\u{10ffff}]/gu
  const found = rows.filter((row) => (row.prompt + row.completion).match(emoji))
  const characters = [...new Set(found.flatMap((row) => (row.prompt + row.completion).match(emoji) ?? []))]
  const trainedTokens = found.flatMap((row) => row.completion.match(emoji) ?? []).length
  return found.length ? { unknown: { characters, count: characters.length, rows: found.length, trainedTokens, readAs: '<unk>' } } : {}
}

export function loadRows(name: string, text: string, options: DataOptions, hasEvalFile: boolean): Loaded {
  const { rows: all, columns, problems } = readRows(text, options.columns)
  const detected = columns.includes('instruction') ? 'instruction' : columns.includes('text') ? 'text' : 'prompt-completion'
  const { taskDescription = '', systemWords = '' } = options
  const asking: Asking = { form: 'template', taskDescription, systemWords, ends: [] }
  const about = { id: crypto.randomUUID(), name, format: options.format === 'auto' ? detected : options.format, columns, asking }
  const lengthOf = (r: Row): number => tokensOf(r.prompt).length + tokensOf(r.completion).length
  const rowsAt = (maxLength: number): Row[] => all.filter((r) => tokensOf(r.prompt).length < maxLength)
  return {
    rows: rowsAt,
    report(maxLength) {
      const rows = rowsAt(maxLength)
      const lengths = rows.map(lengthOf)
      const lost = all
        .filter((r) => !rows.includes(r))
        .map((r) => ({ line: all.indexOf(r) + 1, reason: say`its prompt fills the maximum length` }))
      const evalRows = hasEvalFile ? Math.ceil(rows.length / 5) : Math.round(rows.length * options.holdOut)
      return {
        ...about,
        rows: rows.length,
        trainRows: hasEvalFile ? rows.length : rows.length - evalRows,
        evalRows,
        evalSource: hasEvalFile ? 'file' : evalRows > 0 ? 'held out' : 'none',
        maxLength,
        tokens: lengths.reduce((sum, l) => sum + Math.min(l, maxLength), 0),
        trainedTokens: rows.reduce((a, r) => a + tokensOf(r.completion).length, 0),
        cutRows: lengths.filter((l) => l > maxLength).length,
        problems: [...problems, ...lost].slice(0, 1000),
        problemCount: problems.length + lost.length,
        notes: [],
        ...unknownOf(rows),
        histogram: histogram(all.map(lengthOf)),
      }
    },
  }
}

/** A spiral of the lines of a file. */
export function fakeMap(jsonl: string): RowMap {
  const lines = jsonl.split('\n').flatMap((line, i) => (line ? [i + 1] : []))
  const at = (turn: (angle: number) => number): number[] => lines.map((line) => Math.sqrt(line) * turn(line))
  return {
    lines,
    x: at(Math.cos),
    y: at(Math.sin),
    losses: lines.map((line) => 1 + (line % 7) / 2),
    tokens: lines.map((line) => 20 + (line % 5)),
    shares: [0.4, 0.2],
    leftOut: 0,
    timeMs: 1200,
  }
}
