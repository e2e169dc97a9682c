// What the page advises before a run: its learning rate, its time, its rows at once and its precision, and what makes it fit.
import type { EngineApi } from '../worker/api'
import type { DataSlice } from './data-store'
import type { Loading } from './loading'
import type { ModelSlice } from './model-store'
import { createPrecisionTrials } from './precision-trials'
import { createRateSweep } from './rate-sweep-store'
import { createRunMeasure } from './run-measure-store'
import { createRunWays } from './run-ways'
import type { SetupSlice } from './setup-store'
import type { Tasks } from './tasks'

interface Parts {
  engine: EngineApi
  tasks: Tasks
  setup: SetupSlice
  model: ModelSlice
  data: DataSlice
  loading: Loading
}

export const createAdvice = (parts: Parts) => ({
  rateSweep: createRateSweep(parts),
  precisionTrials: createPrecisionTrials(parts),
  runMeasure: createRunMeasure(parts),
  runWays: createRunWays(parts),
})
