// Labelling and rewriting as the page sees them: rows one after another, and what a person decides about each.
import type { Phrase } from '../config/phrase'
import type { LabelQuery, Recipe } from '../config/recipe'
import type { RewriteSettings } from '../config/rewriting'
import type { Label } from '../recipe/labels'
import type { RowToLabel } from '../recipe/to-label'
import { withLabels, withRewrites } from './recipe-edits'

/** Who answers rows: nobody but the person, the base, or the adapter of a run. */
export type Answerer = { kind: 'nobody' } | { kind: 'base'; name: string } | { kind: 'run'; name: string; runId: string }

/** What is decided: the answers of rows, or their prompts in other words. `without`: keys of rows that are left out. */
export type Job = { kind: 'labels'; query: LabelQuery } | { kind: 'rewrites'; how: RewriteSettings; without: readonly string[] }

/** What a person decided about the row at a place. */
interface Decision {
  at: number
  /** The row's key. */
  row: string
  /** The answer or the rewrite; absent = thrown away. */
  text?: string
  /** The model that wrote it; absent = the person did. */
  name?: string
  /** The input as it was, and as the model gave it. */
  draft: string
  suggested?: string
}

export interface LabellingState {
  open: boolean
  job: Job
  answerer: Answerer
  /** Rows that are fetched, the place of the current one, and the number of all that were to decide at the start. */
  rows: readonly RowToLabel[]
  at: number
  total: number
  /** How often the current row was asked for again. */
  again: number
  /** The answer or rewrite as it stands in the input, and as the model gave it. */
  draft: string
  suggested?: string
  /** Decisions that are not in the recipe yet; the last one is undone first. */
  given: readonly Decision[]
  error?: Phrase
}

export const startLabelling = (): LabellingState => ({
  open: false,
  job: { kind: 'labels', query: { column: 'completion', all: false } },
  answerer: { kind: 'nobody' },
  rows: [],
  at: 0,
  total: 0,
  again: 0,
  draft: '',
  given: [],
})

const labelOf = ({ row, text, name }: Decision): Label => ({
  row,
  ...(text !== undefined && { answer: text }),
  ...(name === undefined ? { by: 'person' } : { by: 'model', name }),
})

/** The recipe with what was decided; the same one if nothing goes into it. */
export function withDecided(recipe: Recipe, { job, given }: Pick<LabellingState, 'job' | 'given'>): Recipe {
  if (job.kind === 'labels') return given.length ? withLabels(recipe, job.query.column, given.map(labelOf)) : recipe
  // A rewrite that was thrown away leaves nothing.
  const rewrites = given.flatMap(({ row, text, name }) => (text === undefined || name === undefined ? [] : [{ row, prompt: text, name }]))
  return rewrites.length ? withRewrites(recipe, rewrites) : recipe
}
