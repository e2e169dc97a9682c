// Tells the places of copies what is loaded.
import { identityIn } from '../config/identity'
import type { PickedFile } from '../worker/api'
import type { CopyPlace } from './copy-place'
import { oldEvaluationOf } from './data-state'
import type { DataSlice } from './data-store'
import type { ModelSlice } from './model-store'

type DataPlace = 'data' | 'evaluation' | 'oldEvaluation'

interface Parts {
  model: ModelSlice
  data: DataSlice
  /** Reads the list of copies, once. */
  load(): Promise<void>
  places: { model: CopyPlace } & Record<DataPlace, CopyPlace>
}

export function watchLoaded({ model, data, load, places }: Parts): void {
  async function loadedModel(): Promise<void> {
    const { report, files } = model.store.getState()
    await load()
    if (model.store.getState().report !== report) return
    await places.model.take(report?.fingerprint ? { kind: 'model', name: report.name, files, ...identityIn(report) } : undefined)
  }

  async function loadedData(at: DataPlace, file: PickedFile | undefined): Promise<void> {
    await load()
    await places[at].take(file && { kind: 'data', name: file.file.name, files: [file] })
  }

  model.store.subscribe((now, before) => {
    const same = now.report?.fingerprint === before.report?.fingerprint && now.files === before.files
    if (!same && (now.report ?? before.report)) void loadedModel()
  })
  // Data are kept once they have been read, since a file that is not understood is no dataset.
  const read: Partial<Record<DataPlace, PickedFile>> = {}
  data.store.subscribe((state) => {
    const { report, file, evalFile } = state
    const now: typeof read = report ? { data: file, evaluation: evalFile, oldEvaluation: oldEvaluationOf(state) } : {}
    for (const at of ['data', 'evaluation', 'oldEvaluation'] as const) if (now[at] !== read[at]) void loadedData(at, (read[at] = now[at]))
  })
}
