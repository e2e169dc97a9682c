// Held-out rows that are asked in another way than their data say: with another task description, and with solved examples in front.
import type { AskedBase } from '../config/answered-rows'
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { solvedText } from '../config/prompt-template'
import type { ChatMessage } from '../tokenizer/chat-message'
import type { Dataset, Question } from './dataset'
import { encodeSamples } from './encode-sample'
import { shuffled } from './random'
import { RowProblem } from './row-values'
import type { Rows } from './run-rows'
import type { Sample } from './sample'

interface Otherwise extends AskedBase {
  /** Chooses the examples among the rows for training. A smaller number of them is the beginning of a larger one. */
  seed: number
  /** Most tokens of a prompt with its answer. */
  context: number
  maxTokens: number
}

type Asked = Sample & { kind: 'pair' | 'chat' }
const asks = (sample: Sample): sample is Asked => sample.kind === 'pair' || sample.kind === 'chat'

/** Training rows with their answers, that can stand in front of a question. */
async function examplesOf({ dataset, train }: Rows, { shots, seed }: Otherwise): Promise<Asked[]> {
  const found: Asked[] = []
  for (const place of shuffled(train.length, seed)) {
    if (found.length >= shots) break
    const sample = await dataset.sample(train[place])
    if (asks(sample)) found.push(sample)
  }
  if (found.length < shots)
    throw new FormatError(
      say`${dataset.name}: expected ${shots} rows for training with an answer, to be solved examples, got ${found.length}. Take fewer examples.`,
    )
  return found
}

/** A row's turns up to its last answer, without system words. */
function turnsOf(sample: Asked): ChatMessage[] {
  if (sample.kind === 'pair')
    return [
      { role: 'user', content: sample.prompt },
      { role: 'assistant', content: sample.completion },
    ]
  const last = sample.messages.findLastIndex(({ role }, i) => role === 'assistant' && !sample.context?.includes(i))
  return sample.messages.slice(0, last + 1).filter(({ role }) => role !== 'system')
}

/** Earlier turns of a conversation: each example is a question with its answer. */
function asConversation(own: Asked, examples: readonly Asked[]): Asked {
  const before = examples.flatMap(turnsOf)
  const system: ChatMessage[] =
    own.kind === 'chat' ? own.messages.filter(({ role }) => role === 'system') : own.system ? [{ role: 'system', content: own.system }] : []
  const chat = own.kind === 'chat' ? own : undefined
  // No turn but the last answer is asked for, so the others need no marks.
  return { kind: 'chat', messages: [...system, ...before, ...turnsOf(own)], ...(chat?.tools !== undefined && { tools: chat.tools }) }
}

/** Examples as text in front of the question, each in the prompt template, with an empty line between them. */
function asText(own: Asked & { kind: 'pair' }, examples: readonly Asked[], template: string): Asked {
  const pairs = examples.flatMap((each) => (each.kind === 'pair' ? [each] : []))
  return { ...own, prompt: solvedText(template, pairs) + own.prompt }
}

/** The words that ask: the prompt, or the last turn before the answer. */
const wordsOf = (sample: Asked): string =>
  sample.kind === 'pair' ? sample.prompt : (turnsOf(sample).findLast(({ role }) => role === 'user')?.content ?? '')

/** The rows of `rows.evalDataset` as they are asked otherwise. @throws FormatError, UnsupportedError where rows have no words or do not fit */
export async function askedOtherwise(rows: Rows, how: Otherwise): Promise<Pick<Dataset, 'question' | 'asking' | 'line'>> {
  const { evalDataset: dataset } = rows
  const { taskDescription, shots, context, maxTokens } = how
  const { encoder } = dataset
  if (dataset.format === 'tokens' || dataset.format === 'text')
    throw new UnsupportedError(
      say`${dataset.name}: expected rows with a prompt and an answer, got plain texts or token ids. Choose other data.`,
    )
  const form = { ...encoder.form, ...(taskDescription !== undefined && { taskDescription }) }
  const examples = shots > 0 ? await examplesOf(rows, how) : []

  async function question(row: number): Promise<Question | undefined> {
    const plain = await dataset.question(row)
    const own = plain && (await dataset.sample(row))
    if (!plain || !own || !asks(own)) return plain
    const words = wordsOf(own).trim()
    if (examples.length === 0 && taskDescription === undefined) return { ...plain, words }
    const inText = own.kind === 'pair' && encoder.asked !== 'template' && examples.every(({ kind }) => kind === 'pair')
    const sample = inText ? asText(own, examples, form.promptTemplate) : examples.length ? asConversation(own, examples) : own
    const [example] = await encodeSamples([sample], { ...encoder, form, trainOn: 'completion' })
    if (example instanceof RowProblem) throw new FormatError(say`${dataset.name}, line ${dataset.line(row)}: ${example.phrase}`)
    const promptIds = example.ids.slice(0, example.answerStart)
    if (promptIds.length + maxTokens + 1 > context)
      throw new UnsupportedError(
        say`${shots} solved examples: with them, the prompt of ${dataset.name}, line ${dataset.line(row)}, has ${promptIds.length} tokens, and with ${maxTokens} for the answer that is more than the model’s context of ${context}. Take fewer examples, or allow shorter answers.`,
      )
    return { ...plain, promptIds, shownIds: plain.promptIds, words }
  }

  return { question, asking: dataset.asking, line: (row) => dataset.line(row) }
}
