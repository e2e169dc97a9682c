import { partsScore } from './parts-score'
import { mostly } from './score'
import { sqlParts } from './sql-parts'
import { tableIn, wikiSqlParts } from './wikisql'

/** The parts of a query in WikiSQL's notation if the prompt names its columns, otherwise (or if it is not in that notation) in standard SQL. */
function partsOf(text: string, prompt: string): string[] | undefined {
  const table = tableIn(prompt)
  return (table && wikiSqlParts(text, table)) ?? sqlParts(text)
}

export const sql = partsScore({
  name: 'sql',
  label: 'SQL',
  help: 'The share of queries that are the same in normal form, and micro F1 over their parts: columns, tables, conditions, groups, order, limit. The queries are not executed.',
  key: 'sql',
  labels: { f1: 'SQL part F1', right: 'SQL right', parsed: 'Answers that are queries' },
  first: 'right',
  suits: (rows) => mostly(rows, ({ expected, prompt }) => partsOf(expected, prompt) !== undefined),
  parts: partsOf,
})
