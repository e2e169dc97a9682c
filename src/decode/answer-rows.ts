// Answers to rows of a dataset: all of them as text, for scores, or only whether they equal the expected ones, which takes less time.
import type { RowAnswers } from '../config/answered-rows'
import { Cancelled } from '../config/errors'
import type { Dataset, Question as RowQuestion } from '../data/dataset'
import type { AnsweredRow } from '../scores/score'
import type { Tokenizer } from '../tokenizer/tokenizer'
import type { Answerer, Question } from './answer'

/** Rows to answer, with what is needed to ask them. */
export interface AskedRows {
  dataset: Pick<Dataset, 'question' | 'asking' | 'line'>
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
  probabilities?: boolean
}

/** How many of `count` rows each adapter answers at once (at most 8 in all): they share each read of the base model's weights. The last group is about as full as the others. */
export function rowsAtOnce(count: number, adapters = 1): number {
  const most = Math.max(1, Math.floor(8 / adapters))
  return Math.max(1, Math.ceil(count / Math.ceil(count / most)))
}

function asked(question: RowQuestion, { dataset, tokenizer }: AskedRows, limits: AnswerLimits, signal?: AbortSignal): Question {
  const { promptIds, expectedIds, expected } = question
  const { probabilities, continues } = limits
  return {
    promptIds,
    tokenizer,
    options: { maxTokens: limits.maxTokens(expectedIds.length), temperature: 0, seed: 0, signal, probabilities },
    ends: dataset.asking.ends,
    skipSpecial: false,
    onText: continues && ((text: string) => continues(text, expected)),
  }
}

/**
 * Answers rows greedily, in their order, by each adapter of the answerer: `all` has the same rows for each of them, as its tokenizer reads
 * them. Rows without a question (plain texts) have no answer. @throws Cancelled
 */
async function* answered(
  answerer: Answerer,
  all: readonly AskedRows[],
  limits: AnswerLimits,
  watch: AnswerWatch,
): AsyncGenerator<RowAnswers[]> {
  const { onProgress, signal } = watch
  const [{ dataset, rows, tokenizer }] = all
  for (let first = 0; first < rows.length; first += answerer.rows) {
    if (signal?.aborted) throw new Cancelled()
    const places = Array.from({ length: Math.min(answerer.rows, rows.length - first) }, (_, i) => first + i)
    const each = await Promise.all(all.map((one) => Promise.all(places.map((place) => one.dataset.question(one.rows[place])))))
    const usable = places.flatMap((_, i) => (each.every((questions) => questions[i]) ? [i] : []))
    if (usable.length) {
      const questions = each.flatMap((found, k) => {
        const own = usable.map((i) => asked(found[i]!, all[k], limits, signal))
        // Each adapter has a fixed number of rows. Those of the last group that are too many repeat its last one.
        return k < all.length - 1 ? [...own, ...Array.from({ length: answerer.rows - own.length }, () => own[own.length - 1])] : own
      })
      const answers = await answerer.answer(questions)
      yield usable.map((i, at) => ({
        line: dataset.line(rows[places[i]]),
        prompt: tokenizer.decode(each[0][i]!.shownIds ?? each[0][i]!.promptIds, { skipSpecial: true }).trim(),
        words: each[0][i]!.words,
        expected: each[0][i]!.expected,
        answers: all.map((_, k) => {
          const { text, complete, pieces } = answers[k * answerer.rows + at]
          return { text, complete, pieces }
        }),
      }))
    }
    onProgress?.(Math.min(1, (first + answerer.rows) / rows.length))
  }
}

/** The answers of each adapter, in groups as they are ready, each of up to `maxTokens` tokens and with the tokens' probabilities. @throws Cancelled */
export function answersOfEach(
  answerer: Answerer,
  all: readonly AskedRows[],
  maxTokens: number,
  watch: AnswerWatch = {},
): AsyncGenerator<RowAnswers[]> {
  return answered(answerer, all, { maxTokens: () => maxTokens, probabilities: true }, watch)
}

/** The answers of up to `maxTokens` tokens. The prompt is as the model reads it, without special tokens. @throws Cancelled */
export async function answersTo(
  answerer: Answerer,
  rows: AskedRows,
  maxTokens: number,
  watch: AnswerWatch = {},
): Promise<(AnsweredRow & Pick<RowAnswers, 'words'>)[]> {
  const out: (AnsweredRow & Pick<RowAnswers, 'words'>)[] = []
  for await (const group of answered(answerer, [rows], { maxTokens: () => maxTokens }, watch))
    for (const { prompt, expected, words, answers } of group)
      out.push({ prompt, expected, answer: answers[0].text.trim(), ...(words !== undefined && { words }) })
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
export async function exactMatch(answerer: Answerer, rows: AskedRows, watch: AnswerWatch = {}): Promise<ExactMatch> {
  const out: ExactMatch = { matched: 0, rows: 0 }
  for await (const group of answered(answerer, [rows], exactLimits, watch))
    for (const { expected, answers } of group) {
      out.rows++
      if (answers[0].text.trim() === expected) out.matched++
    }
  return out
}
