// Queued runs, one after another.
import type { BaseFormat, RunConfig } from '../config/run-config'
import type { EngineApi, MethodReport } from '../worker/api'
import { type Run, canResume, isActive } from './run'
import { type QueueHooks, createRunWork } from './run-work'
import { nextColour, nextName } from './run-names'
import type { RunsSlice } from './runs-store'
import type { Turns } from './turns'

interface NewRun {
  config: RunConfig
  method: MethodReport
  base: BaseFormat
  model: Omit<Run['model'], 'base'>
  data: Run['data']
  comparison?: Run['comparison']
}

/** The run as it waits, with a name and a colour beside those of `all`. */
function queuedRun(wanted: NewRun, all: readonly Run[]): Run {
  return {
    id: crypto.randomUUID(),
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
    figures: {},
  }
}

/** Other tabs know of each queued run until it has ended or is deleted. */
function createHolds(runs: RunsSlice) {
  const held = new Map<string, Promise<() => void>>()
  return {
    take: (id: string): void => void held.set(id, runs.hold(id)),
    taken: (id: string): Promise<unknown> => held.get(id) ?? Promise.resolve(),
    release(id: string): void {
      void held.get(id)?.then((end) => end())
      held.delete(id)
    },
  }
}

/** Pausing and ending the current run. */
function createSteering(
  engine: EngineApi,
  runs: RunsSlice,
  holds: ReturnType<typeof createHolds>,
  active: () => Run | undefined,
  { stop, leave }: Pick<ReturnType<typeof createRunWork>, 'stop' | 'leave'>,
) {
  return {
    /** Pauses the current run after its current step, if it is training. */
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
      stop()
      const run = active()
      if (run) runs.update(run.id, (r) => ({ ...r, status: 'stopping' }))
      await engine.stop()
      await engine.cancel()
    },
    /** Another tab wants to resume the run: ends it at a snapshot, or takes it out of the queue. */
    async leave(id: string): Promise<void> {
      const run = runs.find(id)
      if (run?.status === 'queued') {
        runs.update(id, (r) => ({ ...r, status: 'interrupted' }))
        await runs.save(id)
        holds.release(id)
      }
      if (active()?.id !== id) return
      leave()
      await engine.leave()
      await engine.cancel()
    },
    /** Keeps the adapter of the current run without the evaluation at its end. */
    skipEvaluation: () => engine.skipEvaluation(),
  }
}

export function createRunQueue(engine: EngineApi, runs: RunsSlice, hooks: QueueHooks, turns: Turns) {
  const { work, stop, leave } = createRunWork(engine, runs, hooks)
  let working = false
  const waiting = new Map<string, (run: Run | undefined) => void>()
  const holds = createHolds(runs)

  const queued = (): Run | undefined => runs.store.getState().runs.find((r) => r.status === 'queued')
  const active = (): Run | undefined => runs.store.getState().runs.find(isActive)

  /** A queued run is kept too, so that the queue is found again if the page is closed. */
  function enter(id: string): void {
    holds.take(id)
    void runs.save(id)
    void pump()
  }

  async function pump(): Promise<void> {
    if (working) return
    working = true
    for (;;) {
      if (!queued()) break
      const endTurn = await turns.take()
      // While another tab had the turn, the run may have been deleted.
      const next = queued()
      if (!next) {
        endTurn()
        break
      }
      await holds.taken(next.id)
      await work(next.id)
      await runs.save(next.id)
      holds.release(next.id)
      endTurn()
      const ended = runs.find(next.id)
      if (ended) hooks.ended(ended)
      waiting.get(next.id)?.(ended)
      waiting.delete(next.id)
    }
    working = false
  }

  return {
    /** Adds a run to the queue. It starts at once if nothing else is running. Returns its id. */
    add(wanted: NewRun): string {
      const run = queuedRun(wanted, runs.store.getState().runs)
      runs.add(run)
      enter(run.id)
      return run.id
    },
    /** Queues an interrupted run again. It continues from its snapshot, if it has one. */
    again(id: string): void {
      const run = runs.find(id)
      if (!run || !canResume(run)) return
      runs.update(id, (r) => ({ ...r, status: 'queued', error: undefined, errorSettings: undefined }))
      enter(id)
    },
    /** Resolves when the run has ended. */
    done(id: string): Promise<Run | undefined> {
      const run = runs.find(id)
      if (!run || (run.status !== 'queued' && !isActive(run))) return Promise.resolve(run)
      return new Promise((resolve) => waiting.set(id, resolve))
    },
    /** A queued run was deleted: ends the waiting for it. */
    forget(id: string): void {
      if (runs.find(id)) return
      holds.release(id)
      waiting.get(id)?.(undefined)
      waiting.delete(id)
    },
    active,
    ...createSteering(engine, runs, holds, active, { stop, leave }),
  }
}
export type RunQueue = ReturnType<typeof createRunQueue>
