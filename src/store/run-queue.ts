// Queued runs, one after another.
import type { BaseFormat, RunConfig } from '../config/run-config'
import type { EngineApi, MethodReport } from '../worker/api'
import { type Handovers, createHandovers, handoverLimitMs } from './handovers'
import { type Run, canResume, isActive, isPending } from './run'
import { type Holds, createHolds } from './run-holds'
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
  /** It starts from this run's adapter, when that run has ended. */
  after?: string
}

/** The run as it waits, with a name and a colour beside those of `all`. */
function queuedRun(wanted: NewRun, all: readonly Run[]): Run {
  return {
    id: crypto.randomUUID(),
    name: nextName(wanted.method.label, all, wanted.comparison?.variant),
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
    after: wanted.after === undefined ? undefined : { runId: wanted.after },
    visible: true,
    figures: {},
  }
}

interface SteeringParts {
  engine: EngineApi
  runs: RunsSlice
  holds: Holds
  active(): Run | undefined
  /** A run no longer waits in this queue. */
  settle(id: string): void
  work: Pick<ReturnType<typeof createRunWork>, 'stop' | 'leave'>
}

/** Pausing and ending the current run. */
function createSteering({ engine, runs, holds, active, settle, work }: SteeringParts) {
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
      work.stop()
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
        settle(id)
      }
      if (active()?.id !== id) return
      work.leave()
      await engine.leave()
      await engine.cancel()
    },
    /** Keeps the adapter of the current run without the evaluation at its end. */
    skipEvaluation: () => engine.skipEvaluation(),
  }
}

/** How runs go from one tab to another. `settle`: a run no longer waits in this queue. */
function createCrossing(runs: RunsSlice, holds: Holds, handovers: Handovers, settle: (id: string) => void) {
  let first: string | undefined
  let expected: string | undefined
  return {
    /** The next of the runs that wait and whose locks this tab has: the one that was taken over last, or the oldest. None comes before the run that it follows. */
    next(): Run | undefined {
      const follows = ({ after }: Run): boolean => {
        const before = after && runs.find(after.runId)
        return before !== undefined && isPending(before)
      }
      const ready = runs.store.getState().runs.filter((r) => r.status === 'queued' && holds.has(r.id) && !follows(r))
      return ready.find((r) => r.id === first) ?? ready[0]
    },
    /** This tab has the run: other tabs neither resume nor delete it. */
    owns: holds.has,
    /** A run is on its way here. It starts before the others of this queue, which wait until `arrived` is called. */
    expect(id: string): void {
      first = expected = id
      handovers.begin(id)
    },
    /** A run that was expected is here, or does not come. */
    arrived(id: string): void {
      expected = undefined
      handovers.end(id)
    },
    /**
     * Lets a waiting run and the one that waits before it (-1) or after it (1) change places. A run stays behind the one whose adapter it
     * starts from. The order of runs is that of their `createdAt`, so it is found again after a reload.
     */
    async move(id: string, by: -1 | 1): Promise<void> {
      const waiting = runs.store.getState().runs.filter((r) => r.status === 'queued' && holds.has(r.id))
      const at = waiting.findIndex((r) => r.id === id)
      const [before, after] = by === 1 ? [waiting[at], waiting[at + 1]] : [waiting[at - 1], waiting[at]]
      if (at < 0 || !before || !after || after.after?.runId === before.id) return
      first = undefined
      runs.swap(before.id, after.id)
      await Promise.all([runs.save(before.id), runs.save(after.id)])
    },
    /** Another tab has the run, so this one neither waits for its lock nor for that tab. */
    elsewhere(id: string): void {
      holds.release(id)
      if (id !== expected) handovers.end(id)
      settle(id)
    },
    /** A queued run was deleted, or is no longer to wait: ends the waiting for it. */
    forget(id: string): void {
      const run = runs.find(id)
      if (run && isPending(run)) return
      holds.release(id)
      settle(id)
    },
  }
}

/** Who waits for the ends of runs. */
function createWaiting(runs: RunsSlice) {
  const waiting = new Map<string, (run: Run | undefined) => void>()
  return {
    /** Resolves when the run has ended, or is in another tab. */
    done(id: string): Promise<Run | undefined> {
      const run = runs.find(id)
      if (!run || (run.status !== 'queued' && !isActive(run))) return Promise.resolve(run)
      return new Promise((resolve) => waiting.set(id, resolve))
    },
    /** A run no longer waits in this queue. */
    settle(id: string): void {
      waiting.get(id)?.(runs.find(id))
      waiting.delete(id)
    },
  }
}

export function createRunQueue(engine: EngineApi, runs: RunsSlice, hooks: QueueHooks, turns: Turns) {
  const { work, stop, leave } = createRunWork(engine, runs, hooks)
  let working = false
  const { done, settle } = createWaiting(runs)
  const holds = createHolds(runs)
  const handovers = createHandovers()
  const { next: ready, ...crossing } = createCrossing(runs, holds, handovers, settle)

  const active = (): Run | undefined => runs.store.getState().runs.find(isActive)

  /** A queued run whose lock this tab has. It is kept too, so that the queue is found again if the page is closed. */
  function enter(id: string): void {
    void runs.save(id)
    handovers.end(id)
    // Other tabs hear of it when its turn is asked for, so that none of their runs comes first.
    void pump()
    hooks.entered(id)
  }

  async function pump(): Promise<void> {
    if (working) return
    working = true
    for (;;) {
      if (handovers.some()) await handovers.ended()
      if (!ready()) break
      const endTurn = await turns.take()
      // While another tab had the turn, the run may have been deleted or taken over. If a run is on its way here, that tab gets the turn back.
      const next = handovers.some() ? undefined : ready()
      if (next) await workOn(next.id)
      endTurn()
      if (next) ended(next.id)
    }
    working = false
  }

  /** The lock is given back before the turn, so that no tab has the turn while it waits for a lock. */
  async function workOn(id: string): Promise<void> {
    await work(id)
    await runs.save(id)
    holds.release(id)
  }

  function ended(id: string): void {
    const run = runs.find(id)
    // Another tab takes it over. The rest of this queue starts after it.
    if (run?.status === 'interrupted') handovers.begin(id, handoverLimitMs)
    if (run) hooks.ended(run)
    settle(id)
  }

  return {
    /** Adds a run to the queue. It starts at once if nothing else is running. Returns its id. */
    add(wanted: NewRun): string {
      const run = queuedRun(wanted, runs.store.getState().runs)
      runs.add(run)
      void holds.take(run.id).then((taken) => taken && enter(run.id))
      return run.id
    },
    /** Queues an interrupted run again, unless another tab does. It continues from its snapshot, or begins again if it has none. */
    async again(id: string): Promise<void> {
      const run = runs.find(id)
      if (!run || !canResume(run) || holds.wants(id)) return
      hooks.asks(id)
      if (!(await holds.take(id))) return
      // Another tab may have had the run meanwhile.
      await runs.refresh(id)
      const now = runs.find(id)
      if (!now || !canResume(now)) return holds.release(id)
      if (!now.snapshot) runs.clearMetrics(id)
      runs.update(id, (r) => ({ ...r, status: 'queued', error: undefined, errorSettings: undefined }))
      enter(id)
    },
    done,
    active,
    ...crossing,
    ...createSteering({ engine, runs, holds, active, settle, work: { stop, leave } }),
  }
}
export type RunQueue = ReturnType<typeof createRunQueue>
