// Answers that a model suggests for the row that is being labelled.
import type { StoreApi } from 'zustand/vanilla'
import { answerField } from '../config/answer-length'
import type { EngineApi } from '../worker/api'
import type { Holding } from './holding'
import type { LabellingState } from './labelling-state'
import { type Tasks, toldOf } from './tasks'

export interface SuggestingParts {
  engine: Pick<EngineApi, 'generate' | 'cancel'>
  holding: Holding
  tasks: Tasks
}

/** A function that asks the chosen model for the current row's answer, and does nothing where no model is chosen. */
export function createSuggesting(store: StoreApi<LabellingState>, { engine, holding, tasks }: SuggestingParts): () => Promise<void> {
  return async () => {
    const { answerer, rows, at } = store.getState()
    const row = rows[at]
    if (answerer.kind === 'nobody' || !row) return
    await tasks.run({ kind: 'labelling' }, async () => {
      const runId = answerer.kind === 'run' ? answerer.runId : undefined
      const problem = runId === undefined ? undefined : await holding.hold(runId)
      if (problem !== undefined) return problem
      const request = { prompt: row.prompt, asPrompt: true, maxTokens: answerField.default, temperature: 0, seed: 0, runIds: [runId] }
      const isCurrent = (): boolean => store.getState().rows[store.getState().at] === row
      const answer = await engine.generate(request, (text) => isCurrent() && store.setState({ draft: text, suggested: text }))
      if (!answer.ok) return toldOf(answer.error)
      const text = answer.value[0].text.trim()
      if (isCurrent()) store.setState({ draft: text, suggested: text })
      return undefined
    })
  }
}
