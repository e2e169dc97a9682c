import { isGenerated } from '../../config/recipe'
import { say } from '../../config/phrase'
import { questionsOf } from '../questions'
import { type Rewrite, rewritesFrom } from '../rewrites'
import type { WorkRow } from '../row'
import { rowKey } from '../row-key'
import { rowStep } from '../step'
import { checkUnderstood } from '../words'

export const rewrites = rowStep({
  name: 'rewrites',
  label: 'Rewritten prompts',
  help: 'Adds rows for training with the same answer and a prompt that a model rewrote and a person accepted (“Rewrite prompts”).',
  fields: [],
  // Each time adds rows.
  idempotent: false,
  data: rewritesFrom,
  async apply(rows, _settings, { tally, pulse, data }) {
    const all = rewritesFrom(data)
    if (!all.length) return [...rows]
    checkUnderstood('rewrites', rows)
    const byRow = new Map<string, Rewrite[]>()
    for (const rewrite of all) byRow.set(rewrite.row, [...(byRow.get(rewrite.row) ?? []), rewrite])
    const questionOf = questionsOf(rows)
    const out: WorkRow[] = []
    for (const [i, row] of rows.entries()) {
      await pulse(i, rows.length)
      out.push(row)
      const question = row.part === 'train' && !isGenerated(row.origin) ? questionOf(row) : undefined
      if (!question) continue
      const key = await rowKey(row)
      for (const { prompt, name } of byRow.get(key) ?? []) {
        const made = madeFrom(row, question.with(prompt), name)
        tally.add(made, undefined, row)
        out.push(made)
      }
      // Of rows with equal columns, the first has the rewrites.
      byRow.delete(key)
    }
    const unused = [...byRow.values()].flat().length
    if (unused)
      tally.note(
        unused === 1
          ? say`${unused} rewrite is of a row that is not here for training, or that an earlier step has changed.`
          : say`${unused} rewrites are of rows that are not here for training, or that an earlier step has changed.`,
      )
    return out
  },
})

const madeFrom = ({ origin }: WorkRow, value: WorkRow['value'], name: Rewrite['name']): WorkRow => ({
  value,
  origin: { ...origin, by: 'model', name, seen: true },
  part: 'train',
})
