// What a run needs to be open before something is done with it again, and how it is opened from copies in this browser.
import { likeness } from '../config/identity'
import { type Phrase, say } from '../config/phrase'
import type { Kept } from '../storage/kept-found'
import type { ModelReport } from '../worker/api'
import type { CopiesSlice } from './copies-store'
import type { DataSlice } from './data-store'
import type { Loading } from './loading'
import type { ModelSlice } from './model-store'
import type { Run } from './run'
import type { RunData } from './run-data'

interface Parts {
  model: ModelSlice
  data: DataSlice
  copies: CopiesSlice
  loading: Loading
  runData: RunData
}

/** What is asked for, by what is missing. */
interface Words {
  model(name: string): Phrase
  data(name: string): Phrase
  evaluation(name: string): Phrase
  noEvaluation(name: string): Phrase
}

export const toResume: Words = {
  model: (name) => say`Open the model ${name} to resume this run.`,
  data: (name) => say`Open the data ${name} to resume this run.`,
  evaluation: (name) => say`Open the evaluation file ${name} to resume this run.`,
  noEvaluation: (name) => say`Close the evaluation file ${name} to resume this run.`,
}

export const toExport: Words = {
  model: (name) => say`Open the model ${name} to export this run.`,
  data: (name) => say`Open the data ${name} to export this run.`,
  evaluation: (name) => say`Open the evaluation file ${name} to export this run.`,
  noEvaluation: (name) => say`Close the evaluation file ${name} to export this run.`,
}

/** Whether the run can be resumed with this model. */
export const fitsRun = ({ model }: Run, report: ModelReport | undefined): boolean =>
  report !== undefined && likeness(model, report) !== 'other'

/** What a person is asked before a model is opened in place of another one, which has no copy in this browser: the names of both. */
export interface Replaced {
  open: string
  wanted: string
}

export function createOpening({ model, data, copies, loading, runData }: Parts) {
  /** What has to be opened first; undefined if it is there. The data themselves are compared elsewhere. */
  function missing(run: Run, words: Words): Phrase | undefined {
    const { report } = model.store.getState()
    const { report: read, evalFile } = data.store.getState()
    if (!fitsRun(run, report)) return words.model(run.model.name)
    if (read?.name !== run.data.name) return words.data(run.data.name)
    const { evaluation } = run.data
    if (evalFile?.file.name === evaluation?.name) return undefined
    return evaluation ? words.evaluation(evaluation.name) : words.noEvaluation(evalFile?.file.name ?? '')
  }

  const copyOf = async ({ keptId, fingerprint }: Run['model']): Promise<Kept | undefined> =>
    keptId === undefined && fingerprint === undefined ? undefined : copies.find({ keptId, fingerprint })

  async function openModelOf({ model: wanted }: Run): Promise<boolean> {
    const copy = await copyOf(wanted)
    const files = copy && (await copies.open(copy.id))
    return files !== undefined && loading.openModel(files, wanted.base)
  }

  async function open(run: Run): Promise<void> {
    const { report, loading: reading } = model.store.getState()
    if (reading) return
    if (!fitsRun(run, report) && !(await openModelOf(run))) return
    if (missing(run, toResume) === undefined) return
    const kept = await runData.kept(run)
    if (kept) await loading.openData(kept.file, kept.evalFile, kept.made)
  }
  let underWay = 0

  return {
    missing,
    /** Whether something is being opened for a run. */
    busy: (): boolean => underWay > 0,
    /** The model that is open, if that of the run would take its place and it is not kept in this browser. */
    async replaces(run: Run): Promise<Replaced | undefined> {
      const { report } = model.store.getState()
      if (!report || fitsRun(run, report) || copies.model.store.getState().status === 'kept') return undefined
      return (await copyOf(run.model)) && { open: report.name, wanted: run.model.name }
    },
    /** Opens what the run needs from copies in this browser, as far as there are any. */
    async openFor(run: Run): Promise<void> {
      underWay += 1
      try {
        await open(run)
      } finally {
        underWay -= 1
      }
    },
  }
}
export type Opening = ReturnType<typeof createOpening>
