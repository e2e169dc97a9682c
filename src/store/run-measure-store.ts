// What a few measured steps say about the run that is set up: its time, and the best number of rows at once.
import { createStore } from 'zustand/vanilla'
import { type RunMeasure, type SizeMeasure, withRows } from '../config/run-measure'
import { type AdviceParts, namedRun } from './advice-parts'
import { type SetupState, chosenConfig } from './setup-state'
import { toldOf } from './tasks'

interface RunMeasureState {
  /** Absent before the first measurement. */
  measure?: RunMeasure
  /** The run that was measured, apart from how its steps are divided: other settings need another measurement. */
  about?: string
  running: boolean
}

export function createRunMeasure({ engine, tasks, setup, model, data }: AdviceParts) {
  const store = createStore<RunMeasureState>(() => ({ running: false }))

  /** Names model, data and settings. A step may be divided otherwise, as long as it has as many rows. */
  function about(state: SetupState = setup.store.getState()): string | undefined {
    return namedRun({ model, data }, state, (config) => {
      const { batchSize, accumulate, learningRate: _, ...training } = config.training
      return [{ ...config, training }, batchSize * accumulate]
    })
  }

  return {
    store,
    about,
    /** Measures the run that is set up; with `sizes`, also with other numbers of rows at once. Does nothing during another task. */
    start(sizes: boolean): Promise<void> {
      const config = chosenConfig(setup.store.getState())
      if (!config) return Promise.resolve()
      return tasks.run({ kind: 'timing' }, async (onProgress) => {
        store.setState({ running: true, measure: undefined, about: about() })
        const result = await engine.measureRun(config, sizes, (measure) => {
          store.setState({ measure })
          onProgress({ phase: 'training' })
        })
        store.setState(({ measure }) => ({ running: false, measure: result.ok ? result.value : measure && { ...measure, now: undefined } }))
        return result.ok ? undefined : toldOf(result.error)
      })
    },
    /** What was measured stays. */
    stop: (): Promise<void> => engine.cancel(),
    /** Sets the number of rows at once. A step keeps its rows if they can be divided. */
    take({ rows }: SizeMeasure): void {
      const { batchSize, accumulate } = withRows(chosenConfig(setup.store.getState())?.training ?? { batchSize: rows, accumulate: 1 }, rows)
      setup.setTrainingValue('batchSize', batchSize)
      setup.setTrainingValue('accumulate', accumulate)
    },
  }
}
