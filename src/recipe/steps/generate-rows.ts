import { say } from '../../config/phrase'
import { seededRandom } from '../../data/random'
import { drawnRow, parseGrammar } from '../grammar'
import type { WorkRow } from '../row'
import { seedField } from '../seed'
import { rowStep } from '../step'

/** Draws for each row that is wanted, if equal rows are left out. */
const mostTries = 20
const pulseDraws = 20

export const generateRows = rowStep({
  name: 'generate-rows',
  label: 'Generate rows',
  help: 'Adds rows for training that a small grammar makes.',
  fields: [
    {
      key: 'grammar',
      type: 'text',
      multiline: true,
      label: 'Grammar',
      help: 'One slot per line: price = cheap | moderate {*3}. The slots prompt and completion, or text, are the columns; {price} is filled in.',
      default: '',
      maxLength: 100_000,
    },
    { key: 'name', type: 'text', label: 'Name', help: 'The origin of the rows.', default: 'grammar', maxLength: 100 },
    { key: 'count', type: 'number', label: 'Rows', help: 'How many are added.', default: 100, min: 1, max: 1e6, integer: true },
    { key: 'distinct', type: 'boolean', label: 'Different rows', help: 'No two of the new rows are the same.', default: true },
    seedField,
  ],
  // Each time adds rows.
  idempotent: false,
  async apply(rows, { grammar: text, name, count, distinct, seed }, { tally, pulse }) {
    if (!text.trim()) return [...rows]
    const grammar = parseGrammar(text)
    const random = seededRandom(seed)
    const seen = new Set<string>()
    const made: WorkRow[] = []
    for (let tries = 0; made.length < count && tries < mostTries * count; tries++) {
      if (tries % pulseDraws === 0) await pulse(made.length, count)
      const value = drawnRow(grammar, random)
      const key = JSON.stringify(value)
      if (distinct && seen.has(key)) continue
      seen.add(key)
      const row: WorkRow = { value, origin: { by: 'grammar', name }, part: 'train' }
      tally.add(row)
      made.push(row)
    }
    if (made.length < count) tally.note(say`The grammar gave only ${made.length} different rows.`)
    return [...rows, ...made]
  },
})
