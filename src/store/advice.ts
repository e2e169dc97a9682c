// What the page advises before a run: its learning rate, its time, its rows at once and its precision, and what makes it fit.
import type { AdviceParts } from './advice-parts'
import type { Loading } from './loading'
import { createPrecisionTrials } from './precision-trials'
import { createRateSweep } from './rate-sweep-store'
import { createRunMeasure } from './run-measure-store'
import { createRunWays } from './run-ways'

interface Parts extends AdviceParts {
  loading: Loading
}

export const createAdvice = (parts: Parts) => ({
  rateSweep: createRateSweep(parts),
  precisionTrials: createPrecisionTrials(parts),
  runMeasure: createRunMeasure(parts),
  runWays: createRunWays(parts),
})
