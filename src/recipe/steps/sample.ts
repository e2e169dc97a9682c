import { shuffled } from '../../data/random'
import { seedField } from '../seed'
import { dropRows, rowStep } from '../step'
import { say } from '../../config/phrase'

export const sample = rowStep({
  name: 'sample',
  label: 'Sample',
  help: 'Keeps some rows, chosen at random, in their order.',
  fields: [
    {
      key: 'part',
      type: 'choice',
      label: 'Sample from',
      help: 'The other part keeps all of its rows.',
      default: 'train',
      options: [
        { value: 'train', label: 'Training' },
        { value: 'evaluation', label: 'Evaluation' },
      ],
    },
    {
      key: 'by',
      type: 'choice',
      label: 'How many',
      help: 'Whether to keep a number of rows or a share of them.',
      default: 'number',
      options: [
        { value: 'number', label: 'A number' },
        { value: 'share', label: 'A share' },
      ],
    },
    { key: 'number', type: 'number', label: 'Number of rows', help: 'With “a number”.', default: 1000, min: 1, max: 1e9, integer: true },
    { key: 'share', type: 'number', label: 'Share of rows', help: 'With “a share”.', default: 0.5, min: 0, max: 1, step: 0.05 },
    seedField,
  ],
  // A share of a share is smaller.
  idempotent: false,
  apply(rows, { part, by, number, share, seed }, work) {
    const places = rows.flatMap((row, i) => (row.part === part ? [i] : []))
    const count = by === 'number' ? number : Math.round(share * places.length)
    const chosen = new Set(Array.from(shuffled(places.length, seed).subarray(0, count), (i) => places[i]))
    return dropRows(rows, work, (row, i) => (row.part !== part || chosen.has(i) ? undefined : say`It was not chosen.`))
  },
})
