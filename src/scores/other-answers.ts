// Answers of another model, from a file of rows, in the place of answers that were generated here.
import { FormatError } from '../config/errors'
import { recordOf } from '../config/exact-json'
import { type Phrase, say } from '../config/phrase'
import type { AnsweredRow } from './score'

interface GivenAnswer {
  prompt: string
  answer: string
}

/** A held-out row: its prompt as the model reads it, and its words alone. */
interface HeldOut extends Pick<AnsweredRow, 'prompt' | 'expected'> {
  words?: string
}

const answerColumns = ['answer', 'completion', 'response', 'output'] as const

/** The prompt and the answer of a row of such a file. @throws FormatError */
export function givenAnswer(where: Phrase, value: unknown): GivenAnswer {
  const row = recordOf(value) ?? {}
  const prompt = row.prompt
  const answer = answerColumns.map((column) => row[column]).find((found) => typeof found === 'string')
  if (typeof prompt === 'string' && typeof answer === 'string') return { prompt: prompt.trim(), answer: answer.trim() }
  throw new FormatError(
    say`${where}: expected the texts prompt and answer, got columns ${Object.keys(row).join(', ').slice(0, 200) || say`of no kind`}. Rename the columns.`,
  )
}

/**
 * The answers of `given` to the held-out rows, found by the prompts: as the model reads them, or their words alone. Rows with the same prompt
 * take its answers in their order. @throws FormatError naming the rows without an answer
 */
export function matchedAnswers(name: string, rows: readonly HeldOut[], given: readonly GivenAnswer[]): AnsweredRow[] {
  const byPrompt = new Map<string, string[]>()
  for (const { prompt, answer } of given) byPrompt.set(prompt, [...(byPrompt.get(prompt) ?? []), answer])
  const taken = new Map<string, number>()
  const found = rows.map(({ prompt, words, expected }): AnsweredRow | undefined => {
    const key = [prompt, words?.trim()].find((text) => text !== undefined && byPrompt.has(text))
    if (key === undefined) return undefined
    const answers = byPrompt.get(key)!
    const at = taken.get(key) ?? 0
    taken.set(key, at + 1)
    // A file may have a prompt once, though several rows ask it.
    return { prompt, expected, answer: answers[Math.min(at, answers.length - 1)] }
  })
  const missing = rows.filter((_, i) => !found[i])
  if (missing.length)
    throw new FormatError(
      say`${name}: expected an answer to each of the ${rows.length} held-out rows that are answered, got none to ${missing.length}, the first of them “${(missing[0].words ?? missing[0].prompt).slice(0, 80)}”. Answer the same rows, with the same prompts.`,
    )
  return found.filter((row) => row !== undefined)
}
