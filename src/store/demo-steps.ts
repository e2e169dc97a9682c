// The steps of the demo. It does what a person would do: opens files, sets up a run, starts it and measures.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { DataSlice } from './data-store'
import type { DemoSteps } from './demo'
import type { Loading } from './loading'
import type { Measuring } from './measuring'
import type { ModelSlice } from './model-store'
import type { RunQueue } from './run-queue'
import { chosenConfig } from './setup-state'
import type { SetupSlice } from './setup-store'
import type { Starting } from './starting'

interface Parts {
  fetchFile: DemoSteps['fetchFile']
  model: ModelSlice
  data: DataSlice
  setup: SetupSlice
  queue: RunQueue
  loading: Loading
  starting: Starting
  measuring: Measuring
}

export function createDemoSteps({ fetchFile, model, data, setup, queue, loading, starting, measuring }: Parts): DemoSteps {
  return {
    fetchFile,
    async openModel(files, format) {
      data.clear()
      if (await loading.openModel(files, format)) return undefined
      return model.store.getState().error ?? say`The demo’s model was not loaded to the end. Start the demo again.`
    },
    async openData(train, heldout, maxLength) {
      setup.setTrainingValue('maxLength', maxLength)
      const read = await loading.openData(train, heldout)
      return read.ok ? undefined : read.reason
    },
    async start(config, before) {
      setup.take(config)
      const runId = starting.startWith(chosenConfig(setup.store.getState()) ?? config)
      if (runId === undefined)
        throw new UnsupportedError(say`This page lacks the method ${config.method}, which the demo uses. Reload the page and try again.`)
      measuring.noteExactMatch(runId, { before })
      return runId
    },
    async finished(runId) {
      const run = await queue.done(runId)
      if (run?.files !== undefined && (run.status === 'finished' || run.status === 'stopped')) return undefined
      if (run?.status === 'interrupted' || run?.status === 'elsewhere') return 'elsewhere'
      if (!run) return say`The demo’s run was deleted before it ended. Start the demo again.`
      return run.error ?? say`The demo’s run was stopped before it had an adapter. Start the demo again.`
    },
    exactMatch: measuring.exactMatch,
    measured: (runId, after) => measuring.noteExactMatch(runId, { after }),
  }
}
