// The studio without its page: the stores and how they work together. Everything from outside is passed in as a part.
import type { Field } from '../config/field'
import type { ChatRecords } from '../storage/chat-records'
import type { KeptFiles } from '../storage/kept-files'
import type { DeviceNews, EngineApi } from '../worker/api'
import { type DoJob, noDecoder } from '../worker/picture-pool'
import type { ScoreAnswers } from '../worker/scores-client'
import type { WorkbenchApi } from '../worker/workbench-api'
import { createAdvice } from './advice'
import { createActivity } from './activity'
import { createAdapterFiles } from './adapter-files'
import { createAdapterTasks } from './adapter-tasks'
import { createAnswersStore, scoreHere } from './answers-store'
import { createBaseCheck } from './base-check-store'
import { createBenchStore } from './bench-store'
import { createChatHistory } from './chat-history'
import { createComparisonCut } from './comparison-cut'
import { createComparisonEstimates } from './comparison-estimates'
import { createComparisonMeasuring } from './comparison-measuring'
import { createComparisonPlan } from './comparison-plan'
import { createCopies } from './copies-store'
import { createComparisonStore } from './comparison-store'
import { createDataStore } from './data-store'
import { createDemo } from './demo'
import { createDemoSteps } from './demo-steps'
import { createDeviceStore } from './device-store'
import { createGuide } from './guide'
import { createHolding } from './holding'
import { type Unzip, createImports } from './imports'
import type { Keeping } from './keeping'
import { createLibraryArchive } from './library-archive'
import { createLabellingStore } from './labelling-store'
import { type Living, memoryLiving } from './living'
import { createLoading } from './loading'
import { createMeasuring } from './measuring'
import { type ModelSlice, createModelStore } from './model-store'
import { createOlderRows } from './older-rows'
import { createOpenFiles } from './open-files'
import { createOpenCopy } from './open-copy'
import { createPictureSlices } from './picture-slices'
import { createPlayExamples } from './play-examples'
import { createPlayStore } from './play-store'
import { type TextStore, createPreferencesStore } from './preferences-store'
import { createPromptPreset } from './prompt-preset'
import { createReadiness } from './readiness'
import { createRemoveRun } from './remove-run'
import { createResuming } from './resuming'
import { createRowMapStore } from './row-map-store'
import { createRunData } from './run-data'
import { createRunHooks } from './run-hooks'
import { createRunQueue } from './run-queue'
import { type RunsSlice, createRunsStore } from './runs-store'
import { createRunsView } from './runs-view'
import { createShownRun } from './shown-run'
import { createSettingsLink } from './settings-link'
import { createSetupStore } from './setup-store'
import { createStarting } from './starting'
import { type TabChannel, memoryTabs } from './tab-channel'
import { createTabs, toldToTabs } from './tabs'
import { createTasks } from './tasks'
import { type Turns, memoryTurns } from './turns'
import { createTwoStages } from './two-stages'
import { createOpenCleaned } from './open-cleaned'
import { type BenchKeeping, createWorkbenchKeeping } from './workbench-keeping'
import { createWorkbenchStore } from './workbench-store'

interface StudioParts {
  engine: EngineApi
  keeping: Keeping
  /** Absent = this tab alone. */
  living?: Living
  turns?: Turns
  channel?: TabChannel
  preferences?: TextStore
  /** Absent where the browser cannot keep files. */
  keptFiles?: KeptFiles
  unzip: Unzip
  /** Decodes pictures; absent = there are none. */
  pictures?: DoJob
  workbench: WorkbenchApi
  /** Judges answers; absent = in this thread. */
  score?: ScoreAnswers
  /** Absent = the workbench does not survive a reload. */
  benchKeeping?: BenchKeeping
  /** Absent = conversations do not outlive the page. */
  chatRecords?: ChatRecords
  /** The training settings of the forms; absent = all. */
  trainingFields?: readonly Field[]
  /** A file of public/demo by its path in there. */
  fetchDemoFile(path: string): Promise<File>
}

function onOtherModel({ store }: ModelSlice, changed: readonly (() => void)[]): void {
  store.subscribe((now, before) => {
    if (now.report?.id !== before.report?.id) for (const act of changed) act()
  })
}

/** Never show a model that the engine no longer has. */
function takeNews(news: DeviceNews, device: ReturnType<typeof createDeviceStore>, model: ModelSlice): void {
  device.take(news)
  if (news.type === 'dropped' || news.type === 'gone') model.lost(news.error.phrase)
}

type Besides = Parameters<typeof createGuide>[0] &
  Parameters<typeof createLibraryArchive>[0] &
  Parameters<typeof createBaseCheck>[0] &
  Parameters<typeof createChatHistory>[0] & { runs: RunsSlice }

/** What only watches the others, and what only reads and adds to what is kept. */
const createBesides = (parts: Besides) => ({
  baseCheck: createBaseCheck(parts),
  guide: createGuide(parts),
  archive: createLibraryArchive(parts),
  chats: createChatHistory(parts),
  shownRun: createShownRun(parts.runs),
})

export function createStudio(parts: StudioParts) {
  const { keeping, living = memoryLiving(), turns = memoryTurns(), channel = memoryTabs()(), unzip, trainingFields, fetchDemoFile } = parts
  const engine = toldToTabs(parts.engine, channel)
  const [device, model] = [createDeviceStore(engine), createModelStore(engine)]
  const data = createDataStore(engine, () => model.store.getState().report?.id)
  const ready = (): boolean => model.store.getState().report !== undefined && data.store.getState().report !== undefined
  const [setup, runs] = [createSetupStore(engine, ready, trainingFields), createRunsStore(keeping, living, channel)]
  const holding = createHolding(engine, runs)
  const [play, workbench] = [createPlayStore(engine, holding), createWorkbenchStore(parts.workbench)]
  const [measuring, preferences] = [createMeasuring(engine, runs), createPreferencesStore(parts.preferences)]
  const copies = createCopies({ files: parts.keptFiles, preferences, model, data, runs, channel })
  const [comparison, tasks, bench] = [createComparisonStore(trainingFields), createTasks(), createBenchStore(engine)]
  const answers = createAnswersStore({ engine, score: parts.score, runs, data, holding, measuring, tasks, model })
  const labelling = createLabellingStore({ bench: parts.workbench, workbench, engine, holding, tasks })
  const link = createSettingsLink(setup, comparison, data)
  const [loading, playExamples] = [createLoading({ model, data, setup, link }), createPlayExamples({ engine, data, play })]
  const pictureSlices = createPictureSlices({ engine, data, loading, copies, runs, holding, tasks, run: parts.pictures ?? noDecoder })
  const comparing = createComparisonMeasuring({ engine, runs, comparison, measuring, score: parts.score ?? scoreHere })
  const [runData, stages, asked] = [createRunData({ data, copies }), createTwoStages({ engine, runs, copies }), { play, answers, holding }]
  const hooks = createRunHooks({ ...asked, model, data, runs, loading, measuring, comparing, preferences, runData, stages, channel })
  const [queue, adapters] = [createRunQueue(engine, runs, hooks, turns), createAdapterFiles(engine, runs, preferences)]
  const resuming = createResuming({ engine, runs, queue, model, data, preferences, copies, loading, runData, stages })
  const removing = createRemoveRun({ engine, runs, queue, play, answers, holding, setup, adapters, resuming, runData })
  const [tabs, runsView] = [createTabs({ channel, runs, queue, resuming, copies, forget: removing.forget }), createRunsView()]
  const readiness = createReadiness({ device, model, data, setup, stages })
  const comparisonCut = createComparisonCut({ engine, model, data, setup, comparison })
  const comparisonPlan = createComparisonPlan({ model, data, setup, comparison, cut: comparisonCut, runs })
  const planned = { comparison, comparisonCut, comparisonPlan, readiness }
  const starting = createStarting({ ...planned, model, data, setup, runs, queue, copies, runData, stages })
  const demoParts = { ...pictureSlices, engine, comparisonPlan, link, runs, model, data, setup, queue, loading, starting, measuring }
  const demo = createDemo(createDemoSteps({ ...demoParts, fetchFile: fetchDemoFile }))
  const imports = createImports({ engine, model, setup, runs, play, holding, unzip })
  onOtherModel(model, [holding.clear, play.modelChanged, answers.modelChanged, pictureSlices.sorting.clear])
  void engine.watch((news) => takeNews(news, device, model))
  return {
    ...loading,
    ...starting,
    ...createAdapterTasks({ engine, imports, runs, model, data, setup, holding, measuring, tasks, preferences, loading, resuming }),
    openFiles: createOpenFiles({ data, imports, loading, workbench, ...pictureSlices }),
    ...createOpenCleaned({ workbench, loading, fetchDemoFile }),
    choosePreset: createPromptPreset({ data, setup }),
    ...removing,
    activity: createActivity({ runs, demo, play, tasks, bench, model, data }),
    readiness,
    comparisonCut,
    comparisonPlan,
    estimates: createComparisonEstimates(engine),
    ...createAdvice({ engine, tasks, setup, model, data, loading }),
    openCopy: createOpenCopy({ copies, loading, runs }),
    preferences,
    ...createBesides({ engine, tasks, play, chatRecords: parts.chatRecords, preferences, model, data, runs, copies, keeping, unzip }),
    copies,
    resuming,
    adapters,
    device,
    model,
    data,
    ...pictureSlices,
    setup,
    comparison,
    runs,
    runsView,
    tabs,
    queue,
    play,
    playExamples,
    answers,
    demo,
    imports,
    link,
    tasks,
    bench,
    workbench,
    keptWorkbench: createWorkbenchKeeping({ workbench, labelling, copies, keeping: parts.benchKeeping }),
    labelling,
    stages,
    older: createOlderRows({ bench: parts.workbench, data, loading }),
    rowMap: createRowMapStore({ bench: parts.workbench, engine, workbench, model, data, tasks }),
  }
}
export type Studio = ReturnType<typeof createStudio>
