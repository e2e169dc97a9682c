// Answers to held-out rows as the page sees them.
import type { RowAnswers } from '../config/answered-rows'
import { answerField } from '../config/answer-length'
import { type Field, type SettingsOf, defaults } from '../config/field'
import type { Phrase } from '../config/phrase'
import type { ScoredColumns } from '../scores/score-columns'
import { baseColumn } from './play-state'

export const answerRowsFields = [
  {
    key: 'rows',
    type: 'number',
    label: 'Rows',
    help: 'How many held-out rows are answered. The seed chooses them. If there are fewer, all are answered.',
    default: 50,
    min: 1,
    max: 1_000_000,
    integer: true,
  },
  answerField,
  {
    key: 'seed',
    type: 'number',
    label: 'Seed',
    help: 'The same seed chooses the same rows.',
    default: 0,
    min: 0,
    max: 4_294_967_295,
    integer: true,
  },
] as const satisfies readonly Field[]

type AnswerSettings = SettingsOf<typeof answerRowsFields>

/** A model that answered, with its name at that time. */
export interface AnsweredColumn {
  /** `baseColumn`, or the id of a run. */
  id: string
  name: string
}

export interface AnswersState {
  settings: AnswerSettings
  /** Ids of the models to ask, in order. */
  chosen: string[]
  /** Names of scores; absent = those that the form of the data asks for. */
  metrics?: string[]
  running: boolean
  progress?: { done: number; all: number; leftMs?: number }
  /** The models of `rows`. */
  columns: AnsweredColumn[]
  /** The data that the rows are from. */
  dataName: string
  rows: readonly RowAnswers[]
  /** The scores of the first `scoredRows` of the rows. */
  scored?: ScoredColumns
  scoredRows: number
  scoring: boolean
  /** Place of the column that the others are compared with. */
  against: number
  error?: Phrase
}

export const startAnswers = (): AnswersState => ({
  settings: defaults(answerRowsFields) as AnswerSettings,
  chosen: [baseColumn],
  running: false,
  columns: [],
  dataName: '',
  rows: [],
  scoredRows: 0,
  scoring: false,
  against: 0,
})
