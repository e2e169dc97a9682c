// Answers the rows of an evaluation, judges them, and writes the answers to a file.
import { answerField } from '../../config/answer-length'
import { FormatError, UnsupportedError } from '../../config/errors'
import { typedSettings } from '../../config/field'
import { type Phrase, say } from '../../config/phrase'
import type { Rows } from '../../data/run-rows'
import { sampleRows } from '../../data/sample-rows'
import { answersTo, rowsAtOnce } from '../../decode/answer-rows'
import { Answerer } from '../../decode/answer'
import type { Gpu } from '../../gpu/gpu'
import type { LoadedModel } from '../../peft/loaded-model'
import type { Adapter } from '../../peft/method'
import { scoreReport } from '../../scores/report'
import { scoresNamed } from '../../scores/registry'
import { eachOnce } from '../each-once'
import { writeOne } from '../files'
import { type Options, optionOf } from '../options'
import { progressBar } from '../progress'

/** The scores of --metrics; undefined = those that the form of the data asks for. @throws UnsupportedError for an unknown name */
export function chosenScores(options: Options) {
  const names = options.text('metrics')
  if (names === undefined || names === 'auto') return undefined
  return scoresNamed(
    eachOnce(
      'metrics',
      names.split(',').map((name) => name.trim()),
    ),
  )
}

/** The figures of --metrics by key, each with its 95 % interval; undefined without --metrics and --answers. */
export async function scoredAnswers(
  gpu: Gpu,
  model: LoadedModel,
  adapter: Adapter | undefined,
  { evalDataset, eval: all }: Rows,
  options: Options,
): Promise<{ answered: number; scores: Record<string, { value: number; interval: [number, number] }> } | undefined> {
  const path = options.text('answers')
  if (options.text('metrics') === undefined && path === undefined) {
    refuseUnasked(options, say`--metrics or --answers`)
    return undefined
  }
  const chosen = chosenScores(options)
  const { tokenizer } = model
  if (!tokenizer)
    throw new UnsupportedError(say`--metrics needs a model with a tokenizer, and this model has none. Leave --metrics and --answers out.`)
  const rows = sampleRows(all, rowCount(options) ?? all.length)
  const answerer = new Answerer(gpu, model, [adapter], rowsAtOnce(rows.length))
  const { maxTokens } = typedSettings('answers', [answerField], options.given([answerField]))
  const answers = await answersTo(answerer, { dataset: evalDataset, rows, tokenizer }, maxTokens, {
    onProgress: progressBar('answering'),
  }).finally(() => answerer.release())
  if (path !== undefined) await writeOne(path, new TextEncoder().encode(answers.map((row) => `${JSON.stringify(row)}\n`).join('')))
  const { scores } = await scoreReport(answers, chosen)
  const figures = scores.flatMap((score) => score.figures)
  return {
    answered: answers.length,
    scores: Object.fromEntries(figures.map(({ key, value, interval }) => [key, { value, interval }])),
  }
}

/** @throws FormatError if options about answers are given, and nothing is answered */
export function refuseUnasked(options: Options, asks: Phrase): void {
  const unused = options.all.find(([name]) => name === 'rows' || name === optionOf(answerField))
  if (unused)
    throw new FormatError(say`--${unused[0]}: expected it with ${asks}, got it alone, so nothing would be answered. Give both, or neither.`)
}

/** How many rows --rows asks to be answered; undefined = all. @throws FormatError */
export function rowCount(options: Options): number | undefined {
  const count = options.number('rows')
  if (count === undefined || (Number.isInteger(count) && count >= 1)) return count
  throw new FormatError(say`--rows: expected a whole number of rows, at least 1, got ${count}. Correct it.`)
}
