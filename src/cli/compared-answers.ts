// Answers to the held-out rows of tabtune compare, judged: those of the base and of every run, of the base that is asked in other ways
// without training, and of other models.
import { basename } from 'node:path'
import { answerField } from '../config/answer-length'
import type { AskedBase } from '../config/answered-rows'
import type { ComparisonRow, RowScore } from '../config/comparison'
import { FormatError, UnsupportedError, messageOf } from '../config/errors'
import { typedSettings } from '../config/field'
import { plainNumber } from '../config/number-text'
import { say } from '../config/phrase'
import { askedName } from '../config/variants'
import { askedOtherwise } from '../data/asked-otherwise'
import { readAny } from '../data/in/read-any'
import type { Rows } from '../data/run-rows'
import { sampleRows } from '../data/sample-rows'
import { answersTo, rowsAtOnce } from '../decode/answer-rows'
import { Answerer } from '../decode/answer'
import type { Gpu } from '../gpu/gpu'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { givenAnswer, matchedAnswers } from '../scores/other-answers'
import { scoreReport } from '../scores/report'
import type { AnsweredRow, Score } from '../scores/score'
import { chosenScores, refuseUnasked, rowCount } from './commands/scored-answers'
import { readHowOf } from './data-options'
import { eachOnce } from './each-once'
import { dataSource } from './files'
import type { Options } from './options'
import { progressBar } from './progress'

/** What is answered and how it is judged. */
export interface Answering {
  maxTokens: number
  /** Held-out rows to answer; absent = all. */
  rows?: number
  /** Absent = those that the form of the data asks for. */
  scores?: Score[]
  /** How the base is asked without training, beside how the data say. */
  bases: AskedBase[]
  others: { name: string; given: ReturnType<typeof givenAnswer>[] }[]
  /** Chooses the solved examples. */
  seed: number
}

/** The numbers of --shots. @throws FormatError */
function shotsOf(options: Options): number[] {
  const text = options.text('shots')
  if (text === undefined) return [0]
  const given = text.split(',').map((part) => {
    const shots = plainNumber(part)
    if (!Number.isInteger(shots) || shots < 0 || shots > 100)
      throw new FormatError(say`--shots: expected whole numbers from 0 to 100 with commas between them, got ${text}. Correct it.`)
    return shots
  })
  eachOnce('shots', given)
  return given
}

async function givenAt(path: string, options: Options): Promise<Answering['others'][number]> {
  const source = await dataSource(path)
  const given: ReturnType<typeof givenAnswer>[] = []
  for await (const { line, value, problem } of readAny(source, readHowOf(options))) {
    if (problem) throw new FormatError(say`${source.name}, line ${line}: ${problem}. Correct the line.`)
    given.push(givenAnswer(say`${source.name}, line ${line}`, value))
  }
  return { name: basename(path), given }
}

/** What the options ask to be answered; undefined = nothing. @throws FormatError, UnsupportedError */
export async function answeringOf(options: Options): Promise<Answering | undefined> {
  const against = options
    .text('against')
    ?.split(',')
    .map((path) => path.trim())
  if (against) eachOnce('against', against)
  if (options.basePrompts.some((task, i) => options.basePrompts.indexOf(task) < i))
    throw new FormatError(say`--base-prompt: expected each text once, got one twice. Leave one out.`)
  const bases = [undefined, ...options.basePrompts].flatMap((taskDescription) =>
    shotsOf(options).map((shots): AskedBase => ({ shots, ...(taskDescription !== undefined && { taskDescription }) })),
  )
  const others = bases.filter(({ taskDescription, shots }) => taskDescription !== undefined || shots > 0)
  if (options.text('metrics') === undefined && against === undefined && others.length === 0) {
    refuseUnasked(options, say`--metrics, --shots, --base-prompt or --against`)
    return undefined
  }
  return {
    maxTokens: typedSettings('answers', [answerField], options.given([answerField])).maxTokens,
    rows: rowCount(options),
    scores: chosenScores(options),
    bases: others,
    others: await Promise.all((against ?? []).map((path) => givenAt(path, options))),
    seed: options.training('seed') ?? 0,
  }
}

/** The figures of the scores, each with its 95 % interval. */
async function scored(rows: readonly AnsweredRow[], chosen: Score[] | undefined): Promise<RowScore[]> {
  const { scores } = await scoreReport(rows, chosen)
  return scores.flatMap(({ figures }) => figures.map(({ key, label, form, value, interval }) => ({ key, label, form, value, interval })))
}

interface Judging {
  gpu: Gpu
  model: LoadedModel
  rows: Rows
  answering: Answering
  signal: AbortSignal
}

/** The answers of the base or of an adapter. `asked`: in another way than the data say. @throws Cancelled, UnsupportedError */
async function answersOf({ gpu, model, rows, answering, signal }: Judging, adapter: Adapter | undefined, asked?: AskedBase) {
  const { tokenizer, file } = model
  if (!tokenizer) throw new UnsupportedError(say`Answers need a model with a tokenizer, and this model has none. Leave --metrics out.`)
  const { maxTokens, seed } = answering
  const chosen = sampleRows(rows.eval, answering.rows ?? rows.eval.length)
  const dataset = asked ? await askedOtherwise(rows, { ...asked, seed, maxTokens, context: file.config.context }) : rows.evalDataset
  const answerer = new Answerer(gpu, model, [adapter], rowsAtOnce(chosen.length))
  const watch = { onProgress: progressBar('answering'), signal }
  return answersTo(answerer, { dataset, rows: chosen, tokenizer }, maxTokens, watch).finally(() => answerer.release())
}

/** The scores of the answers of the base or of an adapter. @throws Cancelled, UnsupportedError */
export async function scoresOf(judging: Judging, adapter: Adapter | undefined): Promise<RowScore[]> {
  return scored(await answersOf(judging, adapter), judging.answering.scores)
}

/** A row for each way in which the base is asked without training, and for each file of other answers. @throws Cancelled */
export async function rowsWithoutTraining(judging: Judging, about: Pick<ComparisonRow, 'model' | 'base'>): Promise<ComparisonRow[]> {
  const { answering, signal } = judging
  const out: ComparisonRow[] = []
  const add = async (row: ComparisonRow, answers: () => Promise<AnsweredRow[]>): Promise<void> => {
    try {
      out.push({ ...row, scores: await scored(await answers(), answering.scores) })
    } catch (error) {
      signal.throwIfAborted()
      if (judging.gpu.failure) throw error
      // If the base cannot be asked in one way, its row says why.
      out.push({ ...row, problem: messageOf(error) })
    }
  }
  for (const asked of answering.bases)
    await add({ method: 'base', variant: askedName(asked), ...about }, () => answersOf(judging, undefined, asked))
  return out
}

/** A row for each file of another model's answers. @throws FormatError if a file lacks an answer */
export async function otherRows({ model, rows, answering }: Judging): Promise<ComparisonRow[]> {
  if (answering.others.length === 0) return []
  const { tokenizer, file } = model
  const { maxTokens, seed } = answering
  const dataset = await askedOtherwise(rows, { shots: 0, seed, maxTokens, context: file.config.context })
  const chosen = sampleRows(rows.eval, answering.rows ?? rows.eval.length)
  const questions = await Promise.all(Array.from(chosen, (row) => dataset.question(row)))
  const heldOut = questions.flatMap((question) =>
    question && tokenizer
      ? [{ prompt: tokenizer.decode(question.promptIds, { skipSpecial: true }).trim(), words: question.words, expected: question.expected }]
      : [],
  )
  return Promise.all(
    answering.others.map(async ({ name, given }) => ({
      method: 'answers',
      variant: name,
      base: '–',
      scores: await scored(matchedAnswers(name, heldOut, given), answering.scores),
    })),
  )
}
