// How often held-out rows are answered exactly, as one line of a run's output.
import type { Gpu } from '../../gpu/gpu'
import { Cancelled, UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { Adapter } from '../../peft/method'
import { Answerer, exactMatch, rowsAtOnce } from '../../decode/answer'
import type { Rows } from '../../data/run-rows'
import type { LoadedModel } from '../../peft/loaded-model'
import { progressBar } from '../progress'

/** Greedy answers to the evaluation rows; undefined where `signal` ended it. @throws UnsupportedError where there is no tokenizer */
export async function reportExactMatch(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter | undefined,
  rows: Rows,
  step: number,
  signal?: AbortSignal,
): Promise<{ step: number; exactMatch: number; matched: number; rows: number } | undefined> {
  if (!model.tokenizer) throw new UnsupportedError(say`exact match: expected a model with a tokenizer, got none. Leave --exact-match out.`)
  const answerer = new Answerer(gpu, model, [adapter], rowsAtOnce(rows.eval.length))
  try {
    const result = await exactMatch(answerer, rows.evalDataset, rows.eval, model.tokenizer, progressBar('answering'), signal)
    return { step, exactMatch: result.rows ? result.matched / result.rows : 0, matched: result.matched, rows: result.rows }
  } catch (error) {
    if (error instanceof Cancelled) return undefined
    throw error
  } finally {
    answerer.release()
  }
}
