import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import { languageOf, languages } from '../language'
import { dropRows, rowStep } from '../step'
import { partOfRow, partOfRowField } from '../words'

export const filterLanguage = rowStep({
  name: 'filter-language',
  label: 'Filter by language',
  help: 'Keeps rows in some languages. Languages are told by script and by function words.',
  fields: [
    {
      key: 'languages',
      type: 'text',
      label: 'Languages',
      help: `Codes with spaces between them, out of ${languages.join(', ')}. Empty keeps all rows.`,
      default: '',
      maxLength: 200,
    },
    partOfRowField,
    {
      key: 'unclear',
      type: 'boolean',
      label: 'Keep rows whose language is not clear',
      help: 'For example short rows and code.',
      default: true,
    },
  ],
  idempotent: true,
  async apply(rows, { languages: text, of, unclear }, work) {
    const wanted = new Set(
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    )
    const unknown = [...wanted].find((code) => !languages.includes(code))
    if (unknown !== undefined)
      throw new FormatError(say`filter-language: expected codes out of ${languages.join(', ')}, got ${unknown}. Correct the code.`)
    if (!wanted.size) return [...rows]
    const words = await work.words(rows)
    return dropRows(rows, work, (_row, i) => {
      const found = words[i] && languageOf(partOfRow(words[i], of))
      if (found === undefined) return unclear ? undefined : say`Its language is not clear.`
      return wanted.has(found) ? undefined : say`Its language seems to be ${found}.`
    })
  },
})
