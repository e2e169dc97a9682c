import { stringifyJson } from '../../config/exact-json'
import { say } from '../../config/phrase'
import { placeOf } from '../row'
import { dropRows, rowStep } from '../step'

export const dropDuplicates = rowStep({
  name: 'drop-duplicates',
  label: 'Drop duplicates',
  help: 'Drops a row if an earlier row of the same part has the same values in all columns.',
  fields: [],
  idempotent: true,
  apply(rows, _, work) {
    const seen = new Map<string, number>()
    return dropRows(rows, work, ({ value, part }, i) => {
      const key = `${part} ${stringifyJson(value)}`
      const first = seen.get(key)
      if (first === undefined) seen.set(key, i)
      return first === undefined ? undefined : say`It is the same as ${placeOf(rows[first], first)}.`
    })
  },
})
