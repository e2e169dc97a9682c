// WikiSQL's own notation (Zhong et al. 2017): column names stand without quotes and may have spaces, commas and keywords in them, so a query is
// read with the columns that its row names: `columns: Player, No., Years in Toronto`.

/** The lists of names in a row's prompt. */
interface Table {
  name?: string
  /** Names joined by `, `, with a comma at both ends, in lower case and with single spaces. A name may have commas itself. */
  columns: string
}

/** The table that a prompt describes; undefined if it names no columns. */
export function tableIn(prompt: string): Table | undefined {
  const columns = /^columns: *(.+)$/m.exec(prompt)?.[1]
  if (columns === undefined) return undefined
  const name = /^table: *(.+)$/m.exec(prompt)?.[1]
  return { columns: `, ${evenSpaces(columns).toLowerCase()}, `, ...(name !== undefined && { name: name.trim().toLowerCase() }) }
}

const isColumn = ({ columns }: Table, name: string): boolean => columns.includes(`, ${name.trim().toLowerCase()}, `)

/** The text without space at its ends, and with one space for each run of white space. */
const evenSpaces = (text: string): string => text.trim().replaceAll(/\s+/g, ' ')

const query = /^select (?:(max|min|count|sum|avg) )?(.*?) from (\S+?)(?: where (.*?))? ?;?$/i

/** The parts of a query in WikiSQL's notation: aggregate, column, table, and each condition with its value in lower case; undefined if it is none. */
export function wikiSqlParts(text: string, table: Table): string[] | undefined {
  const whole = query.exec(evenSpaces(text))
  if (!whole) return undefined
  const [, aggregate, column, from, where] = whole
  const full = `${aggregate ?? ''} ${column}`.trim()
  // A column may begin with the word of an aggregate.
  const bare = aggregate !== undefined && isColumn(table, full)
  const selected = bare ? full : column
  if (!isColumn(table, selected)) return undefined
  const conditions = where === undefined ? [] : conditionsOf(where, table)
  if (!conditions) return undefined
  return [
    ...(aggregate !== undefined && !bare ? [`aggregate ${aggregate.toLowerCase()}`] : []),
    `select ${selected.toLowerCase()}`,
    `from ${from.toLowerCase()}`,
    ...conditions,
  ]
}

/** Each condition as `column operator value`; undefined if a part of the text is no condition. */
function conditionsOf(text: string, table: Table): string[] | undefined {
  const found: string[] = []
  let rest = text
  while (rest !== '') {
    const condition = conditionAt(rest, table)
    if (!condition) return undefined
    found.push(condition.part)
    rest = condition.rest
  }
  return found
}

/** The first operator with the name of a column before it. */
function firstOperator(text: string, table: Table): { index: number; operator: string; next: number } | undefined {
  // No name is longer than the list of all.
  for (const { index, 1: operator, 0: found } of text.slice(0, table.columns.length).matchAll(/ (=|>|<) /g))
    if (isColumn(table, text.slice(0, index))) return { index, operator, next: index + found.length }
  return undefined
}

function conditionAt(text: string, table: Table): { part: string; rest: string } | undefined {
  const found = firstOperator(text, table)
  if (!found) return undefined
  const after = text.slice(found.next)
  const end = valueEnd(after, table)
  const value = after.slice(0, end.at).trim()
  const bare = /^'.*'$/.test(value) && value.length > 1 ? value.slice(1, -1) : value
  if (bare === '') return undefined
  const column = text.slice(0, found.index).trim().toLowerCase()
  return { part: `where ${column} ${found.operator} ${bare.trim().toLowerCase()}`, rest: after.slice(end.next) }
}

/** Where a value ends: before the first `AND` that a column with an operator follows, otherwise with the text. */
function valueEnd(text: string, table: Table): { at: number; next: number } {
  for (const { index, 0: word } of text.matchAll(/ and /gi)) {
    const next = index + word.length
    if (firstOperator(text.slice(next), table)) return { at: index, next }
  }
  return { at: text.length, next: text.length }
}
