// The held-out rows of earlier data (--eval-old): measured before and after a run with new data.
import { Cancelled } from '../config/errors'
import { forgettingNotice } from '../config/eval-record'
import { sentence } from '../config/phrase'
import { autoHow } from '../config/read-how'
import { type TrainingSettings, allRows } from '../config/run-config'
import type { Evaluation, OldEvaluation } from '../config/run-reports'
import { cutAt } from '../data/cut-at-length'
import { evalLines, refuseProblems } from '../data/report'
import { type CutRows, usableRows } from '../data/run-rows'
import { tokenizeDataset } from '../data/tokenize-dataset'
import type { Gpu } from '../gpu/gpu'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { evaluateRows } from '../train/evaluate'
import { dataOptionsOf } from './data-options'
import { dataSource } from './files'
import type { Options } from './options'
import { evaluationBar, progressBar } from './progress'
import { tell } from './tell'

/** The rows of --eval-old, asked like those of the run. @throws FormatError */
export async function openOldRows(
  options: Options,
  run: CutRows,
  { maxLength, seed }: Pick<TrainingSettings, 'maxLength' | 'seed'>,
): Promise<CutRows | undefined> {
  const path = options.text('eval-old')
  if (path === undefined) return undefined
  const { encoder, keep, asking } = run.dataset
  const source = await dataSource(path)
  const bar = progressBar(`reading ${source.name}`)
  const dataOptions = { ...dataOptionsOf(options, seed, 0, asking), read: autoHow }
  const evalDataset = await tokenizeDataset(source, encoder.tokenizer, encoder.renderer, dataOptions, {
    form: encoder.form,
    keep,
    onProgress: ({ fraction = 0 }) => bar(fraction),
  })
  const evalCut = cutAt(evalDataset, maxLength)
  refuseProblems(evalCut, dataOptions)
  const rows = usableRows({ ...run, evalDataset, eval: evalCut.rows, evalCut })
  tell(evalLines(rows))
  return rows
}

/** Measures the rows of --eval-old; undefined without that option. */
export async function oldMeasuring(gpu: Gpu, model: LoadedModel, options: Options, run: CutRows, training: TrainingSettings) {
  const all = await openOldRows(options, run, training)
  if (!all) return undefined
  const rows = { ...all, train: Int32Array.of() }
  const [{ name }, count] = [rows.evalDataset, rows.eval.length]
  const bar = evaluationBar(`evaluating ${name}`)
  return {
    /** Measures the base or an adapter after `step` steps, and prints the result; undefined if `signal` ended it. */
    async measure(adapter: Adapter | undefined, step: number, signal: AbortSignal): Promise<Evaluation | undefined> {
      try {
        const { evaluation } = await evaluateRows(gpu, model, adapter, rows, { ...training, ...allRows }, (progress) => {
          signal.throwIfAborted()
          bar(progress)
        })
        process.stdout.write(`${JSON.stringify({ step, data: name, rows: count, ...evaluation })}\n`)
        return evaluation
      } catch (error) {
        if (error instanceof Cancelled) return undefined
        throw error
      }
    },
    /** Both results for the run's record. Says if the loss has risen. */
    compared(before: Evaluation | undefined, after: Evaluation | undefined): OldEvaluation {
      const found = { name, rows: count, before, after }
      const notice = forgettingNotice(found)
      if (notice) tell([sentence(notice)])
      return found
    },
  }
}
