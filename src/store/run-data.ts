// The data of runs: the files that were open when a run was set up, or their copies in this browser. The queue opens them before a run if
// other data are loaded by then.
import type { RecipeOfData } from '../config/recipe-of-data'
import type { PickedFile } from '../worker/api'
import type { CopiesSlice } from './copies-store'
import type { MixOfData } from './data-state'
import type { DataSlice } from './data-store'
import type { Findable, Run } from './run'

/** The files of a run, and how they were made. */
interface OpenData {
  file: PickedFile
  evalFile?: PickedFile
  made?: RecipeOfData
  mix?: MixOfData
}

export function createRunData({ data, copies }: { data: DataSlice; copies: CopiesSlice }) {
  /** Of the runs that were set up since the page was opened. */
  const atHand = new Map<string, OpenData>()

  /** The file of a copy of data, if there is one. */
  async function copyOf(wanted: Findable): Promise<PickedFile | undefined> {
    const copy = wanted.keptId === undefined && wanted.fingerprint === undefined ? undefined : await copies.find(wanted)
    const [file] = (copy && (await copies.open(copy.id))) ?? []
    return file
  }

  /** The run's files from their copies; undefined if one has none. */
  async function kept({ data: { evaluation, ...wanted }, config }: Run): Promise<OpenData | undefined> {
    const file = await copyOf(wanted)
    const evalFile = evaluation && (await copyOf(evaluation))
    return file && (!evaluation || evalFile) ? { file, evalFile, made: config.recipe } : undefined
  }

  return {
    kept,
    note(runId: string, opened: OpenData): void {
      atHand.set(runId, opened)
    },
    forget(runId: string): void {
      atHand.delete(runId)
    },
    /** Takes the run's data in place of others, without reading them yet. If they are not to be found, the others stay. Returns whether they were taken. */
    async take(run: Run): Promise<boolean> {
      const { file, evalFile, report } = data.store.getState()
      const there = atHand.get(run.id)
      if (there ? there.file === file && there.evalFile === evalFile : report?.name === run.data.name) return false
      const opened = there ?? (await kept(run))
      if (opened) data.stage(opened.file, opened.evalFile, opened.made, opened.mix)
      return opened !== undefined
    },
    /** The held-out rows of earlier data that are measured before and after the run. */
    async oldEvaluation({ id, data: { oldEvaluation } }: Run): Promise<PickedFile | undefined> {
      if (!oldEvaluation) return undefined
      return atHand.get(id)?.mix?.oldEvaluation ?? copyOf(oldEvaluation)
    },
  }
}
export type RunData = ReturnType<typeof createRunData>
