// The studio without its page: the stores and how they work together. Everything from outside is passed in as a part.
import type { BaseFormat, RunConfig } from '../config/run-config'
import type { EngineApi, MethodReport, PickedFile, Progress } from '../worker/api'
import { type ComparisonWanted, createComparisonEstimates } from './comparison-estimates'
import { createBenchStore } from './bench-store'
import { comparisonConfigs, comparisonMissing, createComparisonStore, hasCompletions } from './comparison-store'
import { type DataSlice, type ReadEnd, createDataStore } from './data-store'
import { createAdapterTasks } from './adapter-tasks'
import { createDemo } from './demo'
import { createDeviceStore } from './device-store'
import { type Unzip, createImports } from './imports'
import type { Keeping } from './keeping'
import { type Living, memoryLiving } from './living'
import { type Measuring, createMeasuring } from './measuring'
import { type SetupParts, missing, obstacle } from './missing'
import { type ModelSlice, createModelStore } from './model-store'
import { type PlaySlice, createPlayStore } from './play-store'
import { type TextStore, createPreferencesStore } from './preferences-store'
import { type RoutedFiles, routeFiles } from './route-files'
import { type Run, canRemove, isOver } from './run'
import { createRunQueue } from './run-queue'
import { createRunsStore } from './runs-store'
import { type SetupSlice, chosenConfig, chosenMethod, createSetupStore } from './setup-store'
import { type SettingsLink, createSettingsLink } from './settings-link'
import { createTasks } from './tasks'

export interface StudioParts {
  engine: EngineApi
  keeping: Keeping
  /** Absent = this tab alone. */
  living?: Living
  preferences?: TextStore
  unzip: Unzip
  /** A file of public/demo by its path in there. */
  fetchDemoFile(path: string): Promise<File>
}

/** The base format a run with `method` takes: the one there is, unless the method is a preset for others. */
export function wantedBase(method: MethodReport | undefined, current: BaseFormat): BaseFormat {
  if (!method || method.bases.length === 0 || method.bases.includes(current)) return current
  return method.bases[0] ?? current
}

/** Model, data and setup follow each other: a new model reads the data again, a new length shows them so. */
function createLoading(model: ModelSlice, data: DataSlice, setup: SetupSlice, link: SettingsLink) {
  const maxLength = (): number | undefined => {
    const value = setup.store.getState().training.maxLength
    return typeof value === 'number' && Number.isInteger(value) && value >= 8 ? value : undefined
  }

  async function modelLoaded(): Promise<void> {
    await setup.loadMethods()
    link.fill()
    const context = model.store.getState().report?.context
    if (context !== undefined && (maxLength() ?? 0) > context) setup.setTrainingValue('maxLength', context)
    await data.read()
    setup.estimate()
  }

  /** The data are shown at the length in the settings, the only place where it is chosen. */
  setup.store.subscribe((now, before) => {
    const length = maxLength()
    if (now.training.maxLength !== before.training.maxLength && length !== undefined) void data.setMaxLength(length)
  })

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
    async openData(file: PickedFile, evalFile?: PickedFile): Promise<ReadEnd> {
      const read = await data.open(file, evalFile)
      setup.estimate()
      return read
    },
  }
}
type Loading = ReturnType<typeof createLoading>

interface RunNeeds {
  model: ModelSlice
  data: DataSlice
  loading: Loading
  play: PlaySlice
  measuring: Measuring
}

/** Brings base, data and adapter into the state that a queued run needs; a sentence if that fails. */
async function prepareRun(run: Run, needs: RunNeeds, onProgress: (p: Progress) => void): Promise<string | undefined> {
  const { model, data, loading, play, measuring } = needs
  if (!(await loading.reloadModel(run.model.base)))
    return model.store.getState().error ?? 'run: expected the model that the run was set up with. Load it again.'
  const read = await data.ready()
  if (!read.ok) return read.message
  const problem = run.config.from === undefined ? undefined : await play.hold(run.config.from)
  return problem ?? (run.comparison && (await measuring.base(run, onProgress)))
}

export function createStudio(parts: StudioParts) {
  const { engine } = parts
  const device = createDeviceStore(engine)
  const model = createModelStore(engine)
  const data = createDataStore(engine, () => model.store.getState().report?.id)
  const setup = createSetupStore(engine, () => model.store.getState().report !== undefined && data.store.getState().report !== undefined)
  const runs = createRunsStore(parts.keeping, parts.living ?? memoryLiving())
  const play = createPlayStore(engine, runs)
  const measuring = createMeasuring(engine, runs)
  const comparison = createComparisonStore()
  const tasks = createTasks()
  const bench = createBenchStore(engine)
  const link = createSettingsLink(setup, comparison)
  const estimates = createComparisonEstimates(engine)
  const preferences = createPreferencesStore(parts.preferences)
  const loading = createLoading(model, data, setup, link)
  const queue = createRunQueue(engine, runs, {
    prepare: (run, onProgress) => prepareRun(run, { model, data, loading, play, measuring }, onProgress),
    trained: async (run, onProgress) => {
      const rows = run.comparison?.exactMatchRows ?? 0
      const problem = rows > 0 ? await measuring.adapter(run.id, rows, run.config.training.maxLength, onProgress) : undefined
      if (problem !== undefined) measuring.note(run.id, { error: problem })
    },
    ended: (run) => {
      if (run.status === 'failed') void checkEngine()
      if (!isOver(run)) return
      if (run.files) play.markHeld(run.id)
      if (run.files && !run.comparison) play.show(run.id)
      if (!queue.busy()) void settle(run)
    },
  })
  /** After the last run: the base as a comparison found it. */
  async function settle(last: Run): Promise<void> {
    if (last.comparison && model.store.getState().report) await loading.reloadModel(last.comparison.base)
  }
  model.store.subscribe((now, before) => {
    if (now.report?.id !== before.report?.id) play.modelChanged()
  })

  /** After a failure: a lost device takes model and data with it, and the page must not show them as loaded. */
  async function checkEngine(): Promise<void> {
    const found = await engine.device()
    const examples = await engine.preview(0, 1, data.store.getState().maxLength)
    const failed = [found, examples].find((result) => !result.ok)
    if (failed && !failed.ok && !model.store.getState().loading) model.lost(failed.error.message)
  }

  function base(): BaseFormat {
    return wantedBase(chosenMethod(setup.store.getState()), model.store.getState().report?.base ?? 'native')
  }

  function startWith(config: RunConfig, part?: Run['comparison']): string | undefined {
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
      comparison: part,
    })
  }

  function setupParts(): SetupParts {
    const modelState = model.store.getState()
    return {
      device: device.store.getState(),
      model: modelState,
      data: data.store.getState(),
      setup: setup.store.getState(),
      reloadsBase: modelState.report !== undefined && modelState.report.base !== base(),
    }
  }

  const demo = createDemo({
    fetchFile: parts.fetchDemoFile,
    openModel: async (files, format) => {
      data.clear()
      if (await loading.openModel(files, format)) return undefined
      return (
        model.store.getState().error ?? 'demo: expected its model to be loaded to the end, but loading was stopped. Start the demo again.'
      )
    },
    openData: async (train, heldout, maxLength) => {
      setup.setTrainingValue('maxLength', maxLength)
      const read = await loading.openData(train, heldout)
      return read.ok ? undefined : read.message
    },
    start: async (config, before) => {
      setup.take(config)
      const runId = startWith(chosenConfig(setup.store.getState()) ?? config)
      if (runId === undefined) throw new Error('demo: expected its method in this build. Reload the page and try again.')
      measuring.noteExactMatch(runId, { before })
      return runId
    },
    finished: async (runId) => {
      const run = await queue.done(runId)
      if (run?.files !== undefined && (run.status === 'finished' || run.status === 'stopped')) return undefined
      if (!run) return 'demo: expected its run to train to the end, but it was deleted. Start the demo again.'
      return run.error ?? 'demo: expected an adapter to ask, but the run was stopped before there was one. Start the demo again.'
    },
    exactMatch: measuring.exactMatch,
    measured: (runId, after) => measuring.noteExactMatch(runId, { after }),
  })

  const imports = createImports({ engine, model, setup, runs, play, unzip: parts.unzip })
  const adapterTasks = createAdapterTasks({ engine, imports, runs, data, setup, play, measuring, tasks })

  return {
    ...adapterTasks,
    device,
    model,
    comparison,
    imports,
    link,
    tasks,
    bench,
    data,
    setup,
    runs,
    queue,
    play,
    preferences,
    demo,
    /** Loading or measuring would disturb what is going on. */
    busy: (): boolean => queue.busy() || demo.running() || play.store.getState().running || tasks.running() || bench.running(),
    missing: () => missing(setupParts()),
    obstacle: () => obstacle(setupParts()),
    wantedBase: base,
    openModel: (files: PickedFile[], format: BaseFormat = 'native') => loading.openModel(files, format),
    reloadModel: loading.reloadModel,
    openData: loading.openData,
    /** Sorts dropped files and opens what they are; tells what was found. Zips are looked into. */
    async openFiles(files: readonly PickedFile[]): Promise<RoutedFiles> {
      const routed = await routeFiles(await imports.unpack(files))
      for (const adapter of routed.adapters) imports.stage(adapter)
      // With a new model on its way, the data is read once, for that one.
      if (routed.model.length > 0) {
        if (routed.train) data.stage(routed.train, routed.evaluation)
        void loading.openModel(routed.model, 'native').then(async (loaded) => {
          // The former model stays, and its data are read for it.
          if (!loaded && routed.train) await data.read()
          await imports.take()
        })
      } else {
        if (routed.train) void loading.openData(routed.train, routed.evaluation)
        void imports.take()
      }
      return routed
    },
    /** Queues a run with the chosen settings, where nothing is missing. Returns its id. */
    start(): string | undefined {
      const config = chosenConfig(setup.store.getState())
      return config && missing(setupParts()) === undefined ? startWith(config) : undefined
    },
    /** What the comparison wants before it can start. */
    comparisonMissing: () =>
      comparisonMissing(comparison.store.getState(), setup.store.getState(), model.store.getState().report, data.store.getState()),
    estimates,
    /** The runs of the comparison as it is set up, those over the base as it is held now. */
    comparisonWanted(): ComparisonWanted {
      const report = model.store.getState().report
      const dataReport = data.store.getState().report
      if (!report || !dataReport || queue.busy()) return { model: '', data: '', configs: [] }
      const configs = comparisonConfigs(comparison.store.getState(), setup.store.getState(), report)
      const now = configs.filter(({ method }) => wantedBase(method, report.base) === report.base)
      return { model: report.id, data: dataReport.id, configs: now.map((c) => c.config) }
    },
    /** Queues a run for each chosen method, those over the base as it is held first. */
    compare(): void {
      const report = model.store.getState().report
      if (!report) return
      const state = comparison.store.getState()
      const exactMatchRows = hasCompletions(data.store.getState().report) ? state.exactMatchRows : 0
      const part = { id: crypto.randomUUID(), exactMatchRows, base: report.base }
      const configs = comparisonConfigs(state, setup.store.getState(), report)
      const other = (method: MethodReport): number => Number(wantedBase(method, report.base) !== report.base)
      for (const { config } of configs.toSorted((a, b) => other(a.method) - other(b.method))) startWith(config, part)
      comparison.show(part.id)
    },
    /** Ends a comparison: the run of now keeps its adapter, those that wait are taken out. */
    async stopComparison(id: string): Promise<void> {
      const part = runs.store.getState().runs.filter((r) => r.comparison?.id === id)
      for (const run of part) if (run.status === 'queued') await runs.remove(run.id)
      if (part.some((r) => r.id === queue.active()?.id)) await queue.stop()
    },
    async remove(runId: string): Promise<void> {
      const run = runs.find(runId)
      if (!run || !canRemove(run)) return
      await runs.remove(runId)
      queue.forget(runId)
      play.forget(runId)
      if (setup.store.getState().from?.runId === runId) setup.startFresh()
      await engine.forgetAdapter(runId)
    },
  }
}
export type Studio = ReturnType<typeof createStudio>
