// The loaded data at the length of the comparison that is being set up. The setup may show them at another length.
import { createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import type { DataReport, EngineApi } from '../worker/api'
import { type ComparisonSlice, comparisonLength } from './comparison-store'
import type { DataSlice } from './data-store'
import type { ModelSlice } from './model-store'
import type { SetupSlice } from './setup-store'

interface CutState {
  /** Absent while the rows are counted. */
  report?: DataReport
  /** Why the rows cannot be counted. */
  error?: Phrase
}

interface Parts {
  engine: EngineApi
  model: ModelSlice
  data: DataSlice
  setup: SetupSlice
  comparison: ComparisonSlice
}

export function createComparisonCut({ engine, model, data, setup, comparison }: Parts) {
  const store = createStore<CutState>(() => ({}))
  let counted = ''

  /** Counts the rows again when another dataset is loaded or the length changes. */
  async function follow(): Promise<void> {
    const modelReport = model.store.getState().report
    const shown = data.store.getState().report
    const length = modelReport && comparisonLength(comparison.store.getState(), setup.store.getState(), modelReport)
    const wanted = shown && length !== undefined ? `${shown.id} ${length}` : ''
    if (wanted === counted) return
    counted = wanted
    store.setState({ report: undefined, error: undefined })
    if (!shown || length === undefined) return
    if (shown.maxLength === length) return store.setState({ report: shown })
    const result = await engine.cutData(length)
    if (wanted !== counted) return
    store.setState(result.ok ? { report: result.value } : { error: result.error.phrase })
  }

  for (const source of [model, data, setup, comparison]) source.store.subscribe(() => void follow())
  return { store }
}
export type ComparisonCut = ReturnType<typeof createComparisonCut>
