// The studio without its page: the stores, and what goes on between them. Everything from outside comes in as a part.
import type { BaseFormat, RunConfig } from '../config/run-config'
import type { EngineApi, MethodReport, PickedFile, Progress } from '../worker/api'
import { type DataSlice, createDataStore } from './data-store'
import { createDemo } from './demo'
import { createDeviceStore } from './device-store'
import type { Keeping } from './keeping'
import { type Missing, missing } from './missing'
import { type ModelSlice, createModelStore } from './model-store'
import { createPlayStore } from './play-store'
import { type TextStore, createPreferencesStore } from './preferences-store'
import { type RoutedFiles, routeFiles } from './route-files'
import { type ExactMatch, type Run, isOver } from './run'
import { createRunQueue } from './run-queue'
import { type RunsSlice, createRunsStore } from './runs-store'
import { type SetupSlice, chosenConfig, chosenMethod, createSetupStore } from './setup-store'

export interface StudioParts {
  engine: EngineApi
  keeping: Keeping
  preferences?: TextStore
  /** A file of public/demo by its path in there. */
  fetchDemoFile(path: string): Promise<File>
}

/** The base format a run with `method` takes: the one there is, unless the method is a preset for others. */
export function wantedBase(method: MethodReport | undefined, current: BaseFormat): BaseFormat {
  if (!method || method.bases.length === 0 || method.bases.includes(current)) return current
  return method.bases[0] ?? current
}

/** Model, data and setup follow each other: a new model re-reads the data, a new length too. */
function createLoading(model: ModelSlice, data: DataSlice, setup: SetupSlice, busy: () => boolean) {
  const maxLength = (): number | undefined => {
    const value = setup.store.getState().training.maxLength
    return typeof value === 'number' && Number.isInteger(value) && value >= 8 ? value : undefined
  }

  async function modelLoaded(): Promise<void> {
    const context = model.store.getState().report?.context
    if (context !== undefined && (maxLength() ?? 0) > context) setup.setTrainingValue('maxLength', context)
    await setup.loadMethods()
    data.store.setState((s) => ({ options: { ...s.options, maxLength: maxLength() ?? s.options.maxLength } }))
    await data.read()
    setup.estimate()
  }

  return {
    async openModel(files: PickedFile[], base: BaseFormat): Promise<boolean> {
      const loaded = await model.open(files, base)
      if (loaded) await modelLoaded()
      return loaded
    },
    async reloadModel(base: BaseFormat): Promise<boolean> {
      if (model.store.getState().report?.base === base) return true
      const loaded = await model.reload(base)
      if (loaded) await modelLoaded()
      return loaded
    },
    async openData(file: PickedFile, evalFile?: PickedFile): Promise<boolean> {
      const read = await data.open(file, evalFile)
      setup.estimate()
      return read
    },
    /** The data is cut at the length chosen in the settings; waits for the end of runs. */
    async followLength(): Promise<void> {
      const length = maxLength()
      if (length === undefined || busy() || data.store.getState().options.maxLength === length) return
      await data.setOptions({ maxLength: length })
      setup.estimate()
    },
  }
}
type Loading = ReturnType<typeof createLoading>

/** Brings base and data into the state that a queued run wants; a sentence where that fails. */
async function prepareRun(run: Run, model: ModelSlice, data: DataSlice, loading: Loading): Promise<string | undefined> {
  if (!(await loading.reloadModel(run.model.base)))
    return model.store.getState().error ?? 'run: expected the model that the run was set up with. Load it again.'
  if (!(await data.setOptions({ maxLength: run.config.training.maxLength }))) return data.store.getState().error
  return undefined
}

/** A number of held-out rows answered by base or adapter; a sentence where that fails. */
async function measureExactMatch(
  engine: EngineApi,
  runId: string | undefined,
  rows: number,
  onProgress: (p: Progress) => void,
): Promise<ExactMatch | string> {
  const result = await engine.exactMatch(runId, rows, onProgress)
  return result.ok ? { matched: result.value.matched, rows: result.value.rows } : result.error.message
}

function noteExactMatch(runs: RunsSlice, runId: string, found: NonNullable<Run['exactMatch']>): void {
  runs.update(runId, (run) => ({ ...run, exactMatch: { ...run.exactMatch, ...found } }))
  void runs.save(runId)
}

export function createStudio(parts: StudioParts) {
  const { engine } = parts
  const device = createDeviceStore(engine)
  const model = createModelStore(engine)
  const data = createDataStore(engine, () => model.store.getState().report !== undefined)
  const setup = createSetupStore(engine, () => model.store.getState().report !== undefined && data.store.getState().report !== undefined)
  const runs = createRunsStore(parts.keeping)
  const play = createPlayStore(engine, runs)
  const preferences = createPreferencesStore(parts.preferences)
  const busy = (): boolean => queue.busy()
  const loading = createLoading(model, data, setup, busy)
  const queue = createRunQueue(engine, runs, {
    prepare: (run) => prepareRun(run, model, data, loading),
    ended: (run) => {
      if (run.status === 'failed') void checkEngine()
      if (!isOver(run) || !run.files) return
      play.markHeld(run.id)
      play.show(run.id)
      if (!queue.busy()) void loading.followLength()
    },
  })
  model.store.subscribe((now, before) => {
    if (now.report?.id !== before.report?.id) play.modelChanged()
  })
  setup.store.subscribe((now, before) => {
    if (now.training.maxLength !== before.training.maxLength) scheduleLength()
  })
  let lengthTimer: ReturnType<typeof setTimeout> | undefined
  function scheduleLength(): void {
    clearTimeout(lengthTimer)
    lengthTimer = setTimeout(() => void loading.followLength(), 500)
  }

  /** After a failure: a lost device takes model and data with it, and the page must not show them as loaded. */
  async function checkEngine(): Promise<void> {
    const found = await engine.device()
    const examples = await engine.preview(0, 1)
    const failed = [found, examples].find((result) => !result.ok)
    if (failed && !failed.ok && !model.store.getState().loading) model.lost(failed.error.message)
  }

  function base(): BaseFormat {
    return wantedBase(chosenMethod(setup.store.getState()), model.store.getState().report?.base ?? 'native')
  }

  function startWith(config: RunConfig): string | undefined {
    const report = model.store.getState().report
    const dataReport = data.store.getState().report
    const method = setup.store.getState().methods.find((m) => m.name === config.method)
    if (!report || !dataReport || !method) return undefined
    return queue.add({
      config,
      method,
      base: wantedBase(method, report.base),
      model: { name: report.name, family: report.family },
      data: { name: dataReport.name, rows: dataReport.trainRows },
    })
  }

  function whatIsMissing(): Missing | undefined {
    const modelState = model.store.getState()
    return missing({
      device: device.store.getState(),
      model: modelState,
      data: data.store.getState(),
      setup: setup.store.getState(),
      reloadsBase: modelState.report !== undefined && modelState.report.base !== base(),
    })
  }

  const demo = createDemo({
    fetchFile: parts.fetchDemoFile,
    openModel: (files, format) => {
      data.clear()
      return loading.openModel(files, format)
    },
    openData: (train, heldout, maxLength) => {
      data.store.setState((s) => ({ options: { ...s.options, maxLength } }))
      return loading.openData(train, heldout)
    },
    start: async (config, before) => {
      setup.take(config)
      const runId = startWith(chosenConfig(setup.store.getState()) ?? config)
      if (runId === undefined) throw new Error('demo: expected its method in this build. Reload the page and try again.')
      noteExactMatch(runs, runId, { before })
      return runId
    },
    finished: async (runId) => {
      const run = await queue.done(runId)
      return run?.status === 'finished' || (run?.status === 'stopped' && run.files !== undefined)
    },
    exactMatch: (runId, rows, onProgress) => measureExactMatch(engine, runId, rows, onProgress),
    measured: (runId, after) => noteExactMatch(runs, runId, { after }),
  })

  return {
    device,
    model,
    data,
    setup,
    runs,
    queue,
    play,
    preferences,
    demo,
    /** Loading or measuring would disturb what is going on. */
    busy: (): boolean => queue.busy() || demo.running() || play.store.getState().running,
    missing: whatIsMissing,
    wantedBase: base,
    openModel: (files: PickedFile[], format: BaseFormat = 'native') => loading.openModel(files, format),
    reloadModel: loading.reloadModel,
    openData: loading.openData,
    /** Sorts dropped files and opens what they are; tells what was found. */
    async openFiles(files: readonly PickedFile[]): Promise<RoutedFiles> {
      const routed = await routeFiles(files)
      // With a new model on its way, the data is read once, for that one.
      if (routed.model.length > 0) {
        if (routed.train) data.stage(routed.train, routed.evaluation)
        void loading.openModel(routed.model, 'native')
      } else if (routed.train) void loading.openData(routed.train, routed.evaluation)
      return routed
    },
    /** Queues a run with the chosen settings, where nothing is missing. Returns its id. */
    start(): string | undefined {
      const config = chosenConfig(setup.store.getState())
      return config && whatIsMissing() === undefined ? startWith(config) : undefined
    },
    /** Answers held-out rows with a run's adapter and notes the share in the run; a sentence where that fails. */
    async measure(runId: string, rows: number, onProgress: (p: Progress) => void): Promise<string | undefined> {
      const problem = await play.hold(runId)
      if (problem !== undefined) return problem
      const after = await measureExactMatch(engine, runId, rows, onProgress)
      if (typeof after === 'string') return after
      noteExactMatch(runs, runId, { after })
      return undefined
    },
    async remove(runId: string): Promise<void> {
      await runs.remove(runId)
      play.forget(runId)
      await engine.forgetAdapter(runId)
    },
  }
}
export type Studio = ReturnType<typeof createStudio>
