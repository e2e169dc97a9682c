// The steps of the demos. They do what a person would do: open files, set up runs, start them and measure.
import { UnsupportedError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { EngineApi } from '../worker/api'
import type { DoJob } from '../worker/picture-pool'
import { allAnswers } from './all-answers'
import type { PlannedComparison } from './comparison-plan'
import { runsOf } from './comparison-rows'
import type { DataSlice } from './data-store'
import type { DemoSteps } from './demo'
import type { Loading } from './loading'
import type { Measuring } from './measuring'
import type { ModelSlice } from './model-store'
import { findPictures, pickedBundle } from './picture-files'
import type { RunQueue } from './run-queue'
import type { RunsSlice } from './runs-store'
import type { SettingsLink } from './settings-link'
import { chosenConfig } from './setup-state'
import type { SetupSlice } from './setup-store'
import type { Starting } from './starting'

/** Longer than any answer of the demo; a base that does not end its answer is cut off there. */
const exampleTokens = 48

interface Parts {
  engine: EngineApi
  fetchFile: DemoSteps['fetchFile']
  model: ModelSlice
  data: DataSlice
  setup: SetupSlice
  queue: RunQueue
  loading: Loading
  starting: Starting
  measuring: Measuring
  comparisonPlan: PlannedComparison
  link: SettingsLink
  runs: RunsSlice
  /** Decodes pictures. */
  decode: DoJob
}

/** What keeps a comparison from starting, once nothing is counted any more. */
function obstacleOf(plan: PlannedComparison): Promise<ReturnType<PlannedComparison['getState']>['missing']> {
  return new Promise((resolve) => {
    const settled = (): boolean => {
      const { missing } = plan.getState()
      if (missing === 'counting') return false
      resolve(missing)
      return true
    }
    if (settled()) return
    const end = plan.subscribe(() => settled() && end())
  })
}

/** The steps that only the demo of pictures has. */
function pictureSteps({
  loading,
  starting,
  comparisonPlan,
  link,
  runs,
  decode,
}: Parts): Pick<DemoSteps, 'openPictures' | 'compare' | 'runsOf'> {
  return {
    async openPictures(zip) {
      const { bundle } = await findPictures([zip], decode)
      if (!bundle) return say`${zip.path}: expected pictures in folders, got none. Put the demo folder of the release back.`
      const read = await loading.openData(pickedBundle(bundle))
      return read.ok ? undefined : read.reason
    },
    async compare(query) {
      link.take(`compare?${query}`)
      const { refused } = link.store.getState()
      const missing = refused.length > 0 ? refused.join(', ') : await obstacleOf(comparisonPlan)
      const id = missing === undefined ? starting.compare() : undefined
      if (id === undefined)
        throw new UnsupportedError(
          say`The demo’s comparison cannot start here: ${missing ?? say`no model`}. Reload the page and try again.`,
        )
      return id
    },
    runsOf: (id) => runsOf(runs.store.getState().runs, id).map((run) => run.id),
  }
}

export function createDemoSteps(parts: Parts): DemoSteps {
  const { engine, fetchFile, model, data, setup, queue, loading, starting, measuring } = parts

  async function openModel(...args: Parameters<Loading['openModel']>): Promise<Phrase | undefined> {
    if (await loading.openModel(...args)) return undefined
    return model.store.getState().error ?? say`The demo’s model was not loaded to the end. Start the demo again.`
  }

  return {
    ...pictureSteps(parts),
    fetchFile,
    openModel(files, format) {
      data.clear()
      return openModel(files, format)
    },
    openModelFor(pictures, files) {
      data.stage(pictures)
      return openModel(files)
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
    examples(runId, rows, maxLength, onProgress) {
      // Without solved examples, rows are asked as the data say, and come back with their own words too.
      const request = { runIds: [undefined, runId], rows, seed: 0, maxLength, maxTokens: exampleTokens, ask: { shots: 0 } }
      return allAnswers(engine, request, onProgress)
    },
  }
}
