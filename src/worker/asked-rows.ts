// Held-out rows, to be answered by the base or by adapters.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { askedOtherwise } from '../data/asked-otherwise'
import type { Rows } from '../data/run-rows'
import { sampleRows } from '../data/sample-rows'
import { type AskedRows, answersOfEach, rowsAtOnce } from '../decode/answer-rows'
import type { Answerer } from '../decode/answer'
import { type LoadedModel, needTokenizer } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { tokensOf, withNewTokens } from '../peft/new-tokens'
import type { AnswersRequest, EngineApi } from './api'
import type { LoadedData } from './loaded'

interface Asking {
  model: LoadedModel
  data: LoadedData
  /** undefined = the base. */
  adapters: readonly (Adapter | undefined)[]
  maxLength: number
}

/** The places of the same lines in another reading of the file. @throws FormatError if it lacks one */
function sameLines(own: Rows, other: Rows, rows: Int32Array): Int32Array {
  const places = new Map(Array.from(other.eval, (row) => [other.evalDataset.line(row), row]))
  return rows.map((row) => {
    const line = own.evalDataset.line(row)
    const found = places.get(line)
    if (found === undefined)
      throw new FormatError(
        say`${own.evalDataset.name}, line ${line}: expected a row that every chosen model can read, got one that is too long for one of them. Leave the row out, or ask the models one after another.`,
      )
    return found
  })
}

/** The rows that `choose` takes of all held-out rows, as each adapter's tokenizer reads them. @throws FormatError */
async function askedRows(
  { model, data, adapters, maxLength }: Asking,
  { ask, seed, maxTokens }: Pick<AnswersRequest, 'ask' | 'seed' | 'maxTokens'>,
  choose: (rows: Int32Array) => Int32Array,
): Promise<AskedRows[]> {
  const own = await data.rowsFor(tokensOf(adapters[0]), maxLength)
  if (!own.eval.length) throw new FormatError(say`The data has no evaluation rows. Hold rows out, or choose an evaluation file.`)
  const rows = choose(own.eval)
  const out: AskedRows[] = []
  for (const adapter of adapters) {
    const tokens = tokensOf(adapter)
    const read = adapter === adapters[0] ? own : await data.rowsFor(tokens, maxLength)
    const how = ask && { ...ask, seed, maxTokens, context: model.file.config.context }
    out.push({
      dataset: how ? await askedOtherwise(read, how) : read.evalDataset,
      rows: read.evalDataset === own.evalDataset ? rows : sameLines(own, read, rows),
      tokenizer: needTokenizer(withNewTokens(model, tokens)),
    })
  }
  return out
}

type OnAnswered = Parameters<EngineApi['answerRows']>[1]

/** Answers a sample of the held-out rows. It continues after the first `done` rows, if the device was lost after them. @throws Cancelled */
export async function answerSample(
  asking: Asking,
  request: AnswersRequest,
  answererFor: (rows: number) => Answerer,
  { done, signal, onAnswered }: { done: number; signal: AbortSignal; onAnswered: OnAnswered },
): Promise<void> {
  const all = await askedRows(asking, request, (rows) => sampleRows(rows, request.rows, request.seed))
  const count = all[0].rows.length
  const left = all.map((each) => ({ ...each, rows: Array.from(each.rows).slice(done) }))
  const answerer = answererFor(rowsAtOnce(count, asking.adapters.length))
  let told = done
  onAnswered([], { done, all: count })
  for await (const rows of answersOfEach(answerer, left, request.maxTokens, { signal })) {
    told = Math.min(count, told + answerer.rows)
    onAnswered(rows, { done: told, all: count })
  }
}
