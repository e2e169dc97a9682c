// Queued runs, one after another: prepare the base, train, keep the adapter, take the next.
import type { ErrorReport } from '../config/errors'
import type { BaseFormat, RunConfig } from '../config/run-config'
import type { EngineApi, MethodReport, Progress, TrainEvent } from '../worker/api'
import { type Run, isActive } from './run'
import { type RunsSlice, nextColour, nextName } from './runs-store'

export interface NewRun {
  config: RunConfig
  method: MethodReport
  base: BaseFormat
  model: { name: string; family: string }
  data: { name: string; rows: number }
  comparison?: Run['comparison']
}

export interface QueueHooks {
  /** Brings model and data into the state that the run wants; a sentence where that fails. */
  prepare(run: Run, onProgress: (p: Progress) => void): Promise<string | undefined>
  /** The run has its adapter; measures what is to be measured with it. */
  trained(run: Run, onProgress: (p: Progress) => void): Promise<void>
  /** A run has ended, whichever way; its adapter is already kept. */
  ended(run: Run): void
}

const saveEveryMs = 5000

export function createRunQueue(engine: EngineApi, runs: RunsSlice, hooks: QueueHooks) {
  let working = false
  /** The current run is to end as soon as it can. */
  let stopping = false
  const waiting = new Map<string, (run: Run | undefined) => void>()

  function fail(id: string, error: string, errorSettings?: readonly string[]): void {
    runs.update(id, (run) => ({ ...run, status: 'failed', error, errorSettings, progress: undefined }))
  }

  const active = (): Run | undefined => runs.store.getState().runs.find(isActive)

  async function keepAdapter(id: string): Promise<void> {
    const files = await engine.adapterFiles(id)
    if (files.ok) await runs.keepAdapter(id, files.value)
    else runs.update(id, (run) => ({ ...run, error: files.error.message }))
  }

  /** A run that fails while training leaves its last adapter; one that fails before leaves none. */
  async function failTraining(id: string, { message, settings }: ErrorReport): Promise<void> {
    const files = await engine.adapterFiles(id)
    if (files.ok) await runs.keepAdapter(id, files.value)
    fail(id, message, settings)
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
    if (!memory.ok) return fail(id, memory.error.message, memory.error.settings)
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

  async function pump(): Promise<void> {
    if (working) return
    working = true
    for (;;) {
      const next = runs.store.getState().runs.find((r) => r.status === 'queued')
      if (!next) break
      const release = await runs.hold(next.id)
      try {
        await work(next.id)
      } catch (error) {
        fail(next.id, error instanceof Error ? error.message : String(error))
      }
      await runs.save(next.id)
      release()
      const ended = runs.find(next.id)
      if (ended) hooks.ended(ended)
      waiting.get(next.id)?.(ended)
      waiting.delete(next.id)
    }
    working = false
  }

  return {
    /** Puts a run at the end of the queue; it starts at once where nothing else goes on. Returns its id. */
    add(wanted: NewRun): string {
      const all = runs.store.getState().runs
      const id = crypto.randomUUID()
      runs.add({
        id,
        name: nextName(wanted.method.label, all),
        colour: nextColour(all),
        // One after another, so that the order is found again after a reload.
        createdAt: Math.max(Date.now(), 1 + Math.max(0, ...all.map((r) => r.createdAt))),
        status: 'queued',
        config: wanted.config,
        methodLabel: wanted.method.label,
        exports: wanted.method.exports,
        model: { ...wanted.model, base: wanted.base },
        data: wanted.data,
        comparison: wanted.comparison,
        visible: true,
      })
      void pump()
      return id
    },
    /** Resolves when the run has ended. */
    done(id: string): Promise<Run | undefined> {
      const run = runs.find(id)
      if (!run || (run.status !== 'queued' && !isActive(run))) return Promise.resolve(run)
      return new Promise((resolve) => waiting.set(id, resolve))
    },
    /** A run that waited was deleted: nobody waits for it any more. */
    forget(id: string): void {
      if (runs.find(id)) return
      waiting.get(id)?.(undefined)
      waiting.delete(id)
    },
    active,
    /** Pauses the current run, if it trains, after the step under way. */
    async pause(): Promise<void> {
      const run = active()
      if (run?.status !== 'training') return
      runs.update(run.id, (r) => ({ ...r, status: 'pausing' }))
      await engine.pause()
    },
    async resume(): Promise<void> {
      const run = active()
      if (run?.status === 'pausing') runs.update(run.id, (r) => ({ ...r, status: 'training' }))
      await engine.resume()
    },
    /** Ends the current run at any stage: training keeps its adapter, and measurements around the run are left out. */
    async stop(): Promise<void> {
      stopping = true
      const run = active()
      if (run) runs.update(run.id, (r) => ({ ...r, status: 'stopping' }))
      await engine.stop()
      await engine.cancel()
    },
    /** Keeps the adapter of the current run without the evaluation at its end. */
    skipEvaluation: () => engine.skipEvaluation(),
  }
}
export type RunQueue = ReturnType<typeof createRunQueue>
