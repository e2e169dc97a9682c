// A path through the page for a person's own files: model, data, start, training, adapter. It follows from what is open and what has run,
// so a person can do each thing anywhere on the page, and leave the guide at any time.
import type { DataSlice } from './data-store'
import type { DataState } from './data-state'
import { type Derived, createDerived } from './derived'
import type { ModelSlice, ModelState } from './model-store'
import type { PreferencesSlice } from './preferences-store'
import { type Run, isPending, isTrained } from './run'
import type { RunsSlice } from './runs-store'

export const guideSteps = ['model', 'data', 'start', 'training', 'done'] as const
export type GuideStep = (typeof guideSteps)[number]

interface GuideState {
  /** Absent = the guide is closed. */
  step?: GuideStep
  /** The run that trains, or the one that has an adapter. */
  runId?: string
}

interface Parts {
  preferences: PreferencesSlice
  model: ModelSlice
  data: DataSlice
  runs: RunsSlice
}

/** The newest run that was begun here since then. */
const runSince = (runs: readonly Run[], since: number): Run | undefined =>
  runs.findLast((run) => isTrained(run) && run.status !== 'imported' && run.createdAt >= since)

const modelFiles = ({ files }: ModelState): File[] => files.map(({ file }) => file)
const dataFiles = ({ file }: DataState): File[] => (file ? [file.file] : [])

export function createGuide({ preferences, model, data, runs }: Parts) {
  /** Files that were open and are not the person's own. A reload closes them. */
  let others: ReadonlySet<File> = new Set()
  const isOwn = (files: readonly File[]): boolean => !files.some((file) => others.has(file))
  const state: Derived<GuideState> = createDerived<GuideState>([preferences.store, model.store, data.store, runs.store], () => {
    const { guideSince } = preferences.store.getState()
    if (guideSince === undefined) return {}
    const run = runSince(runs.store.getState().runs, guideSince)
    if (run && isPending(run)) return { step: 'training', runId: run.id }
    if (run?.files) return { step: 'done', runId: run.id }
    const [openModel, openData] = [model.store.getState(), data.store.getState()]
    if (!openModel.report || !isOwn(modelFiles(openModel))) return { step: 'model' }
    return { step: openData.report && isOwn(dataFiles(openData)) ? 'start' : 'data' }
  })
  const begin = (): void => preferences.set({ guideSince: Date.now() })
  const leave = (): void => preferences.set({ guideSince: undefined })
  let read = false
  return {
    state,
    /** Begins, or begins again for another run. */
    begin,
    /** Begins after the demo: the model and the data that are open are those of the demo, so the guide asks for others. */
    beginWithOwn(): void {
      others = new Set([...modelFiles(model.store.getState()), ...dataFiles(data.store.getState())])
      begin()
    },
    leave,
    /** The person is at a place. The end of the guide is read where the run is shown; with another place after that, the guide is over. */
    isAt(place: string, step: GuideStep | undefined): void {
      if (step !== 'done') read = false
      else if (place === 'train') read = true
      else if (read) leave()
    },
  }
}
