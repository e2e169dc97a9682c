// Answers to rows of a dataset: all of them as text, for scores, or only whether they equal the expected ones, which takes less time.
import { Cancelled } from '../config/errors'
import type { Dataset } from '../data/dataset'
import type { AnsweredRow } from '../scores/score'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Answerer } from './answer'

/** Rows to answer, with what is needed to ask them. */
interface AskedRows {
  dataset: Dataset
  rows: ArrayLike<number>
  tokenizer: Tokenizer
}

interface AnswerWatch {
  onProgress?: (fraction: number) => void
  signal?: AbortSignal
}

interface AnswerLimits {
  /** Most tokens of an answer whose expected one has `expected` tokens. */
  maxTokens(expected: number): number
  /** Returns false to end an answer that has become `text`. */
  continues?(text: string, expected: string): boolean
}

/** How many of `count` rows to answer at once (at most 8): they share each read of the base model's weights. The last group is about as full as the others. */
export function rowsAtOnce(count: number): number {
  return Math.max(1, Math.ceil(count / Math.ceil(count / 8)))
}

/** Answers rows greedily, in their order. Rows without a question (plain texts) have no answer. @throws Cancelled */
async function* answered(answerer: Answerer, asked: AskedRows, limits: AnswerLimits, watch: AnswerWatch): AsyncGenerator<AnsweredRow> {
  const { dataset, rows, tokenizer } = asked
  const { onProgress, signal } = watch
  for (let first = 0; first < rows.length; first += answerer.rows) {
    if (signal?.aborted) throw new Cancelled()
    const together = Array.from({ length: Math.min(answerer.rows, rows.length - first) }, (_, i) => dataset.question(rows[first + i]))
    const questions = (await Promise.all(together)).filter((question) => question !== undefined)
    if (!questions.length) continue
    const answers = await answerer.answer(
      questions.map(({ promptIds, expectedIds, expected }) => ({
        promptIds,
        tokenizer,
        options: { maxTokens: limits.maxTokens(expectedIds.length), temperature: 0, seed: 0, signal },
        ends: dataset.asking.ends,
        skipSpecial: false,
        onText: limits.continues && ((text: string) => limits.continues?.(text, expected)),
      })),
    )
    for (const [i, { promptIds, expected }] of questions.entries())
      yield { prompt: tokenizer.decode(promptIds, { skipSpecial: true }).trim(), expected, answer: answers[i].text.trim() }
    onProgress?.(Math.min(1, (first + answerer.rows) / rows.length))
  }
}

/** The answers of up to `maxTokens` tokens. The prompt is as the model reads it, without special tokens. @throws Cancelled */
export async function answersTo(answerer: Answerer, asked: AskedRows, maxTokens: number, watch: AnswerWatch = {}): Promise<AnsweredRow[]> {
  const out: AnsweredRow[] = []
  for await (const row of answered(answerer, asked, { maxTokens: () => maxTokens }, watch)) out.push(row)
  return out
}

interface ExactMatch {
  matched: number
  rows: number
}

/** Tokens allowed beyond the expected answer's, so that a longer answer is recognised as longer. */
const slack = 12

/** An answer that already differs from the expected one, which has no spaces at its ends, need not be finished. */
const exactLimits: AnswerLimits = {
  maxTokens: (expected) => expected + slack,
  continues: (text, expected) => expected.startsWith(text.trim()),
}

/** Counts the answers that equal the expected one, apart from white space at the ends. @throws Cancelled */
export async function exactMatch(answerer: Answerer, asked: AskedRows, watch: AnswerWatch = {}): Promise<ExactMatch> {
  const out: ExactMatch = { matched: 0, rows: 0 }
  for await (const { answer, expected } of answered(answerer, asked, exactLimits, watch)) {
    out.rows++
    if (answer === expected) out.matched++
  }
  return out
}
