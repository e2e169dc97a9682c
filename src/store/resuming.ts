// Finds what can be resumed of interrupted runs, and resumes them as soon as their model and data are open.
import { type StoreApi, createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import type { AdapterFiles, EngineApi, ModelReport } from '../worker/api'
import type { CopiesSlice } from './copies-store'
import type { DataSlice } from './data-store'
import type { Loading } from './loading'
import type { ModelSlice } from './model-store'
import { type Opening, type Replaced, createOpening, fitsRun, toResume } from './opening'
import type { PreferencesSlice } from './preferences-store'
import { type Run, canResume, isPending, losesNothing } from './run'
import type { RunData } from './run-data'
import type { RunQueue } from './run-queue'
import type { RunsSlice } from './runs-store'
import type { TwoStages } from './two-stages'

interface Parts {
  engine: EngineApi
  runs: RunsSlice
  queue: RunQueue
  model: ModelSlice
  data: DataSlice
  preferences: PreferencesSlice
  copies: CopiesSlice
  loading: Loading
  runData: RunData
  stages: TwoStages
}

interface ResumingState {
  /** Runs that the person wants to resume, and that wait for their model or data. */
  wanted: readonly string[]
}

/** Runs that may have a snapshot: they did not come to their end, or there was no room for their adapters. */
const mayHaveSnapshot = ({ status, unkept }: Run): boolean => status === 'interrupted' || status === 'failed' || unkept !== undefined

/** Asks the engine for the snapshots of runs. */
function createLook({ engine, runs }: Pick<Parts, 'engine' | 'runs'>) {
  /** Notes the snapshots in the runs. Returns false, and says why, if the engine cannot tell. */
  return async (runIds: readonly string[]): Promise<boolean> => {
    if (runIds.length === 0) return true
    const found = await engine.snapshots(runIds)
    if (!found.ok) {
      runs.report(found.error.phrase)
      return false
    }
    for (const id of runIds) {
      const report = found.value.find(({ runId }) => runId === id)
      const snapshot = report && 'step' in report ? { step: report.step, sizeBytes: report.sizeBytes } : undefined
      const problem = report && 'problem' in report ? report.problem : undefined
      runs.update(id, (run) => ({ ...run, snapshot, snapshotProblem: problem ?? run.snapshotProblem }))
    }
    return true
  }
}

type WaitingParts = Pick<Parts, 'runs' | 'queue' | 'model' | 'data' | 'loading'> & { store: StoreApi<ResumingState>; opening: Opening }

/** Runs wait here until their model and data are open. What is kept in this browser is opened for them. */
function createWaiting({ store, runs, queue, model, data, loading, opening }: WaitingParts) {
  /** Whether nothing is missing. The queue itself opens the data of a run that follows another one. */
  function isReady(id: string): boolean {
    const run = runs.find(id)
    if (!run || !canResume(run) || opening.missing(run, toResume) === undefined) return true
    const before = run.after && runs.find(run.after.runId)
    return before !== undefined && (isPending(before) || (store.getState().wanted.includes(before.id) && isReady(before.id)))
  }

  /** Resumes those of the wanted runs whose model and data are open. */
  async function resumeWanted(): Promise<void> {
    if (model.store.getState().loading || data.store.getState().loading) return
    const ready = store.getState().wanted.filter(isReady)
    if (ready.length === 0) return
    store.setState(({ wanted }) => ({ wanted: wanted.filter((id) => !ready.includes(id)) }))
    // One after another, so that a run that waits for another one comes behind it in the queue.
    for (const id of ready) await queue.again(id)
  }
  for (const slice of [model, data]) slice.store.subscribe(() => void resumeWanted())

  /** The runs that a person wants to resume and that still miss something, those with these ids first. */
  function waiting(first: readonly string[] = []): Run[] {
    const { wanted } = store.getState()
    return [...first.filter((id) => wanted.includes(id)), ...wanted].map(runs.find).filter((run) => run !== undefined)
  }

  /** `unasked`: no person was asked whether a model that is not kept may be replaced, so it stays. */
  async function resume(runIds: readonly string[], unasked = false): Promise<void> {
    store.setState(({ wanted }) => ({ wanted: [...new Set([...wanted, ...runIds])] }))
    await resumeWanted()
    const [first] = waiting(runIds)
    if (first && !(unasked && (await opening.replaces(first)))) await opening.openFor(first)
    await resumeWanted()
  }

  /** The person has opened the model that a run waits for: the rest comes from copies. */
  async function modelOpened(before: ModelReport | undefined): Promise<void> {
    // What is opened for a run, or by the queue, is followed by the data of that run.
    if (opening.busy() || runs.store.getState().runs.some(isPending)) return
    await loading.opened()
    const { report } = model.store.getState()
    const next = waiting().find((run) => fitsRun(run, report) && !fitsRun(run, before))
    if (!next || opening.busy() || data.store.getState().loading) return
    await opening.openFor(next)
    await resumeWanted()
  }
  model.store.subscribe((now, before) => {
    if (now.report && now.report !== before.report) void modelOpened(before.report)
  })
  return resume
}

export function createResuming({ engine, runs, queue, model, data, preferences, copies, loading, runData, stages }: Parts) {
  const store = createStore<ResumingState>(() => ({ wanted: [] }))

  const opening = createOpening({ model, data, copies, loading, runData })
  const { openFor } = opening
  const missing = (run: Run): Phrase | undefined => opening.missing(run, toResume)
  const look = createLook({ engine, runs })

  const resume = createWaiting({ store, runs, queue, model, data, loading, opening })

  return {
    store,
    opening,
    missing,
    /** Opens what the run needs, as far as it is kept in this browser. Returns what is still missing. */
    async prepare(runId: string): Promise<Phrase | undefined> {
      const run = runs.find(runId)
      if (!run || missing(run) === undefined) return undefined
      await openFor(run)
      return missing(run)
    },
    /** What a person should be asked before this run is resumed or taken over. */
    async replaces(runId: string): Promise<Replaced | undefined> {
      const run = runs.find(runId)
      return run && opening.replaces(run)
    },
    /** Asks the engine what is kept of the runs that did not come to their end. */
    async find(): Promise<void> {
      const open = runs.store.getState().runs.filter(mayHaveSnapshot)
      if (!(await look(open.map(({ id }) => id)))) return
      const interrupted = runs.store.getState().runs.filter((run) => run.status === 'interrupted' && losesNothing(run))
      if (preferences.store.getState().resumeBySelf)
        void resume(
          interrupted.map(({ id }) => id),
          true,
        )
    },
    /** Resumes a run, or waits until its model and data are open. A run without a snapshot begins again. */
    async resume(runId: string): Promise<void> {
      const run = runs.find(runId)
      // Starting again removes a snapshot, so there must be none that the page has not heard of.
      if (run && !losesNothing(run) && !(await look([runId]))) return
      await resume(run ? await stages.with(run) : [runId])
    },
    /** The person no longer wants to resume a run. */
    forget(runId: string): void {
      store.setState(({ wanted }) => ({ wanted: wanted.filter((id) => id !== runId) }))
    },
    /** The adapter of the run's newest snapshot. If it cannot be had, the result is undefined and the run says why. */
    async adapter(runId: string): Promise<AdapterFiles | undefined> {
      const found = await engine.adapterOfSnapshot(runId)
      if (found.ok) return found.value
      runs.update(runId, (run) => ({ ...run, snapshotProblem: found.error.phrase }))
      return undefined
    },
  }
}
export type Resuming = ReturnType<typeof createResuming>
