// tabtune data --in: reads files of rows, takes the steps of a recipe, and writes the cleaned rows and a report.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { FormatError } from '../../config/errors'
import { say, sentence } from '../../config/phrase'
import { type RecipeReport, emptyRecipe } from '../../config/recipe'
import { joinedBytes } from '../../config/joined-bytes'
import { dataCard } from '../../recipe/data-card'
import type { Workbench } from '../../recipe/workbench'
import { recipeAt, workbenchOf } from '../cleaned-rows'
import { withLicence } from '../licence-beside'
import { readHowOf } from '../data-options'
import { fileSteps } from '../file-steps'
import { writeOne } from '../files'
import { checkFile } from '../out-folder'
import type { Options } from '../options'
import { tell } from '../tell'

export async function clean(options: Options): Promise<void> {
  const path = options.text('recipe')
  const recipe = await withLicence(path === undefined ? emptyRecipe : await recipeAt(path), options.inputs)
  const steps = [...fileSteps(options), ...recipe.steps]
  const evaluation = options.text('eval')
  const [out, reportPath, cardPath] = [options.text('out'), options.text('report'), options.text('card')]
  const read = [...options.inputs, evaluation, path]
  checkWritten(
    read.filter((each) => each !== undefined),
    [...(out === undefined ? [] : [out, evaluationPath(out)]), ...[reportPath, cardPath].filter((each) => each !== undefined)],
  )
  for (const [option, path] of Object.entries({ out, report: reportPath, card: cardPath })) await checkFile(option, path)
  const { workbench, report } = await workbenchOf(
    { train: options.inputs, evaluation: evaluation === undefined ? [] : [evaluation] },
    { steps },
    readHowOf(options),
  )
  await writeParts(workbench, out)
  if (reportPath !== undefined) await writeOne(reportPath, new TextEncoder().encode(`${JSON.stringify(report, undefined, 2)}\n`))
  if (cardPath !== undefined) await writeOne(cardPath, new TextEncoder().encode(dataCard(report, { ...recipe, steps })))
  tell(problemLines(report))
  process.stdout.write(options.flag('json') ? `${JSON.stringify(report)}\n` : summary(report))
}

const evaluationPath = (path: string): string => path.replace(/(\.jsonl)?(\.gz)?$/, '.eval.jsonl$2')

/** @throws FormatError if a file would be written over one that is read, or over another that is written */
function checkWritten(read: readonly string[], written: readonly string[]): void {
  const taken = new Set(read.map((path) => resolve(path)))
  for (const path of written) {
    if (taken.has(resolve(path)))
      throw new FormatError(
        say`--out, --report and --card: expected names of other files than those that are read, got ${path}. Choose another name.`,
      )
    taken.add(resolve(path))
  }
}

/** Writes the rows for training to `path`, and those for evaluation beside it: D.jsonl and D.eval.jsonl. A name that ends in .gz is packed. */
async function writeParts(workbench: Workbench, path: string | undefined): Promise<void> {
  if (path === undefined) return
  const zipped = path.endsWith('.gz')
  await writeOne(path, joinedBytes([...workbench.pieces('train', zipped)]))
  const evaluation = workbench.has('evaluation') ? [...workbench.pieces('evaluation', zipped)] : []
  const beside = evaluationPath(path)
  if (evaluation.length) await writeOne(beside, joinedBytes(evaluation))
  else if (existsSync(beside))
    tell([`${beside} is from an earlier command. This one gave no rows for evaluation, and left the file as it was.`])
}

const problemLines = ({ files }: RecipeReport): string[] =>
  files.flatMap(({ name, problems, problemCount, notes }) => [
    ...notes.map((note) => `${name}: ${sentence(note)}`),
    ...problems.slice(0, 10).map(({ line, reason }) => `${name}, line ${line}: ${sentence(reason)}`),
    ...(problemCount > 10 ? [`${name}: ${problemCount} lines are not rows.`] : []),
  ])

/** A table of the steps, and the number of rows at the end. */
function summary({ steps, trainRows, evaluationRows }: RecipeReport): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`
  const head = line(['Step', 'Dropped', 'Edited', 'Added', 'Moved', 'Rows after']) + line(['---', '---:', '---:', '---:', '---:', '---:'])
  const body = steps.map(({ step, counts, rowsAfter }) =>
    line([step, counts.dropped, counts.edited, counts.added, counts.moved, rowsAfter]),
  )
  const notes = steps.flatMap(({ step, notes }) => notes.map((note) => `${step}: ${sentence(note)}\n`))
  return `${steps.length ? head + body.join('') : ''}${notes.join('')}${trainRows} rows for training, ${evaluationRows} for evaluation.\n`
}
