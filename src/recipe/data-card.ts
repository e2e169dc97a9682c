// The card of a cleaned dataset, in Markdown: where its rows are from, what the recipe did, and its licence.
import { type Recipe, type RecipeReport, makers } from '../config/recipe'
import { sentence } from '../config/phrase'
import { recipeText } from './parse'

const cell = (value: string | number): string => String(value).replaceAll('|', '\\|').replaceAll('\n', ' ')
const line = (cells: readonly (string | number)[]): string => `| ${cells.map(cell).join(' | ')} |\n`
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  line(head) + line(head.map(() => '---')) + rows.map(line).join('')

export function dataCard(report: RecipeReport, recipe: Recipe): string {
  const all = report.trainRows + report.evaluationRows
  const share = (count: number): string => `${((100 * count) / Math.max(1, all)).toFixed(1)} %`
  const from = makers.flatMap((maker) => {
    const count = report.makers[maker] ?? 0
    return count === 0 ? [] : [[maker, count, share(count)]]
  })
  const steps = report.steps.map(({ step, counts: { dropped, edited, added, moved }, rowsAfter }) => [
    step,
    dropped,
    edited,
    added,
    moved,
    rowsAfter,
  ])
  const notes = report.steps.flatMap(({ step, notes }) => notes.map((note) => `- ${step}: ${sentence(note)}\n`))
  return `---
license: ${JSON.stringify(recipe.licence?.trim() || 'unknown')}
tags: [tabtune]
---

# Dataset

${report.trainRows} rows for training, ${report.evaluationRows} for evaluation. The column \`_origin\` says where each row is from.

## Files

${table(
  ['File', 'Rows', 'Lines that are not rows'],
  report.files.map(({ name, rows, problemCount }) => [name, rows, problemCount]),
)}
## Origin of the rows

${table(['Made by', 'Rows', 'Share'], from)}
## Steps

${steps.length ? table(['Step', 'Dropped', 'Edited', 'Added', 'Moved', 'Rows after'], steps) : 'None.\n'}${notes.length ? `\n${notes.join('')}` : ''}
The recipe, for \`tabtune data --recipe\`:

\`\`\`json
${recipeText(recipe)}\`\`\`
`
}
