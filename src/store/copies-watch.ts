// Tells the places of copies what is loaded.
import { identityIn } from '../config/identity'
import type { PickedFile } from '../worker/api'
import type { CopyPlace } from './copy-place'
import type { DataSlice } from './data-store'
import type { ModelSlice } from './model-store'

interface Parts {
  model: ModelSlice
  data: DataSlice
  /** Reads the list of copies, once. */
  load(): Promise<void>
  places: { model: CopyPlace; data: CopyPlace; evaluation: CopyPlace }
}

export function watchLoaded({ model, data, load, places }: Parts): void {
  async function loadedModel(): Promise<void> {
    const { report, files } = model.store.getState()
    await load()
    if (model.store.getState().report !== report) return
    await places.model.take(report?.fingerprint ? { kind: 'model', name: report.name, files, ...identityIn(report) } : undefined)
  }

  async function loadedData(at: 'data' | 'evaluation', file: PickedFile | undefined): Promise<void> {
    await load()
    await places[at].take(file && { kind: 'data', name: file.file.name, files: [file] })
  }

  model.store.subscribe((now, before) => {
    const same = now.report?.fingerprint === before.report?.fingerprint && now.files === before.files
    if (!same && (now.report ?? before.report)) void loadedModel()
  })
  // Data are kept once they have been read, since a file that is not understood is no dataset.
  let [readFile, readEval]: (PickedFile | undefined)[] = []
  data.store.subscribe(({ report, file, evalFile }) => {
    const [train, evaluation] = report ? [file, evalFile] : [undefined, undefined]
    if (train !== readFile) void loadedData('data', (readFile = train))
    if (evaluation !== readEval) void loadedData('evaluation', (readEval = evaluation))
  })
}
