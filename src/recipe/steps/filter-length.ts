import { say } from '../../config/phrase'
import { wordsOfText } from '../near/shingles'
import { dropRows, rowStep } from '../step'
import { partOfRow, partOfRowField } from '../words'

const pairs = /[\ud800-\udbff][\udc00-\udfff]/g
const charactersIn = (text: string): number => text.length - (text.match(pairs)?.length ?? 0)

export const filterLength = rowStep({
  name: 'filter-length',
  label: 'Filter by length',
  help: 'Drops rows that are too short or too long.',
  fields: [
    partOfRowField,
    {
      key: 'unit',
      type: 'choice',
      label: 'Count',
      help: 'What is counted. A Chinese, Japanese or Thai character counts as a word.',
      default: 'characters',
      options: [
        { value: 'characters', label: 'Characters' },
        { value: 'words', label: 'Words' },
      ],
    },
    { key: 'min', type: 'number', label: 'At least', help: 'Shorter rows are dropped.', default: 0, min: 0, max: 1e8, integer: true },
    { key: 'max', type: 'number', label: 'At most', help: 'Longer rows are dropped.', default: 4000, min: 0, max: 1e8, integer: true },
  ],
  idempotent: true,
  async apply(rows, { of, unit, min, max }, work) {
    const words = await work.words(rows)
    return dropRows(rows, work, (_row, i) => {
      const found = words[i]
      if (!found) return undefined
      const text = partOfRow(found, of)
      const length = unit === 'words' ? wordsOfText(text).length : charactersIn(text)
      if (length < min) return say`It is too short: ${length} ${unit === 'words' ? say`words` : say`characters`}.`
      return length > max ? say`It is too long: ${length} ${unit === 'words' ? say`words` : say`characters`}.` : undefined
    })
  },
})
