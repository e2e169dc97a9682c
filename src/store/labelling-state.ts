// Labelling as the page sees it.
import type { Phrase } from '../config/phrase'
import type { LabelQuery } from '../config/recipe'
import type { Label } from '../recipe/labels'
import type { RowToLabel } from '../recipe/to-label'

/** Who answers rows: nobody but the person, the base, or the adapter of a run. */
export type Answerer = { kind: 'nobody' } | { kind: 'base'; name: string } | { kind: 'run'; name: string; runId: string }

export interface LabellingState {
  open: boolean
  query: LabelQuery
  answerer: Answerer
  /** Rows that are fetched, the place of the current one, and the number of all that were to label at the start. */
  rows: readonly RowToLabel[]
  at: number
  total: number
  /** The answer as it stands in the input, and as the model gave it. */
  draft: string
  suggested?: string
  /** Labels that are not in the recipe yet; the last one is undone first. */
  given: readonly { label: Label; at: number }[]
  error?: Phrase
}

export const startLabelling = (): LabellingState => ({
  open: false,
  query: { column: 'completion', all: false },
  answerer: { kind: 'nobody' },
  rows: [],
  at: 0,
  total: 0,
  draft: '',
  given: [],
})
