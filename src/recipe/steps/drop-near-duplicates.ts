import { say } from '../../config/phrase'
import { NearIndex, crowdedNote, nearFields } from '../near/near-index'
import { placeOf } from '../row'
import { dropRows, rowStep } from '../step'

export const dropNearDuplicates = rowStep({
  name: 'drop-near-duplicates',
  label: 'Drop near duplicates',
  help: 'Drops a row if an earlier row of the same part has nearly the same words. Case and punctuation do not count.',
  fields: [
    {
      key: 'compare',
      type: 'choice',
      label: 'Compare',
      help: 'Which words of a row are compared.',
      default: 'row',
      options: [
        { value: 'row', label: 'Prompt and answer' },
        { value: 'prompt', label: 'Prompt only' },
      ],
    },
    {
      key: 'threshold',
      type: 'number',
      label: 'Similarity',
      help: 'Rows that have at least this share of their shingles in common are near duplicates.',
      default: 0.8,
      min: 0.3,
      max: 1,
      step: 0.05,
    },
    ...nearFields,
  ],
  idempotent: true,
  async apply(rows, { compare, ...near }, work) {
    const words = await work.words(rows)
    const indexes = { train: new NearIndex(near, rows.length), evaluation: new NearIndex(near, rows.length) }
    const kept = await dropRows(rows, work, ({ part }, i) => {
      const { prompt, answer } = words[i] ?? { prompt: '', answer: '' }
      // A plain text has no prompt: it is the row.
      const text = compare === 'prompt' && prompt !== '' ? prompt : `${prompt}\n${answer}`
      const found = indexes[part].findOrAdd(text, i)
      return found && say`It resembles ${placeOf(rows[found.id], found.id)} (similarity ${found.similarity.toFixed(2)}).`
    })
    crowdedNote(work.tally, indexes.train.crowded + indexes.evaluation.crowded)
    return kept
  },
})
