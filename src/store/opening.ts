// What a run needs to be open before something is done with it again, and how it is opened from copies in this browser.
import { likeness } from '../config/identity'
import { type Phrase, say } from '../config/phrase'
import type { PickedFile } from '../worker/api'
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

export function createOpening({ model, data, copies, loading, runData }: Parts) {
  /** What has to be opened first; undefined if it is there. The data themselves are compared elsewhere. */
  function missing(run: Run, words: Words): Phrase | undefined {
    const { report } = model.store.getState()
    const { report: read, evalFile } = data.store.getState()
    if (!report || likeness(run.model, report) === 'other') return words.model(run.model.name)
    if (read?.name !== run.data.name) return words.data(run.data.name)
    const { evaluation } = run.data
    if (evalFile?.file.name === evaluation?.name) return undefined
    return evaluation ? words.evaluation(evaluation.name) : words.noEvaluation(evalFile?.file.name ?? '')
  }

  /** The files of a copy in this browser, if there is one. */
  async function copyOf(wanted: { keptId?: string; fingerprint?: string }): Promise<PickedFile[] | undefined> {
    const copy = wanted.keptId === undefined && wanted.fingerprint === undefined ? undefined : await copies.find(wanted)
    return copy && copies.open(copy.id)
  }

  return {
    missing,
    /** Opens what the run needs from copies in this browser, as far as there are any. */
    async openFor(run: Run): Promise<void> {
      const { report, loading: reading } = model.store.getState()
      if (reading) return
      if (!report || likeness(run.model, report) === 'other') {
        const files = await copyOf(run.model)
        if (!files || !(await loading.openModel(files, run.model.base))) return
      }
      if (missing(run, toResume) === undefined) return
      const kept = await runData.kept(run)
      if (kept) await loading.openData(kept.file, kept.evalFile, kept.made)
    },
  }
}
export type Opening = ReturnType<typeof createOpening>
