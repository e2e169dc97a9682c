import { say } from '../../config/phrase'
import { checkColumn } from '../columns'
import { ownPattern } from '../own-pattern'
import { dropRows, rowStep } from '../step'
import { textsIn } from '../texts'

export const filterPattern = rowStep({
  name: 'filter-pattern',
  label: 'Filter by pattern',
  help: 'Drops rows in which a regular expression matches, or keeps only those.',
  fields: [
    {
      key: 'pattern',
      type: 'text',
      label: 'Regular expression',
      help: 'As in JavaScript with the flag u, without references to groups. It stops at a text that takes too long.',
      default: '',
      maxLength: 1000,
    },
    {
      key: 'action',
      type: 'choice',
      label: 'Rows that match',
      help: 'What happens to them.',
      default: 'drop',
      options: [
        { value: 'drop', label: 'Are dropped' },
        { value: 'keep', label: 'Are the only ones that stay' },
      ],
    },
    { key: 'column', type: 'text', label: 'Column', help: 'Empty means all texts of a row.', default: '', maxLength: 200 },
    { key: 'ignoreCase', type: 'boolean', label: 'Case does not count', help: 'Capitals match small letters.', default: false },
  ],
  idempotent: true,
  async apply(rows, { pattern: source, action, column, ignoreCase }, work) {
    if (column) checkColumn('filter-pattern', rows, column)
    if (!source) return [...rows]
    const pattern = ownPattern('filter-pattern', source, ignoreCase)
    return dropRows(rows, work, ({ value }) => {
      const texts = textsIn(column ? value[column] : value)
      const matches = texts.some((text) => pattern.test(text))
      if (matches === (action === 'keep')) return undefined
      return matches ? say`The pattern matches.` : say`The pattern does not match.`
    })
  },
})
