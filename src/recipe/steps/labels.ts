import { stringifyJson } from '../../config/exact-json'
import { say } from '../../config/phrase'
import { type Label, labelsFrom } from '../labels'
import type { WorkRow } from '../row'
import { rowKey } from '../row-key'
import { rowStep } from '../step'

export const labels = rowStep({
  name: 'labels',
  label: 'Answers by hand',
  help: 'Puts in the answers that a person gave or accepted (“Label rows”), and drops the rows that they threw away.',
  fields: [
    {
      key: 'column',
      type: 'text',
      label: 'Column of the answers',
      help: 'The answers of rows are written into this column.',
      default: 'completion',
      maxLength: 200,
    },
  ],
  idempotent: true,
  data: labelsFrom,
  async apply(rows, { column }, { tally, pulse, data }) {
    const byRow = new Map(labelsFrom(data).map((label) => [label.row, label]))
    if (!byRow.size) return [...rows]
    const used = new Set<string>()
    const out: WorkRow[] = []
    for (const [i, row] of rows.entries()) {
      await pulse(i, rows.length)
      const label = byRow.get(await rowKey(row, column))
      if (label) used.add(label.row)
      const after = label ? labelled(row, column, label) : row
      if (!after) tally.drop(row, say`A person threw it away.`)
      else if (after !== row) tally.edit(row, after)
      if (after && after.part !== row.part) tally.move(after, say`Answers of a model are not used for evaluation.`)
      if (after) out.push(after)
    }
    const unused = byRow.size - used.size
    if (unused)
      tally.note(
        unused === 1
          ? say`${unused} answer is for a row that is not here, or that an earlier step has changed.`
          : say`${unused} answers are for rows that are not here, or that an earlier step has changed.`,
      )
    return out
  },
})

/** The row with its answer; undefined if it was thrown away, and the same object if it has the answer already. */
function labelled(row: WorkRow, column: string, { answer, by, name }: Label): WorkRow | undefined {
  if (answer === undefined) return undefined
  const { name: _name, seen: _seen, ...origin } = row.origin
  const after: WorkRow = {
    value: { ...row.value, [column]: answer },
    origin: { ...origin, by, ...(name !== undefined && { name }), seen: true },
    part: by === 'model' ? 'train' : row.part,
  }
  return stringifyJson(after) === stringifyJson(row) ? row : after
}
