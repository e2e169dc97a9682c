// The data of a command as files, or cleaned by the recipe of --recipe first, in memory.
import { readFile as readText } from 'node:fs/promises'
import { basename } from 'node:path'
import { FormatError, messageOf } from '../config/errors'
import { joinedBytes } from '../config/joined-bytes'
import { say } from '../config/phrase'
import { type Part, type Recipe, type RecipeReport, parts } from '../config/recipe'
import { type RecipeOfData, licenceAlone, recipeMade } from '../config/recipe-of-data'
import type { ReadHow } from '../config/read-how'
import type { DataSource } from '../data/data-source'
import { parseRecipe } from '../recipe/parse'
import { Workbench } from '../recipe/workbench'
import { cleanedName } from '../recipe/write'
import { readHowOf } from './data-options'
import { dataSource } from './files'
import { licenceBeside, withLicence } from './licence-beside'
import type { Options } from './options'
import { progressBar } from './progress'

export interface DataOfCommand {
  data: DataSource
  evaluation?: DataSource
  recipe?: RecipeOfData
  /** The rows are in memory as JSONL, whatever their files were. */
  jsonl?: true
}

/** The recipe of a file. @throws FormatError */
export async function recipeAt(path: string): Promise<Recipe> {
  const text = await readText(path, 'utf8').catch((error: unknown) => {
    throw new FormatError(say`--recipe: expected a file that can be read, got ${messageOf(error)}. Check the path.`)
  })
  return parseRecipe(basename(path), text)
}

/** A workbench with the files at these paths, after the steps. */
export async function workbenchOf(
  paths: Readonly<Record<Part, readonly string[]>>,
  { steps }: Recipe,
  how: ReadHow,
): Promise<{ workbench: Workbench; report: RecipeReport }> {
  const all = parts.flatMap((part) => paths[part].map((path, i) => ({ id: `${part} ${i}`, path, part })))
  const workbench = new Workbench()
  const sources = await Promise.all(all.map(async ({ id, path, part }) => ({ id, part, how, source: await dataSource(path) })))
  await workbench.open(sources, { onProgress: progressBar('reading') })
  const bar = progressBar('taking steps')
  const report = await workbench.apply(steps, { onProgress: (index, fraction) => bar((index + fraction) / steps.length) })
  bar(1)
  return { workbench, report }
}

export function inMemory(name: string, pieces: Iterable<Uint8Array<ArrayBuffer>>): DataSource {
  const bytes = joinedBytes([...pieces])
  return {
    name,
    sizeBytes: bytes.length,
    stream: () => new Blob([bytes]).stream(),
    read: (at, sizeBytes) => Promise.resolve(bytes.slice(at, at + sizeBytes)),
  }
}

/** --data and --eval. */
export async function dataOfCommand(options: Options): Promise<DataOfCommand> {
  const [path, evalPath, recipePath] = [options.need('data'), options.text('eval'), options.text('recipe')]
  if (recipePath === undefined) {
    const [data, evaluation] = [await dataSource(path), evalPath === undefined ? undefined : await dataSource(evalPath)]
    const licence = await licenceBeside([path])
    return { data, ...(evaluation && { evaluation }), ...(licence !== undefined && { recipe: licenceAlone(licence, data.name) }) }
  }
  const recipe = await withLicence(await recipeAt(recipePath), [path])
  const { workbench, report } = await workbenchOf(
    { train: [path], evaluation: evalPath === undefined ? [] : [evalPath] },
    recipe,
    readHowOf(options),
  )
  const data = inMemory(cleanedName(basename(path), 'train'), workbench.pieces('train'))
  const evaluation = inMemory(cleanedName(basename(evalPath ?? path), 'evaluation'), workbench.pieces('evaluation'))
  return { data, ...(report.evaluationRows > 0 && { evaluation }), recipe: await recipeMade(recipe, report), jsonl: true }
}
