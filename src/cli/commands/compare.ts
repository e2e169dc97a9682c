// tabtune compare: trains methods one after another with the same data, once for each combination of the settings that are varied, and
// prints a table of the results.
import { type ComparisonRow, comparisonCsv, comparisonMarkdown } from '../../config/comparison'
import { Cancelled, FormatError, UnsupportedError } from '../../config/errors'
import { say, sentence } from '../../config/phrase'
import { completed } from '../../config/repetitions'
import { release } from '../../tensor/program'
import { Control } from '../../train/control'
import { measurePicturesOn } from '../compared-pictures'
import { type Bench, measureOn } from '../compared-rows'
import { answeringOf } from '../compared-answers'
import { baseOf, comparisonPlan, modelPaths } from '../comparison-plan'
import { openGpu, openLoadedAt } from '../open'
import type { Options } from '../options'
import { openPictureModelAt, refuseText, seesPictures } from '../picture-rows'
import { steerBySignal } from '../steer'

/** The perplexity of --target-perplexity. @throws FormatError */
function targetOf(options: Options): number | undefined {
  const target = options.number('target-perplexity')
  if (target !== undefined && !(target > 1))
    throw new FormatError(say`--target-perplexity: expected a number above 1, got ${target}. Correct it.`)
  return target
}

/** The rows of every model: its base in each precision, then its runs in the order of the plan. */
async function measured(
  parts: Pick<Bench, 'gpu' | 'options' | 'plan' | 'control' | 'answering'>,
  pictures: boolean,
): Promise<ComparisonRow[]> {
  const { gpu, options, plan, control } = parts
  const all: ComparisonRow[] = []
  for (const path of plan.models) {
    const bases: ComparisonRow[] = []
    const runs = new Map<string, ComparisonRow>()
    for (const base of new Set(plan.variants.map((variant) => baseOf(variant, options)))) {
      if (control.stopped) break
      const model = pictures ? await openPictureModelAt(gpu, options, path, base) : await openLoadedAt(gpu, path, base)
      const first = { ofModel: bases.length === 0, ofAll: bases.length === 0 && all.length === 0 }
      const bench: Bench = { ...parts, model, several: plan.models.length > 1, first }
      await (pictures ? measurePicturesOn : measureOn)(
        bench,
        plan.variants.filter((variant) => baseOf(variant, options) === base),
        { base: (row) => bases.push(row), run: (name, row) => runs.set(name, row) },
      )
      release(gpu, model.plan.slots)
    }
    all.push(...bases, ...plan.variants.flatMap(({ name }) => runs.get(name) ?? []))
  }
  return all
}

/** Whether the models sort pictures. @throws UnsupportedError if only some of them do */
async function ofPictures(options: Options): Promise<boolean> {
  const kinds: boolean[] = []
  for (const path of await modelPaths(options)) kinds.push(await seesPictures(options, path))
  if (kinds.every((kind) => kind === kinds[0])) return kinds[0]
  throw new UnsupportedError(
    say`--model: expected models of one kind, got some that sort pictures and some that write text. Make a comparison for each kind.`,
  )
}

export async function compare(options: Options): Promise<void> {
  const pictures = await ofPictures(options)
  if (pictures) refuseText(options, ['methods', 'vary', 'eval', 'hold-out', 'shots', 'target-perplexity', 'json', 'csv'])
  const plan = await comparisonPlan(options, pictures)
  const targetPerplexity = targetOf(options)
  const answering = pictures ? undefined : await answeringOf(options)
  const gpu = await openGpu()
  const control = new Control()
  steerBySignal(control)
  const rows = await measured({ gpu, options, plan, control, answering }, pictures)
  if (!rows.length) throw new Cancelled()
  const table = completed(rows, { targetPerplexity })
  const json = () => JSON.stringify(table.map((row) => ({ ...row, notes: row.notes?.map((note) => sentence(note)) })))
  process.stdout.write(options.flag('json') ? `${json()}\n` : options.flag('csv') ? comparisonCsv(table) : comparisonMarkdown(table))
  gpu.destroy()
}
