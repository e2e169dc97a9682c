// Whether an adapter belongs to the loaded model. Models are compared by their weights; runs of older versions know only a name.
import type { Asking } from '../config/asking'
import { rowsNotice } from '../config/asking-words'
import { baseNotice, likeness } from '../config/identity'
import type { Phrase } from '../config/phrase'
import type { DataReport, ModelReport } from '../worker/api'
import type { Run } from './run'

/** The run was trained on the loaded model or a copy of it, or its adapter was imported to be used there. */
export function fitsModel({ model }: Run, report: ModelReport | undefined): boolean {
  if (!report) return false
  const found = likeness(model, report)
  return found === undefined ? model.name === report.name : found !== 'other'
}

/** How the run's adapter is asked, if that is known. */
export const askingOfRun = ({ summary, asking }: Run): Asking | undefined => summary?.asking ?? asking

/** What a person should know about the run's adapter and the loaded data; undefined if they ask as in its training. */
export const dataNotice = (run: Run, data: DataReport | undefined): Phrase | undefined => rowsNotice(askingOfRun(run), data?.asking)

/** What a person should know about the run's adapter on the loaded model; undefined if it was trained there. */
export function runNotice({ model, trainedOn }: Run, report: ModelReport | undefined): Phrase | undefined {
  const { fingerprint, lineage } = model
  const own = fingerprint && lineage ? { name: model.name, fingerprint, lineage } : undefined
  return report && baseNotice(trainedOn ?? own, report)
}
