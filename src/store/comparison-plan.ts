// The comparison that is being set up: what keeps it from starting, and the runs whose memory can be estimated.
import type { ComparisonCut } from './comparison-cut'
import type { ComparisonWanted } from './comparison-estimates'
import { comparisonMs } from './comparison-time'
import { type ComparisonMissing, type ComparisonSlice, comparisonConfigs, comparisonMissing } from './comparison-store'
import type { DataSlice } from './data-store'
import { type Derived, createDerived } from './derived'
import type { ModelSlice } from './model-store'
import { isPending } from './run'
import type { RunsSlice } from './runs-store'
import type { SetupSlice } from './setup-store'
import { wantedBase } from './wanted-base'

interface ComparisonPlan {
  /** Absent = it can start. */
  missing?: ComparisonMissing
  /** Its runs with the current base precision; none while the engine trains. */
  wanted: ComparisonWanted
  /** How long it may take; unknown if no run has trained on the model yet. */
  takesMs?: number
}

interface Parts {
  model: ModelSlice
  data: DataSlice
  setup: SetupSlice
  comparison: ComparisonSlice
  cut: ComparisonCut
  runs: RunsSlice
}

const nothing: ComparisonWanted = { model: '', data: '', configs: [] }

export function createComparisonPlan({ model, data, setup, comparison, cut, runs }: Parts): Derived<ComparisonPlan> {
  function wanted(): ComparisonWanted {
    const report = model.store.getState().report
    const dataReport = data.store.getState().report
    if (!report || !dataReport || runs.store.getState().runs.some(isPending)) return nothing
    const configs = comparisonConfigs(comparison.store.getState(), setup.store.getState(), report)
    const now = configs.filter(({ method, variant }) => (variant.base ?? wantedBase(method, report.base)) === report.base)
    return { model: report.id, data: dataReport.id, configs: now.map((c) => c.config) }
  }

  function takesMs(): number | undefined {
    const report = model.store.getState().report
    const rows = cut.store.getState().report
    const all = runs.store.getState().runs
    if (!report || !rows || all.some(isPending)) return undefined
    return comparisonMs(
      comparisonConfigs(comparison.store.getState(), setup.store.getState(), report),
      report,
      rows,
      runs.store.getState().runs,
    )
  }

  return createDerived<ComparisonPlan>(
    [model, data, setup, comparison, cut, runs].map((slice) => slice.store),
    () => ({
      missing: comparisonMissing(
        comparison.store.getState(),
        setup.store.getState(),
        model.store.getState().report,
        data.store.getState(),
        cut.store.getState().report,
      ),
      wanted: wanted(),
      takesMs: takesMs(),
    }),
  )
}
export type PlannedComparison = ReturnType<typeof createComparisonPlan>
