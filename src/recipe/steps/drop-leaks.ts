import type { SettingsOf } from '../../config/field'
import type { Phrase } from '../../config/phrase'
import { say } from '../../config/phrase'
import { comparedFields, comparedText } from '../compared-text'
import { NearIndex, crowdedNote, nearFields } from '../near/near-index'
import { placeOf } from '../row'
import { dropRows, forRows, rowStep } from '../step'

const fields = [
  {
    key: 'from',
    type: 'choice',
    label: 'Drop from',
    help: 'Which part loses the rows that both have.',
    default: 'train',
    options: [
      { value: 'train', label: 'Training' },
      { value: 'evaluation', label: 'Evaluation' },
    ],
  },
  { key: 'near', type: 'boolean', label: 'Near duplicates too', help: 'Also finds prompts with nearly the same words.', default: true },
  {
    key: 'threshold',
    type: 'number',
    label: 'Similarity',
    help: 'Prompts that have at least this share of their shingles in common are near duplicates.',
    default: 0.8,
    min: 0.3,
    max: 1,
    step: 0.05,
  },
  ...comparedFields,
  ...nearFields,
] as const

export const dropLeaks = rowStep({
  name: 'drop-leaks',
  label: 'Drop leaks',
  help: 'Drops rows for training whose prompt is also asked in evaluation, or the other way round.',
  fields,
  idempotent: true,
  async apply(rows, settings, work) {
    const words = await work.words(rows)
    const texts = words.map((row) => row && (row.prompt || row.answer))
    const other = new OtherPart(settings, rows.length)
    await forRows(rows, work, ({ part }, i) => {
      if (part !== settings.from) other.add(texts[i], i)
    })
    const kept = await dropRows(rows, work, ({ part }, i) =>
      part === settings.from ? other.leak(texts[i], (id) => placeOf(rows[id], id)) : undefined,
    )
    crowdedNote(work.tally, other.near?.crowded ?? 0)
    return kept
  },
})

/** The prompts of the part that keeps its rows. */
class OtherPart {
  readonly near: NearIndex | undefined
  private readonly same = new Map<string, number>()

  constructor(
    private readonly settings: SettingsOf<typeof fields>,
    capacity: number,
  ) {
    this.near = settings.near ? new NearIndex(settings, capacity) : undefined
  }

  add(text: string | undefined, index: number): void {
    if (text === undefined) return
    const key = comparedText(text, this.settings)
    if (this.same.has(key)) return
    this.same.set(key, index)
    this.near?.add(text, index)
  }

  /** Why a text leaks, if it does. `place`: what a row is called. */
  leak(text: string | undefined, place: (id: number) => Phrase): Phrase | undefined {
    if (text === undefined) return undefined
    const same = this.same.get(comparedText(text, this.settings))
    if (same !== undefined) return say`Its prompt is also that of ${place(same)} in the other part.`
    const near = this.near?.find(text)
    return near && say`It resembles ${place(near.id)} in the other part (similarity ${near.similarity.toFixed(2)}).`
  }
}
