// Measures how often evaluation rows are answered exactly, for one line of a command's output.
import type { Gpu } from '../../gpu/gpu'
import { Cancelled, UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { Adapter } from '../../peft/method'
import { Answerer } from '../../decode/answer'
import { exactMatch, rowsAtOnce } from '../../decode/answer-rows'
import type { Rows } from '../../data/run-rows'
import type { LoadedModel } from '../../peft/loaded-model'
import { progressBar } from '../progress'

/** Answers the evaluation rows greedily; returns undefined if `signal` ended it. @throws UnsupportedError if the model has no tokenizer */
export async function reportExactMatch(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter | undefined,
  rows: Rows,
  step: number,
  signal?: AbortSignal,
): Promise<{ step: number; exactMatch: number; matched: number; rows: number } | undefined> {
  if (!model.tokenizer)
    throw new UnsupportedError(say`--exact-match needs a model with a tokenizer, and this model has none. Leave --exact-match out.`)
  const answerer = new Answerer(gpu, model, [adapter], rowsAtOnce(rows.eval.length))
  try {
    const asked = { dataset: rows.evalDataset, rows: rows.eval, tokenizer: model.tokenizer }
    const result = await exactMatch(answerer, asked, { onProgress: progressBar('answering'), signal })
    return { step, exactMatch: result.rows ? result.matched / result.rows : 0, matched: result.matched, rows: result.rows }
  } catch (error) {
    if (error instanceof Cancelled) return undefined
    throw error
  } finally {
    answerer.release()
  }
}
