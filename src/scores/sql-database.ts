// The database that a row brings: the statements CREATE TABLE and INSERT in its prompt. Tables without rows get some that are made up.
import { seededRandom } from '../data/random'
import { SqlDatabase, type SqlTable } from './sqlite'

const begins = /\b(?:create\s+(?:temp\w*\s+)?table|insert\s+(?:or\s+\w+\s+)?into)\b/giu
/** Texts and comments, in which brackets and semicolons mean nothing; what is not closed ends with the prompt. */
const opaque = /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|--[^\n]*|\/\*[^]*?(?:\*\/|$)/gu
const [mostStatements, longest] = [2000, 20_000]

/** The statements in a prompt, each up to its semicolon. Without one, CREATE TABLE ends with its brackets, and INSERT with its line. */
export function statementsIn(prompt: string): string[] {
  const out: string[] = []
  let [from, tried] = [0, 0]
  for (const { 0: head, index } of prompt.matchAll(begins)) {
    if (index < from || ++tried > mostStatements) continue
    const text = prompt.slice(index, index + longest)
    const plain = text.replace(opaque, (found) => ' '.repeat(found.length))
    const end = /^c/i.test(head) ? tableEnd(plain) : insertEnd(plain)
    if (end === undefined) continue
    out.push(text.slice(0, end))
    from = index + end
  }
  return out
}

/** The place behind the brackets of a table. */
function tableEnd(plain: string): number | undefined {
  const open = plain.indexOf('(')
  const stop = plain.indexOf(';')
  if (open < 0 || (stop >= 0 && stop < open)) return undefined
  let depth = 0
  for (let at = open; at < plain.length; at++) {
    if (plain[at] === '(') depth++
    if (plain[at] === ')' && --depth === 0) return at + 1
  }
  return undefined
}

function insertEnd(plain: string): number {
  const stop = plain.indexOf(';')
  if (stop >= 0) return stop
  const line = plain.indexOf('\n')
  return line < 0 ? plain.length : line
}

/** Numbers and texts that a query names. */
function namedIn(query: string): { numbers: number[]; texts: string[] } {
  const quoted = [...query.matchAll(/'((?:[^']|'')*)'|"((?:[^"]|"")*)"/gu)].map((found) => found[1] ?? found[2])
  const numbers = [...query.replace(opaque, ' ').matchAll(/(?<![\w.])\d+(?:\.\d+)?/gu)].map(([text]) => Number(text))
  return { numbers: [...numbers, ...quoted.filter((text) => /^-?\d+(\.\d+)?$/.test(text)).map(Number)], texts: quoted }
}

const madeRows = 60
const words = ['alpha', 'beta', 'gamma', 'delta', 'epsilon']

/**
 * Rows for an empty table, the same each time. They use the values that the expected query names, and their neighbours, so that its
 * conditions hold for some rows and fail for others (the idea of test suites of databases: Zhong et al. 2020, arXiv 2010.02840).
 */
function fillTable(db: SqlDatabase, { name, columns }: SqlTable, expected: string, seed: number): void {
  const random = seededRandom(seed)
  const named = namedIn(expected)
  const numbers = [...named.numbers.flatMap((n) => [n, n, n - 1, n + 1]), 1, 2, 3, 4, 5]
  const texts = [...named.texts.flatMap((text) => [text.replaceAll('%', ''), text]), ...words]
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]
  const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
  const valueOf = (type: string): string => {
    const isNumber = /INT|REAL|FLOA|DOUB|NUM|DEC|BOOL/u.test(type)
    return isNumber ? String(pick(numbers)) : quoted(pick(texts))
  }
  const identifier = (text: string): string => `"${text.replaceAll('"', '""')}"`
  const rows = Array.from({ length: madeRows }, () => `(${columns.map(({ type }) => valueOf(type)).join(', ')})`)
  // Rows that break a key of the table are left out.
  db.setUp(`INSERT OR IGNORE INTO ${identifier(name)} VALUES ${rows.join(', ')}`)
}

/** The database of a prompt; undefined if it has no tables or they cannot be made. Close it after use. */
export function databaseOf(prompt: string, expected: string): SqlDatabase | undefined {
  const statements = statementsIn(prompt)
  if (!statements.some((text) => /^create/i.test(text))) return undefined
  const db = new SqlDatabase()
  try {
    for (const statement of statements) db.setUp(statement)
    for (const [i, table] of db.tables().entries())
      if (db.rowsOf(`SELECT 1 FROM "${table.name.replaceAll('"', '""')}" LIMIT 1`)?.length === 0) fillTable(db, table, expected, i)
    db.lock()
    return db
  } catch {
    db.close()
    return undefined
  }
}
