// The rows of tabtune compare on a model that sorts pictures: the untouched base, and each run.
import type { ComparisonRow } from '../config/comparison'
import { Cancelled, UnsupportedError, messageOf } from '../config/errors'
import { evaluationFigures } from '../config/figures'
import { say, sentence } from '../config/phrase'
import type { Variant } from '../config/variants'
import type { RunRows } from '../data/run-rows'
import type { Method } from '../peft/method'
import { type Bench, type Found, aboutModel, aboutRun, lengthOf, measuredBase, runRow } from './compared-rows'
import { settingsOf } from './comparison-plan'
import { type RowsOfRun, openPictureRows, tellPictures } from './picture-rows'

function held(rows: RunRows): RunRows {
  if (rows.eval.length) return rows
  throw new UnsupportedError(say`tabtune compare needs evaluation rows. Give --eval FILE or --hold-out SHARE.`)
}

/** The base before any training. A head that is new knows nothing. */
async function untouched(bench: Bench, rows: RunRows, variants: readonly Variant<Method>[]): Promise<ComparisonRow> {
  const { evaluation } = await measuredBase(bench, rows, variants)
  return { method: 'base', ...aboutModel(bench), ...evaluationFigures(evaluation, evaluation) }
}

async function trained(bench: Bench, rowsOf: RowsOfRun, variant: Variant<Method>): Promise<ComparisonRow> {
  const { gpu, options, model } = bench
  const { method, name } = variant
  const about = aboutRun(bench, variant)
  const unavailable = method.unavailable?.(model.base)
  if (unavailable) return { ...about, problem: sentence(unavailable) }
  try {
    const { settings, training } = settingsOf(variant, options, model, lengthOf(bench))
    const { row } = await runRow(bench, name, { model, method, settings, training, rows: rowsOf(training) })
    return { ...about, ...row }
  } catch (error) {
    // If one method cannot run, its row says why. A lost device ends the comparison.
    if (gpu.failure) throw error
    return { ...about, problem: messageOf(error) }
  }
}

/** Measures the base, and then the runs. All of them are evaluated on the same pictures. A stop keeps the rows so far. */
export async function measurePicturesOn(bench: Bench, variants: readonly Variant<Method>[], found: Found): Promise<void> {
  const { options, model, control } = bench
  const rowsOf = await openPictureRows(options, model, options.training('seed') ?? 0)
  const { training } = settingsOf(variants[0], options, model, lengthOf(bench))
  const rows = held(rowsOf(training))
  tellPictures(rows, model.file)
  try {
    found.base(await untouched(bench, rows, variants))
  } catch (error) {
    if (error instanceof Cancelled) return
    throw error
  }
  for (const variant of variants) if (!control.stopped) found.run(variant.name, await trained(bench, rowsOf, variant))
}
