// What the page's advice before a run works with.
import type { EngineApi } from '../worker/api'
import type { DataSlice } from './data-store'
import type { ModelSlice } from './model-store'
import { type SetupState, chosenConfig } from './setup-state'
import type { SetupSlice } from './setup-store'
import type { Tasks } from './tasks'

export interface AdviceParts {
  engine: EngineApi
  tasks: Tasks
  setup: SetupSlice
  model: ModelSlice
  data: DataSlice
}

/**
 * Names the model, the data and what `of` takes of the run that is set up, as text: advice with another name is about another run.
 * Undefined while no run is set up.
 */
export function namedRun(
  { model, data }: Pick<AdviceParts, 'model' | 'data'>,
  state: SetupState,
  of: (config: NonNullable<ReturnType<typeof chosenConfig>>) => unknown,
): string | undefined {
  const config = chosenConfig(state)
  return config && JSON.stringify([model.store.getState().report?.id, data.store.getState().report?.id, of(config)])
}
