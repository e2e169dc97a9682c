import { databaseOf, statementsIn } from './sql-database'
import { type SqlDatabase, type SqlValue, loadSqlite } from './sqlite'
import { mean, mostly, score } from './score'
import { cutBefore, sqlTokens } from './sql-tokens'

interface Executed {
  runs: boolean
  right: boolean
}

/** A value apart from its type: 1, 1.0 and 1n are the same; sums may differ in their last digits. */
function shown(value: SqlValue): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return `text ${value}`
  if (value instanceof Uint8Array) return `blob ${value.join()}`
  return `number ${Number(Number(value).toPrecision(12))}`
}

/** The rows as text, in an order that matters only if the query asks for one. */
function resultOf(rows: readonly SqlValue[][], ordered: boolean): string {
  const lines = rows.map((row) => JSON.stringify(row.map(shown)))
  return (ordered ? lines : lines.toSorted()).join('\n')
}

const order = new Set(['order'])
const isOrdered = (query: string): boolean => cutBefore(sqlTokens(query), order).length > 1

function compared(db: SqlDatabase, expected: string, answer: string): Executed {
  const wanted = db.rowsOf(expected)
  const said = db.rowsOf(answer)
  // If the expected query does not run, the texts are compared.
  if (!wanted) return { runs: said !== undefined, right: answer.trim() === expected.trim() }
  const ordered = isOrdered(expected)
  return { runs: said !== undefined, right: said !== undefined && resultOf(said, ordered) === resultOf(wanted, ordered) }
}

export const sqlExecution = score({
  name: 'sql-execution',
  label: 'SQL result',
  help: 'The share of queries that give the same rows as the expected one when they are executed on the tables in the prompt (CREATE TABLE, and INSERT if there is one). The order of the rows counts if the expected query has ORDER BY.',
  figures: [
    { key: 'sqlResult', label: 'SQL result right', form: 'share' },
    { key: 'sqlRuns', label: 'Queries that run', form: 'share' },
  ],
  suits: (rows) =>
    mostly(rows, ({ prompt, expected }) => /^\s*(select|with)\b/i.test(expected) && statementsIn(prompt).some((text) => /^c/i.test(text))),
  load: loadSqlite,
  judge({ prompt, expected, answer }): Executed {
    const db = databaseOf(prompt, expected)
    if (!db) return { runs: false, right: answer.trim() === expected.trim() }
    try {
      return compared(db, expected, answer)
    } finally {
      db.close()
    }
  },
  grade: ({ right }) => (right ? 1 : 0),
  figuresOf: (judgements) => ({
    sqlResult: mean(judgements.map(({ right }) => (right ? 1 : 0))),
    sqlRuns: mean(judgements.map(({ runs }) => (runs ? 1 : 0))),
  }),
})
