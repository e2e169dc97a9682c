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
  /** A run has ended, in any way. Its adapter is already saved. */
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

  /** Saves the last adapter of a run that failed while training. A run that failed earlier has none. */
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
    /** The current run ends as soon as possible. This does not stop the engine. */
    stop(): void {
      stopping = true
    },
  }
}
