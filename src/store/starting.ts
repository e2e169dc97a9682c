// Starting runs: one as it is set up, or those of a comparison. All of them go through the same queue.
import { identityIn } from '../config/identity'
import { type BaseFormat, type RunConfig, baseFormats } from '../config/run-config'
import type { ComparisonCut } from './comparison-cut'
import type { PlannedComparison } from './comparison-plan'
import { type ComparisonSlice, basesToAsk, comparisonConfigs, hasCompletions, readsNames, zeroShotTemplates } from './comparison-store'
import type { DataReport } from '../worker/api'
import type { CopiesSlice } from './copies-store'
import type { CopyPlace } from './copy-place'
import { oldEvaluationOf, recipeOf, replayOf } from './data-state'
import type { DataSlice } from './data-store'
import type { ModelSlice } from './model-store'
import type { Readiness } from './readiness'
import type { DataOfRun, Run } from './run'
import type { RunData } from './run-data'
import type { RunQueue } from './run-queue'
import type { RunsSlice } from './runs-store'
import { chosenConfig } from './setup-state'
import type { SetupSlice } from './setup-store'
import type { TwoStages } from './two-stages'
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
  runData: RunData
  stages: TwoStages
}

/** Adds runs to the queue, with what is open now. */
function createQueueing({ model, data, setup, comparisonCut, queue, copies, runData, stages }: Parts) {
  /** The data as they are read now, with what is needed to read them again. `task`: another task description. */
  function dataOfRun({ name, trainRows }: DataReport, task: string | undefined): DataOfRun {
    const state = data.store.getState()
    const { options: now, evalFile } = state
    const oldEvaluation = oldEvaluationOf(state)
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
      ...(oldEvaluation && { oldEvaluation: { name: oldEvaluation.file.name, ...found(copies.oldEvaluation) } }),
    }
  }

  /** What a run of this configuration takes from what is open now; undefined while something is missing. */
  function openFor(config: RunConfig, wanted?: BaseFormat) {
    const report = model.store.getState().report
    const method = setup.store.getState().methods.find((m) => m.name === config.method)
    if (!report || !method) return undefined
    const { keptId } = copies.model.store.getState()
    return {
      method,
      base: wanted ?? wantedBase(method, report.base),
      model: { name: report.name, family: report.family, ...identityIn(report), keptId },
    }
  }

  /** Queues a run, where model, data and method are there. Returns its id. */
  function startWith(config: RunConfig, part?: Run['comparison'], wanted?: BaseFormat, after?: string): string | undefined {
    const dataReport = (part ? comparisonCut : data).store.getState().report
    const open = openFor(config, wanted)
    const state = data.store.getState()
    if (!open || !dataReport || !state.file) return undefined
    const { file, evalFile, mix } = state
    const [recipe, replay] = [recipeOf(state), replayOf(state)]
    const id = queue.add({
      ...open,
      config: { ...config, ...(recipe && { recipe }), ...(replay && { replay }) },
      data: dataOfRun(dataReport, part?.task),
      comparison: part,
      after,
    })
    runData.note(id, { file, evalFile, made: recipe, mix: mix?.file === file ? mix : undefined })
    return id
  }

  /** Queues the run on other rows that comes before the one that is set up, if there is one. Returns its id. */
  function startFirst(config: RunConfig): string | undefined {
    const first = stages.first(config)
    const open = first && openFor(config)
    if (!open) return undefined
    const id = queue.add({ ...open, config: first.config, data: first.data })
    runData.note(id, { file: first.file })
    first.queued(id)
    return id
  }

  return { startWith, startFirst }
}

export function createStarting(parts: Parts) {
  const { model, data, setup, comparison, comparisonPlan, runs, queue, readiness } = parts
  const { startWith, startFirst } = createQueueing(parts)

  return {
    startWith,
    /** Queues a run with the chosen settings, where nothing keeps it from starting, and before it its first stage. Returns its id. */
    start(): string | undefined {
      const config = chosenConfig(setup.store.getState())
      if (!config || readiness.getState().obstacle !== undefined) return undefined
      const first = startFirst(config)
      return startWith(first === undefined ? config : { ...config, from: first }, undefined, undefined, first)
    },
    /**
     * Queues the runs of the comparison, where nothing keeps them from starting. Those that use model and data as they are loaded come first.
     * Returns its id.
     */
    compare(): string | undefined {
      const report = model.store.getState().report
      if (!report || comparisonPlan.getState().missing !== undefined) return undefined
      const state = comparison.store.getState()
      const exactMatchRows = hasCompletions(data.store.getState().report) ? state.exactMatchRows : 0
      const asked = exactMatchRows > 0 ? basesToAsk(state) : []
      const id = crypto.randomUUID()
      const given = readsNames(report) ? zeroShotTemplates(state) : []
      const templates = Array.isArray(given) && given.length > 0 ? { templates: given } : {}
      const part = { id, exactMatchRows, base: report.base, maxTokens: state.maxTokens, asked, ...templates, files: comparison.begin(id) }
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
      return part.id
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
