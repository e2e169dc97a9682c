// What fast products cost and save in the run that is set up: its first steps, taken with both precisions.
import { createStore } from 'zustand/vanilla'
import type { Precision, PrecisionTrial } from '../config/precision-trial'
import { type AdviceParts, namedRun } from './advice-parts'
import { type SetupState, chosenConfig } from './setup-state'
import { toldOf } from './tasks'

interface PrecisionTrialsState {
  /** As far as they have come; absent before the first ones. */
  trials?: readonly PrecisionTrial[]
  /** The run that they are of, apart from its precision. */
  about?: string
  running: boolean
}

export function createPrecisionTrials({ engine, tasks, setup, model, data }: AdviceParts) {
  const store = createStore<PrecisionTrialsState>(() => ({ running: false }))

  /** Names model, data and settings. */
  function about(state: SetupState = setup.store.getState()): string | undefined {
    return namedRun({ model, data }, state, (config) => {
      const { precision: _, ...training } = config.training
      return { ...config, training }
    })
  }

  return {
    store,
    about,
    /** Takes the first steps with both precisions. Does nothing during another task, or while something is missing. */
    start(): Promise<void> {
      const config = chosenConfig(setup.store.getState())
      if (!config) return Promise.resolve()
      return tasks.run({ kind: 'precisions' }, async (onProgress) => {
        store.setState({ running: true, trials: undefined, about: about() })
        const result = await engine.tryPrecisions(config, (trials) => {
          store.setState({ trials })
          onProgress({ phase: 'training' })
        })
        // Half of a comparison says nothing.
        store.setState({ running: false, trials: result.ok ? result.value : undefined })
        return result.ok ? undefined : toldOf(result.error)
      })
    },
    stop: (): Promise<void> => engine.cancel(),
    take: (precision: Precision): void => setup.setTrainingValue('precision', precision),
  }
}
