import { f1, microOverlap, overlapOf } from './overlap'
import { type AnsweredRow, mean, mostly, score } from './score'
import { sqlParts } from './sql-parts'
import { tableIn, wikiSqlParts } from './wikisql'

/** The parts of a query in WikiSQL's notation if the prompt names its columns, otherwise (or if it is not in that notation) in standard SQL. */
function partsOf(text: string, prompt: string): string[] | undefined {
  const table = tableIn(prompt)
  return (table && wikiSqlParts(text, table)) ?? sqlParts(text)
}

const isQuery = ({ prompt, expected }: Pick<AnsweredRow, 'prompt' | 'expected'>): boolean => partsOf(expected, prompt) !== undefined

export const sql = score({
  name: 'sql',
  label: 'SQL',
  help: 'The share of queries that are the same in normal form, and micro F1 over their parts: columns, tables, conditions, groups, order, limit. The queries are not executed.',
  figures: [
    { key: 'sqlRight', label: 'SQL right', form: 'share' },
    { key: 'sqlF1', label: 'SQL part F1', form: 'share' },
    { key: 'sqlParsed', label: 'Answers that are queries', form: 'share' },
  ],
  suits: (rows) => mostly(rows, isQuery),
  judge({ answer, expected, prompt }) {
    const said = partsOf(answer, prompt)
    return { parsed: said !== undefined, overlap: overlapOf(said ?? [], partsOf(expected, prompt) ?? [expected.trim()]) }
  },
  grade: ({ overlap }) => f1(overlap),
  figuresOf: (judgements) => ({
    sqlRight: mean(judgements.map(({ overlap }) => (f1(overlap) === 1 ? 1 : 0))),
    sqlF1: f1(microOverlap(judgements.map(({ overlap }) => overlap))),
    sqlParsed: mean(judgements.map(({ parsed }) => (parsed ? 1 : 0))),
  }),
})
