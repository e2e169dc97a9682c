// All runs, saved and new, with their curves. `apply` takes the events of a run.
import type { SampledAnswers } from '../config/run-reports'
import { createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import type { TrainEvent } from '../worker/api'
import type { Keeping } from './keeping'
import type { Living } from './living'
import { type Noted, type Run, withStatus, withSign } from './run'
import { cleaned } from './run-notes'
import { type RunCurves, createRunCurves } from './run-curves'
import { withAllMetrics, withEvalTaken, withStepTaken } from './run-metrics'
import { createRunsKeeping } from './runs-keeping'
import type { RunsState } from './runs-state'
import { appendSave, withSavesOf } from './series'
import type { TabChannel } from './tab-channel'

/** `run` with an event taken in. Its curves grow in place. */
function withEvent(run: Run, event: TrainEvent, curves: RunCurves): Run {
  switch (event.type) {
    case 'status':
      return withStatus(run, event.status)
    case 'progress':
      return { ...run, progress: event.progress }
    case 'step':
      return withStepTaken(run, curves.of(run.id), event.metrics)
    case 'eval':
      return withEvalTaken(run, curves.of(run.id), event.metrics)
    case 'resumed': {
      // What came after the snapshot is computed again.
      const taken = withAllMetrics(run, event.steps, event.evals)
      curves.set(run.id, withSavesOf(curves.of(run.id), taken.series))
      return taken.run
    }
    case 'kept':
      appendSave(curves.of(run.id), event.step)
      return { ...run, snapshot: { step: event.step, sizeBytes: event.sizeBytes }, snapshotProblem: undefined }
    case 'samples':
      return withSamples(run, event.samples)
    case 'problem':
      return { ...run, snapshotProblem: event.problem }
    case 'sign':
      return withSign(run, event.sign)
    case 'stays':
      return run
  }
}

/** Samples of earlier steps stay: a run that is resumed answers again what it answered after its snapshot. */
const withSamples = (run: Run, samples: SampledAnswers): Run => ({
  ...run,
  samples: [...(run.samples ?? []).filter(({ step }) => step < samples.step), samples],
})

export function createRunsStore(keeping: Keeping, living: Living, channel: TabChannel) {
  const curves = createRunCurves()
  const store = createStore<RunsState>(() => ({ runs: [], curves: curves.changed(), loaded: false, problems: [], foundBeside: 0 }))
  const kept = createRunsKeeping({ store, curves, keeping, living, channel })

  function find(runId: string): Run | undefined {
    return store.getState().runs.find((r) => r.id === runId)
  }

  function update(runId: string, change: (run: Run) => Run): void {
    store.setState((s) => ({ runs: s.runs.map((r) => (r.id === runId ? change(r) : r)) }))
  }

  /** Takes a batch of events into run and curves, with one change of state. */
  function apply(runId: string, events: readonly TrainEvent[]): void {
    const before = find(runId)
    if (!before) return
    const result = events.reduce((run, event) => withEvent(run, event, curves), before)
    const drawn = events.some(({ type }) => type === 'step' || type === 'eval' || type === 'resumed' || type === 'kept')
    store.setState((s) => ({ runs: s.runs.map((r) => (r.id === runId ? result : r)), curves: drawn ? curves.changed() : s.curves }))
  }

  return {
    ...kept,
    store,
    seriesOf: curves.of,
    find,
    update,
    apply,
    /** Tells other tabs that a run is running here, until the returned function is called. */
    hold: living.hold,
    /** The run begins again: what its steps were is forgotten. */
    clearMetrics(runId: string): void {
      apply(runId, [{ type: 'resumed', steps: [], evals: [] }])
    },
    add(run: Run): void {
      store.setState((s) => ({ runs: [...s.runs, run] }))
    },
    /** Two runs change their places in the list. */
    swap(one: string, other: string): void {
      const times = new Map([
        [one, find(other)?.createdAt],
        [other, find(one)?.createdAt],
      ])
      store.setState((s) => ({
        runs: s.runs.map((r) => ({ ...r, createdAt: times.get(r.id) ?? r.createdAt })).sort((a, b) => a.createdAt - b.createdAt),
      }))
    },
    toggle(runId: string): void {
      void kept.change(runId, { visible: !(find(runId)?.visible ?? true) })
    },
    /** Takes in what a person notes about a run. A name without letters leaves the old one. */
    note(runId: string, change: Partial<Pick<Noted, 'name' | 'starred' | 'tags' | 'notes'>>): void {
      const clean = cleaned(change)
      if (Object.keys(clean).length > 0) void kept.change(runId, clean)
    },
    /** Shows why something could not be read or kept. */
    report(error: Phrase): void {
      store.setState({ error })
    },
    dismissError(): void {
      store.setState({ error: undefined })
    },
    dismissFound(): void {
      store.setState({ foundBeside: 0 })
    },
  }
}
export type RunsSlice = ReturnType<typeof createRunsStore>
