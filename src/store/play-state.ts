// A conversation with several models at once: everyone is asked the same prompts, and each continues with its own answers.
import { type ChatSettings, chatFields } from '../config/chat-fields'
import { defaults, fieldProblem } from '../config/field'
import type { Phrase } from '../config/phrase'
import type { AnsweredTurn, GenerateReport, HeldOutRow, PromptLength, PromptRequest } from '../worker/api'

export interface Answer {
  /** `stopped`: by the person, who may continue after what there is. */
  status: 'waiting' | 'writing' | 'done' | 'stopped' | 'failed'
  text: string
  report?: GenerateReport
  error?: Phrase
}

export interface ChatTurn {
  prompt: string
  /** By column. A column that was added later has none until it is asked. */
  answers: Readonly<Record<string, Answer>>
  /** The right answer, if the prompt is a row of the data. */
  expected?: string
}

/** The column may be asked what comes after this answer. */
export const isAnswered = (answer: Answer | undefined): answer is Answer => answer?.status === 'done' || answer?.status === 'stopped'

/** The turns before place `at` that the model of `column` answered. A prompt that it could not take has no part in what comes after. */
const earlierOf = (turns: readonly ChatTurn[], at: number, column: string): AnsweredTurn[] =>
  turns.slice(0, at).flatMap(({ prompt, answers: { [column]: answer } }) => (isAnswered(answer) ? [{ prompt, answer: answer.text }] : []))

/** The turns with another answer of `column` at place `at`; undefined takes it out. */
export function withAnswer(turns: readonly ChatTurn[], at: number, column: string, answer: Answer | undefined): ChatTurn[] {
  return turns.map((turn, i) => {
    if (i !== at) return turn
    const { [column]: _, ...others } = turn.answers
    return { ...turn, answers: answer ? { ...others, [column]: answer } : others }
  })
}

/** The turns without what a column has not answered to the end. The same turns if there is nothing of it. */
export function withoutUnanswered(turns: ChatTurn[], column: string): ChatTurn[] {
  const isOpen = ({ answers }: ChatTurn): boolean => column in answers && !isAnswered(answers[column])
  return turns.reduce((left, turn, at) => (isOpen(turn) ? withAnswer(left, at, column, undefined) : left), turns)
}

/** Column of the base model; other columns are named by their run's id. */
export const baseColumn = 'base'

export interface PlayState {
  /** What is being typed. */
  prompt: string
  /** The right answer to `prompt` as it is, if a row of the data was filled in. */
  expected?: { prompt: string; answer: string; line?: number }
  /** The system words that a row of the data brought with it. */
  filledWords?: string
  asPrompt: boolean
  settings: ChatSettings
  /** Shown columns in order. */
  columns: string[]
  /** The run that a person has last chosen to talk to, another object each time. */
  turnedTo?: { runId: string }
  turns: ChatTurn[]
  /** The next prompt replaces the turn at this place and those after it. */
  editing?: number
  /** What was typed before a turn was put back to be changed. */
  draft?: Pick<PlayState, 'prompt' | 'expected'>
  running: boolean
  /** By column, how long the prompt is with the conversation before it; they may be those of a moment ago. */
  lengths?: Readonly<Record<string, PromptLength>>
}

export const startOfPlay = (): PlayState => ({
  prompt: '',
  asPrompt: true,
  settings: defaults(chatFields),
  columns: [baseColumn],
  turns: [],
  running: false,
})

/** The settings can be used. */
export const canAsk = ({ prompt, columns, settings }: PlayState): boolean =>
  prompt !== '' && columns.length > 0 && chatFields.every((field) => fieldProblem(field, settings[field.key]) === undefined)

/** What changes when a row of the data becomes the prompt. System words of the row before it do not stay. */
export function withRow({ settings, filledWords }: PlayState, row: Omit<HeldOutRow, 'at'>): Partial<PlayState> {
  const { prompt, expected, line, systemWords } = row
  const kept = settings.systemWords === filledWords ? '' : settings.systemWords
  return {
    prompt,
    expected: { prompt, answer: expected, line },
    settings: { ...settings, systemWords: systemWords ?? kept },
    filledWords: systemWords,
  }
}

/** What changes when the row is left: its system words do not stay. */
const withoutRow = ({ settings, filledWords }: PlayState): Partial<PlayState> => ({
  settings: filledWords !== undefined && settings.systemWords === filledWords ? { ...settings, systemWords: '' } : settings,
  filledWords: undefined,
})

const runIdOf = (column: string): string | undefined => (column === baseColumn ? undefined : column)

/** What `columns` are asked at place `at` of the conversation. */
export const requestAt = (
  { turns, asPrompt, settings }: PlayState,
  at: number,
  prompt: string,
  columns: readonly string[],
): PromptRequest => ({
  prompt,
  earlier: columns.map((column) => earlierOf(turns, at, column)),
  systemWords: settings.systemWords,
  asPrompt,
  runIds: columns.map(runIdOf),
})

/** What changes when the prompt of a turn is put back to be changed. */
export function whileEditing({ turns, editing, draft, prompt: typed, expected: right }: PlayState, at: number): Partial<PlayState> {
  const { prompt, expected } = turns[at]
  return {
    editing: at,
    prompt,
    expected: expected === undefined ? undefined : { prompt, answer: expected },
    draft: editing === undefined ? { prompt: typed, expected: right } : draft,
  }
}

/** A new conversation. */
export const begun = (state: PlayState): Partial<PlayState> => ({ turns: [], editing: undefined, draft: undefined, ...withoutRow(state) })
