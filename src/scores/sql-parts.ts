// Standard SQL as a list of parts: what is selected, from where, each condition, groups, order, limit. Two queries with the same parts in any
// order mean the same. (After the exact set match of Spider, Yu et al. 2018, but with the values.)
import { cutBefore, sqlTokens } from './sql-tokens'

const starts = /^\s*(select|with|insert|update|delete|create)\b/i
const clauses = new Set(['select', 'from', 'where', 'group', 'having', 'order', 'limit', 'offset'])
const joins = new Set(['join', 'left', 'right', 'full', 'cross', 'natural', ','])
const sets = new Set(['union', 'intersect', 'except'])
/** Words that change nothing. */
const idle = new Set(['as', 'inner', 'outer', 'asc'])

/** The query of an answer: without a code fence, and without what follows its semicolon. */
function queryIn(text: string): string {
  const fenced = /```(?:sql)?[^\S\n]*\n([^]*?)```/i.exec(text)?.[1] ?? text
  return fenced.trim().replace(/;\s*$/, '')
}

/** The parts of a query; undefined if the text is none. */
export function sqlParts(text: string): string[] | undefined {
  const query = queryIn(text)
  if (!starts.test(query)) return undefined
  const tokens = sqlTokens(query)
  const depth = tokens.reduce((sum, each) => sum + (each === '(' ? 1 : each === ')' ? -1 : 0), 0)
  if (depth !== 0 || tokens.includes(';')) return undefined
  return cutBefore(tokens, sets).flatMap((select, i) => selectParts(select).map((part) => (i ? `${i}: ${part}` : part)))
}

function selectParts(tokens: readonly string[]): string[] {
  return cutBefore(tokens, clauses).flatMap((clause) => clauseParts(clause))
}

function clauseParts([word, ...rest]: readonly string[]): string[] {
  if (word === undefined) return []
  switch (word) {
    case 'select': {
      const distinct = rest[0] === 'distinct'
      return [...(distinct ? ['select distinct'] : []), ...listed('select', distinct ? rest.slice(1) : rest)]
    }
    case 'from':
      return cutBefore(rest, joins).flatMap((table) => named('from', withoutJoinWord(table)))
    case 'where':
    case 'having':
      return conditions(word, rest)
    case 'group':
      return listed('group by', rest.slice(1))
    case 'order':
      // The order of the columns counts.
      return items(rest.slice(1)).map((item, i) => `order by ${i + 1}: ${plain(item)}`)
    default:
      return named(word, rest)
  }
}

const withoutJoinWord = (table: readonly string[]): readonly string[] => (table[0] === 'join' || table[0] === ',' ? table.slice(1) : table)
const plain = (tokens: readonly string[]): string => tokens.filter((each) => !idle.has(each)).join(' ')
const named = (word: string, tokens: readonly string[]): string[] => (plain(tokens) ? [`${word} ${plain(tokens)}`] : [])
const items = (tokens: readonly string[]): string[][] =>
  cutBefore(tokens, new Set([','])).map((item) => (item[0] === ',' ? item.slice(1) : item))
const listed = (word: string, tokens: readonly string[]): string[] => items(tokens).flatMap((item) => named(word, item))

/** The conditions of a clause. If some are joined by `or`, all of them are one part. */
function conditions(word: string, tokens: readonly string[]): string[] {
  const either = cutBefore(tokens, new Set(['or'])).map((piece) => (piece[0] === 'or' ? piece.slice(1) : piece))
  if (either.length === 1) return allOf(tokens).map((condition) => `${word} ${condition}`)
  const sorted = either.map((piece) => allOf(piece).toSorted().join(' and ')).toSorted()
  return [`${word} ${sorted.join(' or ')}`]
}

/** The conditions that must all hold. The `and` of a `between` belongs to its condition. */
function allOf(tokens: readonly string[]): string[] {
  const found: string[][] = []
  let between = false
  for (const piece of cutBefore(tokens, new Set(['and']))) {
    if (between) found.at(-1)!.push(...piece)
    else found.push(piece[0] === 'and' ? piece.slice(1) : piece)
    between = !between && piece.includes('between')
  }
  return found.map(plain)
}
