import { say } from '../../config/phrase'
import { rowKey, rowKeysFrom } from '../row-key'
import type { WorkRow } from '../row'
import { rowStep } from '../step'

export const dropPicked = rowStep({
  name: 'drop-picked',
  label: 'Drop picked rows',
  help: 'Drops the rows that a person picked on the map, and rows that are equal to them.',
  fields: [],
  idempotent: true,
  data: rowKeysFrom,
  async apply(rows, _, { tally, pulse, data }) {
    const picked = new Set(rowKeysFrom(data))
    if (!picked.size) return [...rows]
    const used = new Set<string>()
    const kept: WorkRow[] = []
    for (const [i, row] of rows.entries()) {
      await pulse(i, rows.length)
      const key = await rowKey(row)
      if (picked.has(key)) {
        used.add(key)
        tally.drop(row, say`A person picked it.`)
      } else kept.push(row)
    }
    const unused = picked.size - used.size
    if (unused)
      tally.note(
        unused === 1
          ? say`${unused} picked row is not here, or an earlier step has changed it.`
          : say`${unused} picked rows are not here, or an earlier step has changed them.`,
      )
    return kept
  },
})
