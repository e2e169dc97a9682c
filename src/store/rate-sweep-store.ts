// The learning-rate sweep of the page: its curves so far, its suggestion, and whether the run that followed confirms it.
import { createStore } from 'zustand/vanilla'
import { type RateSuggestion, type RateSweep, suggestedRate } from '../config/rate-sweep'
import type { AdviceParts } from './advice-parts'
import { chosenConfig } from './setup-state'
import { toldOf } from './tasks'

interface RateSweepState {
  /** Absent before the first sweep. */
  sweep?: RateSweep
  /** What it was about: a suggestion holds only for the same model, data and method. */
  about?: string
  running: boolean
  /** Once the sweep is over, if a rate was stable. */
  suggestion?: RateSuggestion
  /** When the suggestion was made, in ms since 1970. */
  madeAt?: number
}

export function createRateSweep({ engine, tasks, setup, model, data }: AdviceParts) {
  const store = createStore<RateSweepState>(() => ({ running: false }))
  const about = (): string =>
    JSON.stringify([model.store.getState().report?.id, data.store.getState().report?.id, setup.store.getState().method])

  return {
    store,
    /** Names the model, data and method that are chosen now. */
    about,
    /** Tries rates for the run that is set up. Does nothing during another task, or while something is missing. */
    start(): Promise<void> {
      const config = chosenConfig(setup.store.getState())
      if (!config) return Promise.resolve()
      return tasks.run({ kind: 'sweeping' }, async (onProgress) => {
        store.setState({ running: true, sweep: undefined, suggestion: undefined, about: about() })
        const result = await engine.rateSweep(config, (sweep) => {
          store.setState({ sweep })
          onProgress({ phase: 'training', fraction: (sweep.trials.length - 1) / (sweep.trials.length + sweep.left) })
        })
        store.setState({ running: false })
        if (!result.ok) return toldOf(result.error)
        store.setState({ sweep: result.value, suggestion: suggestedRate(result.value.trials), madeAt: Date.now() })
        return undefined
      })
    },
    stop: (): Promise<void> => engine.cancel(),
    /** Sets the suggested rate. */
    take(): void {
      const { suggestion } = store.getState()
      if (suggestion) setup.setTrainingValue('learningRate', suggestion.rate)
    },
  }
}
