import { say } from '../../config/phrase'
import { shuffled } from '../../data/random'
import { checkFile, fileField } from '../file-field'
import { repeatedRows } from '../repeated-rows'
import { seedField } from '../seed'
import { rowStep } from '../step'

export const weighFile = rowStep({
  name: 'weigh-file',
  label: 'Weigh a file',
  help: 'Takes the rows for training of a file more often than once, or only some of them.',
  fields: [
    fileField,
    {
      key: 'weight',
      type: 'number',
      label: 'Weight',
      help: 'With 2, each row is taken twice. With 0.5, half of the rows are taken, chosen by the seed.',
      default: 1,
      min: 0,
      max: 1000,
      step: 0.1,
    },
    seedField,
  ],
  idempotent: false,
  async apply(rows, { file, weight, seed }, work) {
    if (weight === 1) return [...rows]
    checkFile('weigh-file', rows, file)
    const places = rows.flatMap(({ origin, part }, i) => (part === 'train' && origin.file === file ? [i] : []))
    const whole = Math.floor(weight)
    const times = new Int32Array(rows.length).fill(1)
    for (const i of places) times[i] = whole
    for (const i of shuffled(places.length, seed).subarray(0, Math.round((weight - whole) * places.length))) times[places[i]]++
    return repeatedRows('weigh-file', rows, times, work, say`It was not chosen.`)
  },
})
