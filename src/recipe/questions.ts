// The question of a row, and the row with other words in its place.
import { recordOf } from '../config/exact-json'
import type { Mapping } from '../data/row'
import { listOf } from '../data/turn-list'
import { roleOf } from '../data/turns'
import type { WorkRow } from './row'
import { mappingOf } from './words'

interface Question {
  text: string
  /** The value of the row with other words. */
  with(text: string): WorkRow['value']
}

/** Finds the questions of rows: the column of the prompt, or the last turn of the user. A plain text asks nothing. */
export function questionsOf(rows: readonly WorkRow[]): (row: WorkRow) => Question | undefined {
  const mapping = mappingOf(rows)
  const column = mapping && questionColumn(mapping)
  if (column === undefined) return () => undefined
  return ({ value }) => {
    const asked = value[column]
    if (typeof asked === 'string')
      return asked.trimStart().startsWith('[{') ? undefined : { text: asked, with: (text) => ({ ...value, [column]: text }) }
    const turns = listOf(asked) ?? []
    const last = turns.findLastIndex((turn) => roleOf(recordOf(turn)?.role ?? recordOf(turn)?.from) === 'user')
    const turn = recordOf(turns[last])
    const key = turn && 'value' in turn && !('content' in turn) ? 'value' : 'content'
    const text = turn?.[key]
    if (!turn || typeof text !== 'string') return undefined
    return { text, with: (words) => ({ ...value, [column]: turns.with(last, { ...turn, [key]: words }) }) }
  }
}

function questionColumn({ format, columns }: Mapping): string | undefined {
  if (format === 'messages' || format === 'conversations') return columns.messages
  return format === 'text' || format === 'tokens' ? undefined : columns.prompt
}
