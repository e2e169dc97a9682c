// tabtune eval: loss and perplexity of a base, or of an adapter on it, over a dataset.
import { defaultTraining, parseTraining } from '../../config/run-config'
import { evaluateRows } from '../../train/evaluate'
import { openAdapted, openGpu, openRows } from '../open'
import type { Options } from '../options'
import { evaluationBar } from '../progress'
import { reportExactMatch } from './exact-match'

export async function evaluate(options: Options): Promise<void> {
  const gpu = await openGpu()
  const { model, adapter } = await openAdapted(gpu, options)
  const room = model.file.config.context - (adapter?.method.virtualTokens?.(adapter.settings) ?? 0)
  const training = parseTraining({
    maxLength: options.training('maxLength') ?? room,
    batchSize: options.training('batchSize') ?? defaultTraining().batchSize,
    steps: 1,
  })
  const all = await openRows(model, options, training.maxLength, 0, 0)
  const rows = { ...all, eval: all.train }
  const { loss, tokens } = await evaluateRows(gpu, model, adapter, rows, training, evaluationBar('evaluating'))
  const match = options.flag('exact-match') ? await reportExactMatch(gpu, model, adapter, rows, 0) : undefined
  process.stdout.write(
    `${JSON.stringify({ loss, perplexity: Math.exp(loss), tokens, ...(match && { exactMatch: match.exactMatch, rows: match.rows }) })}\n`,
  )
  gpu.destroy()
}
