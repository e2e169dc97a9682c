import type { SettingsOf } from '../../config/field'
import { isGenerated } from '../../config/recipe'
import { say } from '../../config/phrase'
import { seededRandom } from '../../data/random'
import { type Edit, cased, otherOrder, paraphrases, synonyms, typos } from '../edits'
import { questionsOf } from '../questions'
import type { WorkRow } from '../row'
import { seedField } from '../seed'
import { forRows, rowStep } from '../step'
import { checkUnderstood } from '../words'

const fields = [
  {
    key: 'patterns',
    type: 'text',
    multiline: true,
    label: 'Paraphrases',
    help: 'One pattern per line, with {prompt} in it. Each new row takes one of them.',
    default: '',
  },
  {
    key: 'synonyms',
    type: 'text',
    multiline: true,
    label: 'Synonyms',
    help: 'One word per line: big = large, huge. About half of the words that are found are replaced.',
    default: '',
    maxLength: 100_000,
  },
  {
    key: 'order',
    type: 'choice',
    label: 'Other order',
    help: 'Lists in the prompt whose order does not matter for the answer.',
    default: 'none',
    options: [
      { value: 'none', label: 'None' },
      { value: 'brackets', label: 'In round brackets, with commas' },
      { value: 'semicolons', label: 'The prompt, with semicolons' },
      { value: 'commas', label: 'The prompt, with commas' },
    ],
  },
  {
    key: 'casing',
    type: 'choice',
    label: 'Casing',
    help: 'How the prompt is written.',
    default: 'none',
    options: [
      { value: 'none', label: 'As it is' },
      { value: 'lower', label: 'Small letters' },
      { value: 'upper', label: 'Capitals' },
      { value: 'first', label: 'A capital at the start' },
    ],
  },
  {
    key: 'typos',
    type: 'number',
    label: 'Typos',
    help: 'The share of neighbouring letters that are swapped.',
    default: 0,
    min: 0,
    max: 0.2,
    step: 0.01,
  },
  { key: 'share', type: 'number', label: 'Share of rows', help: 'How many rows get new ones.', default: 1, min: 0, max: 1, step: 0.05 },
  { key: 'copies', type: 'number', label: 'New rows', help: 'How many at most for each row.', default: 1, min: 1, max: 20, integer: true },
  seedField,
] as const

export const augment = rowStep({
  name: 'augment',
  label: 'Add variants',
  help: 'Adds rows for training with the same answer and a prompt that is written in another way.',
  fields,
  // Each time adds rows.
  idempotent: false,
  async apply(rows, settings, work) {
    const edits = editsOf(settings)
    if (!edits.length) return [...rows]
    checkUnderstood('augment', rows)
    const { share, copies, seed } = settings
    const random = seededRandom(seed)
    const questionOf = questionsOf(rows)
    const out: WorkRow[] = []
    await forRows(rows, work, (row) => {
      out.push(row)
      if (row.part !== 'train' || isGenerated(row.origin) || random() >= share) return
      const question = questionOf(row)
      if (!question) return
      const texts = new Set([question.text])
      for (let copy = 0; copy < copies; copy++) {
        const text = edits.reduce((words, edit) => edit(words, random), question.text)
        if (texts.has(text)) continue
        texts.add(text)
        const made: WorkRow = { ...row, value: question.with(text), origin: { ...row.origin, by: 'template', name: 'augment' } }
        work.tally.add(made, undefined, row)
        out.push(made)
      }
    })
    if (out.length === rows.length) work.tally.note(say`No row has a prompt that the settings change.`)
    return out
  },
})

/** The edits that are set, in the order in which they are made. */
function editsOf({ patterns, synonyms: list, order, casing, typos: rate }: SettingsOf<typeof fields>): Edit[] {
  return [
    ...(order === 'none' ? [] : [otherOrder(order)]),
    ...(list.trim() ? [synonyms(list)] : []),
    ...(patterns.trim() ? [paraphrases(patterns)] : []),
    ...(casing === 'none' ? [] : [cased(casing)]),
    ...(rate ? [typos(rate)] : []),
  ]
}
