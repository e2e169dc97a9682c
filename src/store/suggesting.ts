// Answers and rewrites that a model suggests for the current row.
import type { StoreApi } from 'zustand/vanilla'
import { answerField } from '../config/answer-length'
import { say } from '../config/phrase'
import { rewriteRequest } from '../recipe/rewrites'
import type { RowToLabel } from '../recipe/to-label'
import type { EngineApi, GenerateRequest } from '../worker/api'
import type { Holding } from './holding'
import type { LabellingState } from './labelling-state'
import { type Tasks, toldOf } from './tasks'

export interface SuggestingParts {
  engine: Pick<EngineApi, 'generate' | 'cancel'>
  holding: Holding
  tasks: Tasks
}

const cutPhrase = say`The model was stopped at the most tokens that a rewrite may have, so its end may be missing. Edit it, throw it away, or begin again with more tokens.`

/** What the model is asked about a row. */
function requestFor({ job, again }: LabellingState, { prompt }: RowToLabel): Omit<GenerateRequest, 'runIds' | 'asPrompt'> {
  if (job.kind === 'labels') return { prompt, maxTokens: answerField.default, temperature: 0, seed: 0 }
  const { instruction, maxTokens, temperature, topP, seed } = job.how
  return { prompt: rewriteRequest(instruction, prompt), maxTokens, temperature, topP, seed: seed + again }
}

/** A function that asks the chosen model for the current row's answer or rewrite, and does nothing where no model is chosen. */
export function createSuggesting(store: StoreApi<LabellingState>, { engine, holding, tasks }: SuggestingParts): () => Promise<void> {
  return async () => {
    const { answerer, rows, at, job } = store.getState()
    const row = rows[at]
    if (answerer.kind === 'nobody' || !row) return
    await tasks.run({ kind: 'labelling' }, async () => {
      const runId = answerer.kind === 'run' ? answerer.runId : undefined
      const problem = runId === undefined ? undefined : await holding.hold(runId)
      if (problem !== undefined) return problem
      const request = { ...requestFor(store.getState(), row), asPrompt: true, runIds: [runId] }
      const isCurrent = (): boolean => store.getState().rows[store.getState().at] === row
      const answer = await engine.generate(request, (text) => isCurrent() && store.setState({ draft: text, suggested: text }))
      if (!answer.ok) return toldOf(answer.error)
      const [{ text: given, complete }] = answer.value
      const text = given.trim()
      if (isCurrent()) store.setState({ draft: text, suggested: text, ...(job.kind === 'rewrites' && !complete && { error: cutPhrase }) })
      return undefined
    })
  }
}
