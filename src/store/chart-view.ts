// What a person looks at in charts that belong together: one part of their horizontal axis, one place on it, one run.
import { type StoreApi, createStore } from 'zustand/vanilla'
import type { Interval } from './plot-range'

interface ChartViewState {
  /** The part of the horizontal axis that is shown; absent: all of it. */
  zoom?: Interval
  /** Where the pointer or the keyboard is, and in which chart. */
  cursor?: number
  at?: string
  /** A place that stays when the pointer leaves. */
  pinned?: number
  /** The run that is lit; the others are pale. */
  lit?: string
}

export type ChartView = StoreApi<ChartViewState>

export function createChartView(): ChartView {
  return createStore<ChartViewState>(() => ({}))
}

/** `window` narrowed or widened by `factor` around `at`, within `all`; undefined if it is all. */
export function zoomed(window: Interval, all: Interval, at: number, factor: number): Interval | undefined {
  const low = Math.max(all[0], at - (at - window[0]) * factor)
  const high = Math.min(all[1], at + (window[1] - at) * factor)
  return low <= all[0] && high >= all[1] ? undefined : [low, high]
}
