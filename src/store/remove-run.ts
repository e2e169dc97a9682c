// Deletes a run everywhere: from the list, from storage, from the chat and from the engine; or forgets one that another tab has deleted.
import type { EngineApi } from '../worker/api'
import type { AdapterFilesOfRuns } from './adapter-files'
import type { AnswersSlice } from './answers-store'
import type { Holding } from './holding'
import type { PlaySlice } from './play-store'
import { canRemove } from './run'
import type { Resuming } from './resuming'
import type { RunData } from './run-data'
import type { RunQueue } from './run-queue'
import type { RunsSlice } from './runs-store'
import type { SetupSlice } from './setup-store'

interface Parts {
  engine: EngineApi
  runs: RunsSlice
  queue: RunQueue
  play: PlaySlice
  answers: AnswersSlice
  holding: Holding
  setup: SetupSlice
  adapters: AdapterFilesOfRuns
  resuming: Resuming
  runData: RunData
}

export function createRemoveRun({ engine, runs, queue, play, answers, holding, setup, adapters, resuming, runData }: Parts) {
  /** A run is no longer in the list: nothing here uses it. */
  async function forget(runId: string): Promise<void> {
    queue.forget(runId)
    play.forget(runId)
    answers.forget(runId)
    holding.forget(runId)
    if (setup.store.getState().from?.runId === runId) setup.startFresh()
    await engine.forgetAdapter(runId)
    resuming.forget(runId)
    runData.forget(runId)
  }

  async function remove(runId: string): Promise<void> {
    const run = runs.find(runId)
    if (!run || !canRemove(run)) return
    await runs.remove(runId)
    // It could not be deleted. It no longer waits in the queue all the same.
    if (runs.find(runId)) return queue.forget(runId)
    await forget(runId)
    // There may be room now for an adapter that could not be kept.
    await adapters.keepAgain()
  }

  return {
    forget,
    remove,
    /** Takes a run out of the queue. One that has begun can be resumed later; of another one nothing is left. */
    async unqueue(runId: string): Promise<void> {
      const run = runs.find(runId)
      if (run?.status !== 'queued') return
      await (run.last || run.snapshot ? queue.leave(runId) : remove(runId))
    },
  }
}
