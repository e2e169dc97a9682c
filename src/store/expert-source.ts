// The lines of a chart of experts: the share of choices that fell on each, step by step. They are read anew for each picture.
import type { StoreApi } from 'zustand/vanilla'
import { expertKeys } from '../config/expert-shares'
import type { PlotLine, PlotSource } from './plot-line'
import type { RunsState } from './runs-state'
import { type RunSeries, columnOf } from './series'

/** What a line looks like, by the number of its expert, from 0. */
type Look = (expert: number) => Pick<PlotLine, 'name' | 'colour' | 'dash'>

function linesOf({ steps }: RunSeries, look: Look): PlotLine[] {
  const xs = columnOf(steps, 'step')
  return expertKeys.flatMap((key, e) => {
    const ys = columnOf(steps, key)
    return ys.length ? [{ id: key, run: key, ...look(e), xs, ys }] : []
  })
}

export function expertSource(runs: StoreApi<RunsState>, runId: string, look: Look): PlotSource {
  return {
    lines: () => linesOf(runs.getState().curves.of(runId), look),
    subscribe: (changed) =>
      runs.subscribe((now, before) => {
        if (now.curves !== before.curves) changed()
      }),
  }
}
