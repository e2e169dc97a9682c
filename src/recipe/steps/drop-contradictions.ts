import { say } from '../../config/phrase'
import { comparedFields, comparedText } from '../compared-text'
import { placeOf } from '../row'
import { dropRows, forRows, rowStep } from '../step'

/** The answers to one prompt: how often each was given, in the order of the rows, and the row that gave it first. */
type Answers = Map<string, { count: number; first: number }>

export const dropContradictions = rowStep({
  name: 'drop-contradictions',
  label: 'Drop contradictions',
  help: 'Finds rows of the same part that have the same prompt and different answers.',
  fields: [
    {
      key: 'keep',
      type: 'choice',
      label: 'Keep',
      help: 'Which of these rows stay.',
      default: 'none',
      options: [
        { value: 'none', label: 'None of them' },
        { value: 'first', label: 'Those with the first answer' },
        { value: 'majority', label: 'Those with the most frequent answer' },
      ],
    },
    ...comparedFields,
  ],
  idempotent: true,
  async apply(rows, { keep, ...compared }, work) {
    const words = await work.words(rows)
    const keyOf = (text: string): string => comparedText(text, compared)
    const prompts = new Map<string, Answers>()
    /** The answers to each row's prompt, and its own. A plain text has no prompt. */
    const found: ({ answers: Answers; answer: string } | undefined)[] = []
    await forRows(rows, work, ({ part }, i) => {
      const row = words[i]
      if (!row?.prompt) return void found.push(undefined)
      const key = `${part} ${keyOf(row.prompt)}`
      const answers: Answers = prompts.get(key) ?? new Map()
      prompts.set(key, answers)
      const answer = keyOf(row.answer)
      const known = answers.get(answer)
      answers.set(answer, { count: (known?.count ?? 0) + 1, first: known?.first ?? i })
      found.push({ answers, answer })
    })
    return dropRows(rows, work, (_row, i) => {
      if (!found[i]) return undefined
      const { answers, answer } = found[i]
      if (answers.size < 2 || answer === keptAnswer(answers, keep)) return undefined
      const other = [...answers].find(([each]) => each !== answer)?.[1].first ?? 0
      return say`Its prompt is also that of ${placeOf(rows[other], other)}, which has another answer.`
    })
  },
})

/** The answer whose rows stay. The first of several that are equally frequent counts. */
function keptAnswer(answers: Answers, keep: 'none' | 'first' | 'majority'): string | undefined {
  if (keep === 'none') return undefined
  if (keep === 'first') return answers.keys().next().value
  return [...answers].reduce((best, each) => (each[1].count > best[1].count ? each : best))[0]
}
