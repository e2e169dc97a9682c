// tabtune data --in: reads files of rows, takes the steps of a recipe, and writes the cleaned rows and a report.
import { readFile as readText } from 'node:fs/promises'
import { basename } from 'node:path'
import { FormatError, messageOf } from '../../config/errors'
import { say, sentence } from '../../config/phrase'
import { type Part, type Recipe, type RecipeReport, emptyRecipe } from '../../config/recipe'
import { joinedBytes } from '../../config/joined-bytes'
import { parseRecipe } from '../../recipe/parse'
import { type WorkSource, Workbench } from '../../recipe/workbench'
import { dataSource, writeOne } from '../files'
import { tell } from '../open'
import type { Options } from '../options'
import { progressBar } from '../progress'

export async function clean(options: Options): Promise<void> {
  const path = options.text('recipe')
  const recipe = path === undefined ? emptyRecipe : await recipeAt(path)
  const evaluation = options.text('eval')
  const sources: WorkSource[] = []
  const add = async (path: string, part: Part) => sources.push({ id: `${part} ${path}`, source: await dataSource(path), part })
  for (const input of options.inputs) await add(input, 'train')
  if (evaluation !== undefined) await add(evaluation, 'evaluation')
  const workbench = new Workbench()
  await workbench.open(sources, { onProgress: progressBar('reading') })
  const bar = progressBar('taking steps')
  const report = await workbench.apply(recipe.steps, { onProgress: (index, fraction) => bar((index + fraction) / recipe.steps.length) })
  bar(1)
  await writeParts(workbench, options.text('out'))
  const reportPath = options.text('report')
  if (reportPath !== undefined) await writeOne(reportPath, new TextEncoder().encode(`${JSON.stringify(report, undefined, 2)}\n`))
  tell(problemLines(report))
  process.stdout.write(options.flag('json') ? `${JSON.stringify(report)}\n` : summary(report))
}

/** The recipe of a file. @throws FormatError */
async function recipeAt(path: string): Promise<Recipe> {
  const text = await readText(path, 'utf8').catch((error: unknown) => {
    throw new FormatError(say`--recipe: expected a file that can be read, got ${messageOf(error)}. Check the path.`)
  })
  return parseRecipe(basename(path), text)
}

/** Writes the rows for training to `path`, and those for evaluation beside it: D.jsonl and D.eval.jsonl. */
async function writeParts(workbench: Workbench, path: string | undefined): Promise<void> {
  if (path === undefined) return
  await writeOne(path, joinedBytes([...workbench.pieces('train')]))
  const evaluation = [...workbench.pieces('evaluation')]
  if (evaluation.length) await writeOne(path.replace(/(\.jsonl)?$/, '.eval.jsonl'), joinedBytes(evaluation))
}

const problemLines = ({ files }: RecipeReport): string[] =>
  files.flatMap(({ name, problems, problemCount }) => [
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
