// tabtune map: rows by the features that the base has of them, as JSONL: each row's key for the step drop-picked, its place on the map and
// its loss.
import { FormatError } from '../../config/errors'
import { joinedBytes } from '../../config/joined-bytes'
import { say } from '../../config/phrase'
import { emptyRecipe } from '../../config/recipe'
import { autoHow } from '../../config/read-how'
import { mostMapped, usuallyMapped } from '../../config/row-map'
import { refuseProblems } from '../../data/report'
import { cutAt } from '../../data/cut-at-length'
import { tokenizeDataset } from '../../data/tokenize-dataset'
import { rowMap } from '../../decode/row-map'
import { noTokenizer } from '../../tokenizer/no-tokenizer'
import { inMemory, recipeAt, workbenchOf } from '../cleaned-rows'
import { dataOptionsOf, readHowOf } from '../data-options'
import { writeOne } from '../files'
import { checkFile } from '../out-folder'
import { openGpu, openLoaded } from '../open'
import type { Options } from '../options'
import { evaluationBar, progressBar } from '../progress'
import { tell } from '../tell'

/** The sampled rows of --data and --eval after the recipe. */
async function sampled(options: Options) {
  const [path, evalPath, recipePath] = [options.need('data'), options.text('eval'), options.text('recipe')]
  const count = options.number('rows') ?? usuallyMapped
  if (!Number.isInteger(count) || count < 1 || count > mostMapped)
    throw new FormatError(say`--rows: expected a whole number from 1 to ${mostMapped}, got ${count}. Correct it.`)
  const recipe = recipePath === undefined ? emptyRecipe : await recipeAt(recipePath)
  const paths = { train: [path], evaluation: evalPath === undefined ? [] : [evalPath] }
  const { workbench } = await workbenchOf(paths, recipe, readHowOf(options))
  return workbench.sample(count, options.training('seed') ?? 0)
}

export async function map(options: Options): Promise<void> {
  const out = options.need('out')
  await checkFile('out', out)
  const { total, rows, pieces } = await sampled(options)
  const gpu = await openGpu()
  const model = await openLoaded(gpu, options)
  const { file, renderer, plan } = model
  const maxLength = Math.min(options.training('maxLength') ?? file.config.context, file.config.context)
  const source = inMemory('rows', pieces)
  const read = { ...dataOptionsOf(options, 0, 0, file.asking), read: autoHow }
  const bar = progressBar('reading')
  const dataset = await tokenizeDataset(source, model.tokenizer ?? noTokenizer(file.config.vocab), renderer, read, {
    keep: maxLength,
    onProgress: ({ fraction = 0 }) => bar(fraction),
  })
  refuseProblems(cutAt(dataset, maxLength), read)
  const found = await rowMap(gpu, plan, dataset, maxLength, { onProgress: evaluationBar('mapping') })
  const lines = found.lines.map((line, i) => {
    const { key, origin, part } = rows[line - 1]
    const [x, y, loss, tokens] = [found.x[i], found.y[i], found.losses[i], found.tokens[i]]
    return `${JSON.stringify({ row: key, file: origin.file, line: origin.line, part, x, y, loss, tokens })}\n`
  })
  await writeOne(out, joinedBytes(lines.map((text) => new TextEncoder().encode(text))))
  tell([`${found.lines.length} of ${total} rows in ${(found.timeMs / 1000).toFixed(1)} s.`])
  const [first, second] = found.shares.map((share) => (share * 100).toFixed(1))
  process.stdout.write(`The two directions show ${first} % and ${second} % of how the rows differ.\n`)
  gpu.destroy()
}
