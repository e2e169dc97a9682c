// Starting runs: one as it is set up, or those of a comparison. All of them go through the same queue.
import { identityIn } from '../config/identity'
import { type BaseFormat, type RunConfig, baseFormats } from '../config/run-config'
import type { ComparisonCut } from './comparison-cut'
import type { PlannedComparison } from './comparison-plan'
import { type ComparisonSlice, basesToAsk, comparisonConfigs, hasCompletions } from './comparison-store'
import type { DataReport } from '../worker/api'
import type { CopiesSlice } from './copies-store'
import type { CopyPlace } from './copy-place'
import { recipeOf, replayOf } from './data-state'
import type { DataSlice } from './data-store'
import type { ModelSlice } from './model-store'
import type { Readiness } from './readiness'
import type { DataOfRun, Run } from './run'
import type { RunQueue } from './run-queue'
import type { RunsSlice } from './runs-store'
import { chosenConfig } from './setup-state'
import type { SetupSlice } from './setup-store'
import { wantedBase } from './wanted-base'

interface Parts {
  model: ModelSlice
  data: DataSlice
  setup: SetupSlice
  comparison: ComparisonSlice
  comparisonCut: ComparisonCut
  comparisonPlan: PlannedComparison
  runs: RunsSlice
  queue: RunQueue
  readiness: Readiness
  copies: CopiesSlice
}

export function createStarting(parts: Parts) {
  const { model, data, setup, comparison, comparisonCut, comparisonPlan, runs, queue, readiness, copies } = parts

  /** The data as they are read now, with what is needed to read them again. `task`: another task description. */
  function dataOfRun({ name, trainRows }: DataReport, task: string | undefined): DataOfRun {
    const { options: now, evalFile } = data.store.getState()
    const options = task === undefined ? now : { ...now, taskDescription: task }
    const found = ({ store }: CopyPlace) => {
      const { fingerprint, keptId } = store.getState()
      return { fingerprint, keptId }
    }
    return {
      name,
      rows: trainRows,
      options,
      ...found(copies.data),
      ...(evalFile && { evaluation: { name: evalFile.file.name, ...found(copies.evaluation) } }),
    }
  }

  /** Queues a run, where model, data and method are there. Returns its id. */
  function startWith(config: RunConfig, part?: Run['comparison'], wanted?: BaseFormat): string | undefined {
    const report = model.store.getState().report
    const dataReport = (part ? comparisonCut : data).store.getState().report
    const method = setup.store.getState().methods.find((m) => m.name === config.method)
    if (!report || !dataReport || !method) return undefined
    const recipe = recipeOf(data.store.getState())
    const replay = replayOf(data.store.getState())
    return queue.add({
      config: { ...config, ...(recipe && { recipe }), ...(replay && { replay }) },
      method,
      base: wanted ?? wantedBase(method, report.base),
      model: { name: report.name, family: report.family, ...identityIn(report), keptId: copies.model.store.getState().keptId },
      data: dataOfRun(dataReport, part?.task),
      comparison: part,
    })
  }

  return {
    startWith,
    /** Queues a run with the chosen settings, where nothing keeps it from starting. Returns its id. */
    start(): string | undefined {
      const config = chosenConfig(setup.store.getState())
      return config && readiness.getState().obstacle === undefined ? startWith(config) : undefined
    },
    /** Queues the runs of the comparison, where nothing keeps them from starting. Those that use model and data as they are loaded come first. */
    compare(): void {
      const report = model.store.getState().report
      if (!report || comparisonPlan.getState().missing !== undefined) return
      const state = comparison.store.getState()
      const exactMatchRows = hasCompletions(data.store.getState().report) ? state.exactMatchRows : 0
      const asked = exactMatchRows > 0 ? basesToAsk(state) : []
      const id = crypto.randomUUID()
      const part = { id, exactMatchRows, base: report.base, maxTokens: state.maxTokens, asked, files: comparison.begin(id) }
      const taskBefore = data.store.getState().options.taskDescription
      const configs = comparisonConfigs(state, setup.store.getState(), report)
      const several = configs.length > new Set(configs.map(({ method }) => method)).size
      const baseOf = ({ method, variant }: (typeof configs)[number]): BaseFormat => variant.base ?? wantedBase(method, report.base)
      const placeOf = (each: (typeof configs)[number]): number => [report.base, ...baseFormats].indexOf(baseOf(each))
      const tasks = [taskBefore, ...configs.map(({ variant }) => variant.taskDescription)]
      const taskOf = ({ variant }: (typeof configs)[number]): number => tasks.indexOf(variant.taskDescription ?? taskBefore)
      for (const each of configs.toSorted((a, b) => placeOf(a) - placeOf(b) || taskOf(a) - taskOf(b))) {
        const { name, group, taskDescription: task } = each.variant
        const own = { ...part, ...(several && { variant: name, group }), ...(task !== undefined && { task, taskBefore }) }
        startWith(each.config, own, baseOf(each))
      }
      comparison.show(part.id)
    },
    /** Ends a comparison: the current run keeps its adapter, and the queued runs are removed. */
    async stopComparison(id: string): Promise<void> {
      const part = runs.store.getState().runs.filter((r) => r.comparison?.id === id)
      for (const run of part) {
        if (run.status !== 'queued') continue
        await runs.remove(run.id)
        queue.forget(run.id)
      }
      if (part.some((r) => r.id === queue.active()?.id)) await queue.stop()
    },
  }
}
export type Starting = ReturnType<typeof createStarting>
