// tabtune eval: the loss and perplexity of a base model, with or without an adapter, over a dataset.
import { dropNotice } from '../../config/eval-record'
import { sentence } from '../../config/phrase'
import { allRows, defaultTraining, parseTraining } from '../../config/run-config'
import type { Evaluation } from '../../config/run-reports'
import { evaluateRows } from '../../train/evaluate'
import { openAdapted, openGpu, openRows } from '../open'
import type { Options } from '../options'
import { evaluationBar } from '../progress'
import { reportExactMatch } from './exact-match'
import { scoredAnswers } from './scored-answers'
import { seesPictures } from '../picture-rows'
import { tell } from '../tell'
import { checkFile } from '../out-folder'
import { evaluatePictures } from './eval-pictures'

/** The metrics by names without the prefix `eval`: evalLoss becomes loss. */
function plainNames(evaluation: Evaluation): Record<string, number> {
  return Object.fromEntries(
    Object.entries(evaluation).map(([key, value]) => [key.replace(/^eval(.)/, (_, first: string) => first.toLowerCase()), value]),
  )
}

export async function evaluate(options: Options): Promise<void> {
  if (await seesPictures(options)) return evaluatePictures(options)
  await checkFile('answers', options.text('answers'))
  const gpu = await openGpu()
  const { model, adapter } = await openAdapted(gpu, options)
  const room = model.file.config.context - (adapter?.method.virtualTokens?.(adapter.settings) ?? 0)
  const training = parseTraining({
    maxLength: options.training('maxLength') ?? room,
    batchSize: options.training('batchSize') ?? defaultTraining().batchSize,
    steps: 1,
    ...allRows,
  })
  const all = await openRows(model, options, { maxLength: training.maxLength, like: adapter?.asking ?? model.file.asking })
  const rows = { ...all, eval: all.train }
  const { evaluation, tokens } = await evaluateRows(gpu, model, adapter, rows, training, evaluationBar('evaluating'))
  const notice = dropNotice(adapter?.evaluation, { ...evaluation, data: rows.evalDataset.name })
  if (notice) tell([sentence(notice)])
  const match = options.flag('exact-match') ? await reportExactMatch(gpu, model, adapter, rows, 0) : undefined
  const scored = await scoredAnswers(gpu, model, adapter, rows, options)
  process.stdout.write(
    `${JSON.stringify({ ...plainNames(evaluation), tokens, ...(match && { exactMatch: match.exactMatch, rows: match.rows }), ...scored })}\n`,
  )
  gpu.destroy()
}
