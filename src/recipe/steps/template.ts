import { JsonNumber, stringifyJson } from '../../config/exact-json'
import type { Row } from '../../data/row'
import { checkColumn } from '../columns'
import { filled, namesIn, parseTemplate } from '../placeholders'
import { editRows, rowStep } from '../step'

const targets = ['prompt', 'completion', 'text'] as const

export const template = rowStep({
  name: 'template',
  label: 'Fill templates',
  help: 'Writes the prompt, the completion or the text from other columns: {column} stands for the words of a column.',
  fields: [
    {
      key: 'prompt',
      type: 'text',
      multiline: true,
      label: 'Prompt',
      help: 'For example: Translate to {language}: {source}. Empty means that the column stays as it is.',
      default: '',
    },
    { key: 'completion', type: 'text', multiline: true, label: 'Completion', help: 'Empty as above.', default: '' },
    { key: 'text', type: 'text', multiline: true, label: 'Text', help: 'For rows without an answer. Empty as above.', default: '' },
    {
      key: 'dropOthers',
      type: 'boolean',
      label: 'Drop the columns that were filled in',
      help: 'The rows keep only their other columns.',
      default: false,
    },
  ],
  idempotent: false,
  apply(rows, { dropOthers, ...texts }, work) {
    const written = targets.flatMap((target) => (texts[target] ? [{ target, parts: parseTemplate(texts[target]) }] : []))
    const used = new Set(written.flatMap(({ parts }) => namesIn(parts)))
    for (const column of used) checkColumn('template', rows, column)
    if (!written.length) return Promise.resolve([...rows])
    return editRows(rows, work, (row) => {
      const own = Object.entries(row.value).filter(([column]) => !dropOthers || !used.has(column))
      const made = written.map(({ target, parts }) => [target, filled(parts, (column) => wordsOfColumn(row.value, column))] as const)
      const value = Object.fromEntries([...own, ...made])
      return stringifyJson(value) === stringifyJson(row.value) ? row : { ...row, value }
    })
  },
})

/** The words of a column: text as it is, other values as JSON, nothing for null. */
function wordsOfColumn(row: Row, column: string): string {
  const value = row[column]
  if (value === undefined || value === null) return ''
  return typeof value === 'string' || value instanceof JsonNumber ? String(value) : stringifyJson(value)
}
