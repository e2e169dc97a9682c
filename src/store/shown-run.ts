// The run that the Train view is about.
import { createStore } from 'zustand/vanilla'
import { type Run, isActive, isOver, isTrained } from './run'
import type { RunsSlice } from './runs-store'

interface ShownState {
  /** The run that this tab trained last, until the person looks at another one or starts one. */
  own?: string
}

type There = Readonly<Record<string, Run['status']>>

/** The run that is shown by itself: one that another tab trains, or else the newest. `there`: what other tabs do with their runs. */
function newest(trained: readonly Run[], there: There): Run | undefined {
  const waitsThere = (run: Run | undefined): boolean => run?.status === 'elsewhere' && there[run.id] === 'queued'
  const last = trained.findLast((r) => r.status !== 'imported') ?? trained[trained.length - 1]
  // Of the runs of another tab, the one that it trains.
  const trainedThere = waitsThere(last) ? trained.find((r) => r.status === 'elsewhere' && !waitsThere(r)) : undefined
  return trainedThere ?? last
}

/** The run that the view is about, by its id: the one that trains here, then the one that this tab trained last, then the newest. `beside`: the one that is shown after that. */
export function shownRun(runs: readonly Run[], there: There, own: string | undefined): { id?: string; beside?: string } {
  const trained = runs.filter(isTrained)
  const active = trained.find(isActive)
  if (active) return { id: active.id }
  const next = newest(trained, there)
  const kept = trained.find((run) => run.id === own && isOver(run))
  if (!kept || kept.id === next?.id) return { id: next?.id }
  // A run that waits here is in the list of the queue.
  return { id: kept.id, beside: next?.status === 'queued' ? undefined : next?.id }
}

export function createShownRun(runs: RunsSlice) {
  const store = createStore<ShownState>(() => ({}))
  runs.store.subscribe((now, before) => {
    if (now.runs === before.runs) return
    const trained = before.runs.find(isActive)
    // A run of another tab is never active here.
    if (trained && now.runs.some((run) => run.id === trained.id && isOver(run))) store.setState({ own: trained.id })
    const waited = new Set(before.runs.filter(({ status }) => status === 'queued').map(({ id }) => id))
    if (store.getState().own !== undefined && now.runs.some(({ id, status }) => status === 'queued' && !waited.has(id)))
      store.setState({ own: undefined })
  })
  return {
    store,
    /** The person wants to see the run that is shown by itself. */
    leave: (): void => store.setState({ own: undefined }),
  }
}
