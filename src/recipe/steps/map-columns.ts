import { FormatError } from '../../config/errors'
import { stringifyJson } from '../../config/exact-json'
import { say } from '../../config/phrase'
import { checkColumn } from '../columns'
import { editRows, rowStep } from '../step'

const roles = ['prompt', 'input', 'completion', 'system', 'text', 'messages'] as const

export const mapColumns = rowStep({
  name: 'map-columns',
  label: 'Name columns',
  help: 'Gives columns the names by which TabTune and other tools know them.',
  fields: [
    { key: 'prompt', type: 'text', label: 'Prompt', help: 'The column with the question.', default: '', maxLength: 200 },
    { key: 'input', type: 'text', label: 'Input', help: 'A column with more of the question.', default: '', maxLength: 200 },
    { key: 'completion', type: 'text', label: 'Completion', help: 'The column with the answer.', default: '', maxLength: 200 },
    { key: 'system', type: 'text', label: 'System words', help: 'The column with words before the question.', default: '', maxLength: 200 },
    { key: 'text', type: 'text', label: 'Text', help: 'The column of rows without an answer.', default: '', maxLength: 200 },
    { key: 'messages', type: 'text', label: 'Messages', help: 'The column with lists of turns.', default: '', maxLength: 200 },
    { key: 'dropOthers', type: 'boolean', label: 'Drop other columns', help: 'Only the named ones stay.', default: false },
  ],
  idempotent: false,
  apply(rows, { dropOthers, ...columns }, work) {
    const named = roles.filter((role) => columns[role] !== '')
    const roleOf = new Map(named.map((role) => [columns[role], role]))
    for (const column of roleOf.keys()) checkColumn('map-columns', rows, column)
    if (roleOf.size < named.length)
      throw new FormatError(say`map-columns: expected another column for each role, got one column twice. Choose other columns.`)
    if (!named.length) return Promise.resolve([...rows])
    const taken = new Set<string>(named)
    return editRows(rows, work, (row) => {
      const entries = Object.entries(row.value).flatMap(([column, item]): [string, unknown][] => {
        const role = roleOf.get(column)
        if (role) return [[role, item]]
        return dropOthers || taken.has(column) ? [] : [[column, item]]
      })
      const value = Object.fromEntries(entries)
      return stringifyJson(value) === stringifyJson(row.value) ? row : { ...row, value }
    })
  },
})
