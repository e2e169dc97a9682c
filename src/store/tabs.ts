// Runs of other tabs: shown live here, and taken over from there. Copies that other tabs make or delete are listed here too.
import { type StoreApi, createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import type { EngineApi, TrainEvent } from '../worker/api'
import type { CopiesSlice } from './copies-store'
import { type KeptRun, type Run, isActive, isPending } from './run'
import type { Resuming } from './resuming'
import type { RunQueue } from './run-queue'
import type { RunsSlice } from './runs-store'
import type { TabChannel } from './tab-channel'
import { parseTabMessage } from './tab-message'

/** The engine, whose runs other tabs hear of while they train. */
export function toldToTabs(engine: EngineApi, channel: TabChannel): EngineApi {
  return {
    ...engine,
    train: (runId, config, onEvent, ...rest) =>
      engine.train(
        runId,
        config,
        (events) => {
          onEvent(events)
          channel.send({ type: 'events', runId, events })
        },
        ...rest,
      ),
  }
}

/** Without the steps that the run has already: they were in the state that it was shown with. */
function fresh(run: Run, events: readonly TrainEvent[]): TrainEvent[] {
  const known = run.last?.step ?? 0
  if (events.some(({ type }) => type === 'resumed')) return [...events]
  return events.filter((event) => event.type !== 'step' || event.metrics.step > known)
}

interface TabsState {
  /** The run that is being taken over. */
  taking?: string
  /** Why a run was not taken over. */
  refused?: { runId: string; reason: Phrase }
  /** What the runs of other tabs are doing there. */
  there: Record<string, Run['status']>
}

interface Parts {
  channel: TabChannel
  runs: RunsSlice
  queue: RunQueue
  resuming: Resuming
  copies: CopiesSlice
  /** A run was deleted in another tab: nothing here uses it any longer. */
  forget(runId: string): Promise<void>
}

/** Shows other tabs a run of this one as it is now. */
export function tellRun({ runs, channel }: Pick<Parts, 'runs' | 'channel'>, runId: string): void {
  const kept = runs.keptOf(runId)
  if (kept) channel.send({ type: 'run', kept })
}

/** Tells other tabs of the run that trains here, and asks them for the runs that are there. */
function watchRuns({ runs, channel }: Parts): void {
  const asked = new Set<string>()
  let told: string | undefined
  runs.store.subscribe(({ runs: all }) => {
    const active = all.find(isActive)
    if (active?.id !== told) {
      told = active?.id
      if (active) tellRun({ runs, channel }, active.id)
    }
    for (const { id, status } of all) {
      if (status !== 'elsewhere') asked.delete(id)
      else if (!asked.has(id)) {
        asked.add(id)
        channel.send({ type: 'ask', runId: id })
      }
    }
  })
}

/** Takes in what other tabs say. `giveUp`: the run that is being taken over is in a third tab, or stays in its own for a reason. */
function createHearing(parts: Parts, store: StoreApi<TabsState>, giveUp: (reason?: Phrase) => void) {
  const { runs, queue, copies, forget } = parts
  const see = (runId: string, status: Run['status']): void => store.setState(({ there }) => ({ there: { ...there, [runId]: status } }))

  function events(runId: string, heard: readonly TrainEvent[]): void {
    const run = runs.find(runId)
    if (run?.status !== 'elsewhere') return
    for (const event of heard) {
      if (event.type === 'status') see(runId, event.status)
      if (event.type === 'stays' && store.getState().taking === runId) giveUp(event.reason)
    }
    runs.apply(runId, fresh(run, heard))
  }

  function shown(kept: KeptRun): void {
    const { id, status } = kept.run
    if (queue.owns(id)) return
    const { taking, there } = store.getState()
    const entered = status === 'queued' && there[id] !== 'queued'
    see(id, status)
    runs.mirror(kept)
    queue.elsewhere(id)
    if (entered && taking === id) giveUp()
  }

  function removed(runId: string): void {
    const run = runs.find(runId)
    if (!run || (queue.owns(runId) && isPending(run))) return
    runs.drop(runId)
    void forget(runId)
  }

  function asked(runId: string): void {
    const run = runs.find(runId)
    if (run && isPending(run) && queue.owns(runId)) tellRun(parts, runId)
  }

  return (input: unknown): void => {
    const message = parseTabMessage(input)
    switch (message?.type) {
      case 'run':
        return shown(message.kept)
      case 'events':
        return events(message.runId, message.events)
      case 'ask':
        return asked(message.runId)
      case 'take':
        return void queue.leave(message.runId)
      case 'changed':
        return runs.changed(message.run)
      case 'look': {
        const { type: _type, runId, ...change } = message
        return runs.looks(runId, change)
      }
      case 'removed':
        return removed(message.runId)
      case 'copies':
        return copies.changedElsewhere()
    }
  }
}

export function createTabs(parts: Parts) {
  const { channel, runs, queue, resuming } = parts
  const store = createStore<TabsState>(() => ({ there: {} }))
  let giveUp: (reason?: Phrase) => void = () => undefined
  channel.listen(createHearing(parts, store, (reason) => giveUp(reason)))
  watchRuns(parts)

  /** Asks the owner for the run. Resolves when it is in the queue of this tab or of a third one, or with the reason why it stays there. */
  async function take(runId: string): Promise<Phrase | undefined> {
    const givenUp = new Promise<Phrase | undefined>((resolve) => (giveUp = resolve))
    // A run that only waits there does not keep the runs of this tab from starting.
    if (store.getState().there[runId] !== 'queued') queue.expect(runId)
    channel.send({ type: 'take', runId })
    try {
      const back = runs.back(runId).then(() => undefined)
      const reason = await Promise.race([back, givenUp])
      if (!reason) await resuming.resume(runId)
      return reason
    } finally {
      queue.arrived(runId)
    }
  }

  return {
    store,
    /**
     * Opens the model and the data of a run that another tab trains or has in its queue. Then that tab ends it at a snapshot, and it is resumed
     * here, before all others. Without its model and data it stays where it is, and also if its snapshot cannot be stored. If several tabs ask
     * for the same run, one of them gets it, and the others see it there.
     */
    async takeOver(runId: string): Promise<void> {
      if (runs.find(runId)?.status !== 'elsewhere' || store.getState().taking !== undefined) return
      store.setState({ taking: runId, refused: undefined })
      const missing = await resuming.prepare(runId)
      const reason = missing ?? (runs.find(runId)?.status === 'elsewhere' ? await take(runId) : undefined)
      store.setState({ taking: undefined, refused: reason && { runId, reason } })
    },
  }
}
