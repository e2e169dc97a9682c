// One run of the queue from start to end: prepares it, plans it, trains it and saves its adapter.
import { type ErrorReport, phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import type { EngineApi, Progress, TrainEvent } from '../worker/api'
import type { Run } from './run'
import type { RunsSlice } from './runs-store'

export interface QueueHooks {
  /** Prepares model and data for the run. Returns the reason if that fails. */
  prepare(run: Run, onProgress: (p: Progress) => void): Promise<Phrase | undefined>
  /** The run has its adapter: measures it if the run asks for that. */
  trained(run: Run, onProgress: (p: Progress) => void): Promise<void>
  /** This tab is going to resume a run: a tab that has it already says so. */
  asks(runId: string): void
  /** This tab has a queued run: other tabs hear of it. */
  entered(runId: string): void
  /** A run has ended, in any way. Its adapter is already saved. */
  ended(run: Run): void
  /** Milliseconds between two snapshots of a run. */
  saveEveryMs(): number
}

const saveEveryMs = 5000

/** `restoredStep`: the last adapter is of this step. Keeps the adapters of a run with the record that `ended` makes of it. Its snapshots are needed only until then. */
async function keepAdapters(
  engine: EngineApi,
  runs: RunsSlice,
  id: string,
  ended: (run: Run) => Run,
  restoredStep?: number,
): Promise<void> {
  const last = await engine.adapterFiles(id)
  if (!last.ok) return runs.update(id, (run) => ({ ...run, error: last.error.phrase }))
  const { bestEval, last: step } = runs.find(id) ?? {}
  const best =
    bestEval && bestEval.step > 0 && bestEval.step !== (restoredStep ?? step?.step) ? await engine.adapterFiles(id, 'best') : undefined
  if (best && !best.ok) runs.update(id, (run) => ({ ...run, snapshotProblem: best.error.phrase }))
  // If the best one could not be saved while the run trained, the engine has an earlier one, and says so.
  await runs.keepAdapter(
    id,
    { last: last.value, best: bestEval && best?.ok ? { step: best.value.step ?? bestEval.step, adapter: best.value } : undefined },
    ended,
  )
  if (runs.find(id)?.unkept) return
  await engine.forgetKept(id, 'snapshots')
  runs.update(id, (run) => ({ ...run, snapshot: undefined }))
}

/** Takes the events of a run, and saves the run every few seconds. */
function savingEvents(runs: RunsSlice, id: string): (events: TrainEvent[]) => void {
  let savedAt = Date.now()
  return (events) => {
    runs.apply(id, events)
    // The record that a later page finds is never behind the snapshot.
    if (Date.now() - savedAt < saveEveryMs && !events.some(({ type }) => type === 'kept')) return
    savedAt = Date.now()
    void runs.save(id)
  }
}

/** Measures the whole time of a run that begins now. `heard`: its events; once it has paused or lost its device, its time tells nothing. */
function createStopwatch(run: Run) {
  const began = performance.now()
  let steady = run.last === undefined
  return {
    heard(events: readonly TrainEvent[]): void {
      if (events.some((event) => event.type === 'status' && (event.status === 'paused' || event.status === 'recovering'))) steady = false
    },
    get ms(): number | undefined {
      return steady ? performance.now() - began : undefined
    },
  }
}

export function createRunWork(engine: EngineApi, runs: RunsSlice, hooks: QueueHooks) {
  /** The current run is to end as soon as it can. */
  let stopping = false
  /** The current run is to end at a snapshot, because another tab resumes it. */
  let leaving = false

  function fail(id: string, error: Phrase, errorSettings?: readonly string[]): void {
    runs.update(id, (run) => ({ ...run, status: 'failed', error, errorSettings, progress: undefined }))
  }

  function interrupt(id: string): void {
    runs.update(id, (run) => ({ ...run, status: 'interrupted', progress: undefined }))
  }

  /** Keeps the last adapter of a run that failed while training. A run that failed earlier has none. */
  async function failTraining(id: string, { phrase, settings }: ErrorReport): Promise<void> {
    const files = await engine.adapterFiles(id)
    const ended = (run: Run): Run => ({ ...run, status: 'failed', error: phrase, errorSettings: settings, progress: undefined })
    if (files.ok) await keepAdapters(engine, runs, id, ended)
    runs.update(id, ended)
  }

  async function work(id: string): Promise<void> {
    stopping = leaving = false
    runs.update(id, (run) => ({ ...run, status: 'preparing' }))
    const run = runs.find(id)
    if (!run) return
    // From here on other tabs find it, as a run that is running.
    void runs.save(id)
    const onProgress = (progress: Progress): void => runs.apply(id, [{ type: 'progress', progress }])
    const problem = await hooks.prepare(run, onProgress)
    if (stopping) return runs.update(id, (r) => ({ ...r, status: 'stopped', progress: undefined }))
    if (leaving) return interrupt(id)
    if (problem !== undefined) return fail(id, problem)
    const { config } = runs.find(id) ?? run
    // A run with a snapshot was planned before. Its engine checks again that there is room.
    const memory = run.snapshot && run.memory ? { ok: true as const, value: run.memory } : await engine.estimate(config)
    if (!memory.ok) return fail(id, memory.error.phrase, memory.error.settings)
    if (memory.value.problem !== undefined) return fail(id, memory.value.problem, memory.value.problemSettings)
    runs.update(id, (r) => ({ ...r, memory: memory.value }))
    if (stopping) return runs.update(id, (r) => ({ ...r, status: 'stopped', progress: undefined }))
    if (leaving) return interrupt(id)
    const [stopwatch, save] = [createStopwatch(run), savingEvents(runs, id)]
    const onEvents = (events: TrainEvent[]): void => {
      stopwatch.heard(events)
      save(events)
    }
    const result = await engine.train(id, config, onEvents, { everyMs: hooks.saveEveryMs(), resume: run.snapshot !== undefined })
    // The run was left at a snapshot, to be resumed elsewhere.
    if (!result.ok && result.error.kind === 'Cancelled') return interrupt(id)
    if (!result.ok) return failTraining(id, result.error)
    runs.update(id, (r) => ({ ...r, progress: { phase: 'saving' } }))
    const summary = result.value
    const ended = (r: Run): Run => ({ ...r, status: summary.status, summary, memory: summary.memory, progress: undefined })
    await keepAdapters(engine, runs, id, ended, summary.restoredStep)
    if (!stopping) await hooks.trained(run, onProgress)
    const wholeMs = stopping || summary.status !== 'finished' ? undefined : stopwatch.ms
    runs.update(id, (r) => ({ ...ended(r), wholeMs }))
  }

  return {
    /** Works on a run until it has ended; how it ended is noted in the run. */
    async work(id: string): Promise<void> {
      try {
        await work(id)
      } catch (error) {
        fail(id, phraseOf(error))
      }
    },
    /** The current run ends as soon as possible. This does not stop the engine. */
    stop(): void {
      stopping = true
    },
    /** The current run ends at a snapshot as soon as possible. This does not tell the engine. */
    leave(): void {
      leaving = true
    },
  }
}
