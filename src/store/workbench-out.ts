// What leaves the workbench: its rows as files.
import type { StoreApi } from 'zustand/vanilla'
import type { Part } from '../config/recipe'
import { type RecipeOfData, recipeMade } from '../config/recipe-of-data'
import { cleanedName } from '../recipe/write'
import type { PickedFile, Result } from '../worker/api'
import type { WorkbenchApi } from '../worker/workbench-api'
import type { WorkbenchState } from './workbench-state'

/** The rows of the workbench as files for training, and how they were made. */
interface CleanedFiles {
  train: PickedFile
  evaluation?: PickedFile
  made: RecipeOfData
}

export function createWorkbenchOut(bench: WorkbenchApi, store: StoreApi<WorkbenchState>) {
  /** The rows of a part as a file. */
  async function fileOf(part: Part, zipped = false): Promise<Result<File>> {
    const { files } = store.getState()
    const blob = await bench.cleaned(part, zipped)
    if (!blob.ok) return blob
    const file = files.find((each) => each.part === part) ?? files[0]
    return {
      ok: true,
      value: new File([blob.value], `${cleanedName(file.picked.file.name, part)}${zipped ? '.gz' : ''}`, { type: blob.value.type }),
    }
  }

  /** Does `work`, and shows why it failed. */
  async function writing<T>(work: () => Promise<Result<T>>): Promise<T | undefined> {
    const writing = { kind: 'writing' } as const
    const saved = store.getState().recipe.now
    store.setState({ work: writing, error: undefined })
    const result = await work()
    // What has begun meanwhile continues to show its progress.
    store.setState((now) => ({
      ...(now.work === writing && { work: undefined }),
      ...(result.ok ? { saved } : { error: result.error.phrase }),
    }))
    return result.ok ? result.value : undefined
  }

  async function cleaned(): Promise<Result<CleanedFiles>> {
    const { report, recipe } = store.getState()
    const train = await fileOf('train')
    if (!train.ok) return train
    const evaluation = report?.evaluationRows ? await fileOf('evaluation') : undefined
    if (evaluation && !evaluation.ok) return evaluation
    const made = await recipeMade(recipe.now, report ?? { files: [], makers: {} })
    const picked = (file: File): PickedFile => ({ path: file.name, file })
    return { ok: true, value: { train: picked(train.value), ...(evaluation && { evaluation: picked(evaluation.value) }), made } }
  }

  return {
    /** The rows as files for training; undefined if they cannot be written. */
    cleaned: (): Promise<CleanedFiles | undefined> => writing(cleaned),
    /** The rows of a part as one file. */
    file: (part: Part, zipped: boolean): Promise<File | undefined> => writing(() => fileOf(part, zipped)),
  }
}
