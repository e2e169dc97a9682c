// Runs of other tabs: shown live here, and taken over from there.
import { createStore } from 'zustand/vanilla'
import type { EngineApi, TrainEvent } from '../worker/api'
import { type Run, isActive } from './run'
import type { Resuming } from './resuming'
import type { RunQueue } from './run-queue'
import type { RunsSlice } from './runs-store'
import type { TabChannel } from './tab-channel'

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
  /** What the runs of other tabs are doing there. */
  there: Record<string, Run['status']>
}

interface Parts {
  channel: TabChannel
  runs: RunsSlice
  queue: RunQueue
  resuming: Resuming
}

export function createTabs({ channel, runs, queue, resuming }: Parts) {
  const store = createStore<TabsState>(() => ({ there: {} }))
  const asked = new Set<string>()
  let told: string | undefined

  const see = (runId: string, status: Run['status']): void => store.setState(({ there }) => ({ there: { ...there, [runId]: status } }))

  function tell(runId: string): void {
    const kept = runs.keptOf(runId)
    if (kept) channel.send({ type: 'run', kept })
  }

  function hear(runId: string, events: readonly TrainEvent[]): void {
    const run = runs.find(runId)
    if (run?.status !== 'elsewhere') return
    for (const event of events) if (event.type === 'status') see(runId, event.status)
    runs.apply(runId, fresh(run, events))
  }

  channel.listen((message) => {
    switch (message.type) {
      case 'run': {
        const own = runs.find(message.kept.run.id)
        if (own && isActive(own)) return
        see(message.kept.run.id, message.kept.run.status)
        return runs.mirror(message.kept)
      }
      case 'events':
        return hear(message.runId, message.events)
      case 'ask':
        return queue.active()?.id === message.runId ? tell(message.runId) : undefined
      case 'take':
        return void queue.leave(message.runId)
    }
  })

  runs.store.subscribe(({ runs: all }) => {
    const active = all.find(isActive)
    if (active?.id !== told) {
      told = active?.id
      if (active) tell(active.id)
    }
    for (const { id, status } of all) {
      if (status !== 'elsewhere') asked.delete(id)
      else if (!asked.has(id)) {
        asked.add(id)
        channel.send({ type: 'ask', runId: id })
      }
    }
  })

  return {
    store,
    /**
     * The tab that trains the run, or has it in its queue, ends it at a snapshot. Then it is resumed here, as soon as its model and data are
     * open. Other tabs may ask for the same run: the first one whose model is open resumes it, and the others see it there.
     */
    async takeOver(runId: string): Promise<void> {
      if (runs.find(runId)?.status !== 'elsewhere') return
      store.setState({ taking: runId })
      channel.send({ type: 'take', runId })
      await runs.back(runId)
      store.setState({ taking: undefined })
      resuming.resume(runId)
    },
  }
}
