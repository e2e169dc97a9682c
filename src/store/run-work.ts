// One run of the queue from its beginning to its end: prepared, planned, trained, its adapter kept.
import { type ErrorReport, phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import type { EngineApi, Progress, TrainEvent } from '../worker/api'
import type { Run } from './run'
import type { RunsSlice } from './runs-store'

export interface QueueHooks {
  /** Brings model and data into the state that the run wants; a sentence where that fails. */
  prepare(run: Run, onProgress: (p: Progress) => void): Promise<Phrase | undefined>
  /** The run has its adapter; measures what is to be measured with it. */
  trained(run: Run, onProgress: (p: Progress) => void): Promise<void>
  /** A run has ended, whichever way; its adapter is already kept. */
  ended(run: Run): void
}

const saveEveryMs = 5000

export function createRunWork(engine: EngineApi, runs: RunsSlice, hooks: QueueHooks) {
  /** The current run is to end as soon as it can. */
  let stopping = false

  function fail(id: string, error: Phrase, errorSettings?: readonly string[]): void {
    runs.update(id, (run) => ({ ...run, status: 'failed', error, errorSettings, progress: undefined }))
  }

  async function keepAdapter(id: string): Promise<void> {
    const files = await engine.adapterFiles(id)
    if (files.ok) await runs.keepAdapter(id, files.value)
    else runs.update(id, (run) => ({ ...run, error: files.error.phrase }))
  }

  /** A run that fails while training leaves its last adapter; one that fails before leaves none. */
  async function failTraining(id: string, { phrase, settings }: ErrorReport): Promise<void> {
    const files = await engine.adapterFiles(id)
    if (files.ok) await runs.keepAdapter(id, files.value)
    fail(id, phrase, settings)
  }

  async function work(id: string): Promise<void> {
    stopping = false
    runs.update(id, (run) => ({ ...run, status: 'preparing' }))
    const run = runs.find(id)
    if (!run) return
    // From here on other tabs find it, as a run that is running.
    void runs.save(id)
    const onProgress = (progress: Progress): void => runs.apply(id, [{ type: 'progress', progress }])
    const problem = await hooks.prepare(run, onProgress)
    if (stopping) return runs.update(id, (r) => ({ ...r, status: 'stopped', progress: undefined }))
    if (problem !== undefined) return fail(id, problem)
    const memory = await engine.estimate(run.config)
    if (!memory.ok) return fail(id, memory.error.phrase, memory.error.settings)
    if (memory.value.problem !== undefined) return fail(id, memory.value.problem, memory.value.problemSettings)
    runs.update(id, (r) => ({ ...r, memory: memory.value }))
    if (stopping) return runs.update(id, (r) => ({ ...r, status: 'stopped', progress: undefined }))
    let savedAt = Date.now()
    const result = await engine.train(id, run.config, (events: TrainEvent[]) => {
      runs.apply(id, events)
      if (Date.now() - savedAt < saveEveryMs) return
      savedAt = Date.now()
      void runs.save(id)
    })
    if (!result.ok) return failTraining(id, result.error)
    runs.update(id, (r) => ({ ...r, progress: { phase: 'saving' } }))
    await keepAdapter(id)
    const summary = result.value
    if (!stopping) await hooks.trained(run, onProgress)
    runs.update(id, (r) => ({ ...r, status: summary.status, summary, memory: summary.memory, progress: undefined }))
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
    /** The current run ends at the next place where it can; what the engine does is not stopped by this. */
    stop(): void {
      stopping = true
    },
  }
}
