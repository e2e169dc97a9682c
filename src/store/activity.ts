// What the engine is doing. It does one thing at a time: loading, measuring and chat wait until it is free.
import type { BenchSlice } from './bench-store'
import type { DataSlice } from './data-store'
import type { DemoSlice } from './demo'
import { isPlaying } from './demo-state'
import { type Derived, createDerived } from './derived'
import type { ModelSlice } from './model-store'
import type { PlaySlice } from './play-store'
import { type Run, isActive, isPending } from './run'
import type { RunsSlice } from './runs-store'
import type { TaskKind, Tasks } from './tasks'

type Holder = 'run' | 'demo' | 'answering' | 'benchmark' | TaskKind

interface ActivityState {
  /** Absent = the engine is free. */
  holder?: Holder
  /** The run that is in progress or next, or the run whose adapter is in use. */
  runId?: string
  /** A run is in progress or queued. */
  training: boolean
  /** What is being read. Another choice replaces it, so it blocks nothing. */
  reading?: 'model' | 'data'
}

interface Parts {
  runs: RunsSlice
  demo: DemoSlice
  play: PlaySlice
  tasks: Tasks
  bench: BenchSlice
  model: ModelSlice
  data: DataSlice
}

function holderOf(pending: Run | undefined, { demo, play, tasks, bench }: Parts): Pick<ActivityState, 'holder' | 'runId'> {
  const { task } = tasks.store.getState()
  if (pending) return { holder: 'run', runId: pending.id }
  if (task) return { holder: task.kind, runId: task.runId }
  if (isPlaying(demo.store.getState())) return { holder: 'demo' }
  if (play.store.getState().running) return { holder: 'answering' }
  return bench.store.getState().running ? { holder: 'benchmark' } : {}
}

export function createActivity(parts: Parts): Derived<ActivityState> {
  const { runs, demo, play, tasks, bench, model, data } = parts
  const slices = [runs, demo, play, tasks, bench, model, data]
  return createDerived<ActivityState>(
    slices.map((slice) => slice.store),
    () => {
      const all = runs.store.getState().runs
      const pending = all.find(isActive) ?? all.find(isPending)
      const reading = model.store.getState().loading ? 'model' : data.store.getState().loading ? 'data' : undefined
      return { ...holderOf(pending, parts), training: pending !== undefined, reading }
    },
  )
}
