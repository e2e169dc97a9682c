// Runs queries of strangers in SQLite, which is loaded when it is first needed. Every database is in memory and belongs to one row. A query
// can only read; how long it runs and how much it takes are bounded by counts, so that a score is the same on every machine.
import type { Database, Sqlite3Static } from '@sqlite.org/sqlite-wasm'
import { sqlTokens } from './sql-tokens'

export type SqlValue = null | number | bigint | string | Uint8Array

/** Steps of SQLite's machine that a query may take, and those between two checks. */
const [mostSteps, stepsBetween] = [2_000_000, 10_000]
const mostRows = 10_000
/** Bytes of a text, of a query, and of all databases together. */
const [textBytes, queryBytes, heapBytes] = [100_000, 100_000, 64 * 2 ** 20]

let sqlite: Sqlite3Static | undefined
let loading: Promise<void> | undefined

async function load(): Promise<void> {
  // No storage of the browser is set up, and statements that fail are no warnings: a model's query may be wrong.
  const quiet = (): void => undefined
  Object.assign(globalThis, {
    sqlite3ApiConfig: {
      warn: quiet,
      log: quiet,
      debug: quiet,
      disable: { vfs: { opfs: true, 'opfs-vfs': true, 'opfs-wl': true, 'opfs-sahpool': true, kvvfs: true } },
    },
  })
  const { default: init } = await import('@sqlite.org/sqlite-wasm')
  sqlite = await init()
  const db = new sqlite.oo1.DB(':memory:')
  db.exec(`PRAGMA hard_heap_limit = ${heapBytes}`)
  db.close()
}

/** Loads SQLite once. */
export function loadSqlite(): Promise<void> {
  loading ??= load()
  return loading
}

export interface SqlTable {
  name: string
  columns: { name: string; type: string }[]
}

/** Whether nothing but white space and comments is behind the end of the first statement. */
function isOne(query: string): boolean {
  const tokens = sqlTokens(query)
  const end = tokens.indexOf(';')
  return end < 0 || end === tokens.length - 1
}

/** A database in memory. Close it after use. @throws Error if SQLite is not loaded */
export class SqlDatabase {
  private readonly sqlite: Sqlite3Static
  private readonly db: Database
  private steps = 0

  constructor() {
    if (!sqlite) throw new Error('sql-execution: expected loadScores before the score is used.')
    this.sqlite = sqlite
    this.db = new sqlite.oo1.DB(':memory:')
    const { capi } = sqlite
    capi.sqlite3_limit(this.db, capi.SQLITE_LIMIT_LENGTH, textBytes)
    capi.sqlite3_limit(this.db, capi.SQLITE_LIMIT_SQL_LENGTH, queryBytes)
    capi.sqlite3_progress_handler(this.db, stepsBetween, () => (++this.steps > mostSteps / stepsBetween ? 1 : 0), 0)
    const denied: readonly number[] = [capi.SQLITE_ATTACH, capi.SQLITE_DETACH, capi.SQLITE_PRAGMA]
    this.permit((action) => !denied.includes(action))
  }

  private permit(allows: (action: number) => boolean): void {
    const { capi } = this.sqlite
    capi.sqlite3_set_authorizer(this.db, (_: unknown, action: number) => (allows(action) ? capi.SQLITE_OK : capi.SQLITE_DENY), 0)
  }

  /** Creates and fills tables. @throws Error of SQLite */
  setUp(statements: string): void {
    this.steps = 0
    this.db.exec(statements)
  }

  /** The tables that there are now. */
  tables(): SqlTable[] {
    this.permit(() => true)
    const found = this.db.selectArrays(
      "SELECT m.name, c.name, upper(c.type) FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' ORDER BY m.rowid, c.cid",
    )
    const tables = new Map<string, SqlTable>()
    for (const [table, name, type] of found.map((row) => row.map(String))) {
      const known = tables.get(table) ?? { name: table, columns: [] }
      tables.set(table, { ...known, columns: [...known.columns, { name, type }] })
    }
    return [...tables.values()]
  }

  /** From here on, statements can only read. */
  lock(): void {
    const { capi } = this.sqlite
    const reading: readonly number[] = [capi.SQLITE_SELECT, capi.SQLITE_READ, capi.SQLITE_FUNCTION, capi.SQLITE_RECURSIVE]
    this.permit((action) => reading.includes(action))
  }

  /** The rows of one query; undefined if it fails, is more than a query, runs too long or gives too much. */
  rowsOf(query: string): SqlValue[][] | undefined {
    if (!isOne(query)) return undefined
    this.steps = 0
    const rows: SqlValue[][] = []
    try {
      const statement = this.db.prepare(query)
      try {
        if (statement.columnCount === 0) return undefined
        while (statement.step()) if (rows.push(statement.get([]) as SqlValue[]) > mostRows) return undefined
        return rows
      } finally {
        statement.finalize()
      }
    } catch {
      return undefined
    }
  }

  close(): void {
    this.db.close()
  }
}
