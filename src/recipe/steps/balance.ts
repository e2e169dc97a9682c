import { say } from '../../config/phrase'
import { shuffled } from '../../data/random'
import { checkColumn, columnKey } from '../columns'
import { grouped } from '../grouped'
import { mostAdded, repeatedRows } from '../repeated-rows'
import { seedField } from '../seed'
import { rowStep } from '../step'

export const balance = rowStep({
  name: 'balance',
  label: 'Balance classes',
  help: 'Makes the classes of the rows for training equally large, by leaving rows out or by copying rows.',
  fields: [
    {
      key: 'by',
      type: 'choice',
      label: 'Class',
      help: 'What says the class of a row.',
      default: 'answer',
      options: [
        { value: 'answer', label: 'Its answer' },
        { value: 'column', label: 'A column' },
      ],
    },
    { key: 'column', type: 'text', label: 'Column', help: 'With “a column”: its name.', default: '', maxLength: 200 },
    {
      key: 'way',
      type: 'choice',
      label: 'How',
      help: 'Large classes lose rows, or small classes get copies of theirs.',
      default: 'down',
      options: [
        { value: 'down', label: 'Leave rows out' },
        { value: 'up', label: 'Copy rows' },
      ],
    },
    {
      key: 'limit',
      type: 'number',
      label: 'Rows of a class',
      help: '0 means as many as the smallest class has, or the largest if rows are copied.',
      default: 0,
      min: 0,
      max: 1e6,
      integer: true,
    },
    seedField,
  ],
  idempotent: true,
  async apply(rows, { by, column, way, limit, seed }, work) {
    if (by === 'column') checkColumn('balance', rows, column)
    const words = by === 'answer' ? await work.words(rows) : []
    const classOf = (i: number): string | undefined => (by === 'answer' ? words[i]?.answer.trim() : columnKey(rows[i], column))
    // Rows whose class is not known stay as they are.
    const pause = (): Promise<void> => work.pulse(0, rows.length)
    const classes = await grouped(rows.length, (i) => (rows[i].part === 'train' ? classOf(i) : undefined), pause)
    const sizes = [...classes.values()].map((places) => places.length)
    const size = limit || sizes.reduce((a, b) => (way === 'down' ? Math.min(a, b) : Math.max(a, b)), sizes[0] ?? 0)
    const times = new Int32Array(rows.length).fill(1)
    let stream = 0
    for (const places of classes.values()) {
      if (stream % 100 === 0) await pause()
      setTimes(times, places, way, size, shuffled(places.length, seed, stream++))
    }
    return repeatedRows('balance', rows, times, work, say`Its class has enough rows.`)
  },
})

/** How often each row of a class is there afterwards. Copies are dealt evenly. */
function setTimes(times: Int32Array, places: readonly number[], way: 'down' | 'up', size: number, order: Int32Array): void {
  if (way === 'down') for (const i of order.subarray(size)) times[places[i]] = 0
  else for (let n = places.length; n < Math.min(size, mostAdded); n++) times[places[order[n % places.length]]]++
}
