// Opens a copy that was kept in this browser, as if its files had been dropped.
import type { CopiesSlice } from './copies-store'
import type { Loading } from './loading'
import type { RunsSlice } from './runs-store'

interface Parts {
  copies: CopiesSlice
  loading: Loading
  runs: RunsSlice
}

export function createOpenCopy({ copies, loading, runs }: Parts) {
  /** How the rows with these bytes were made, if a run was trained on them and says so. */
  const recipeFor = (fingerprint: string) =>
    runs.store.getState().runs.findLast(({ data, config }) => data.fingerprint === fingerprint && config.recipe)?.config.recipe

  /** Undefined if the copy cannot be opened; the list of copies says why. If it can, `loaded` says whether it was loaded. */
  return async (keptId: string): Promise<{ loaded: Promise<boolean> } | undefined> => {
    const copy = await copies.find({ keptId })
    const files = copy && (await copies.open(copy.id))
    if (!files) return undefined
    if (copy.kind === 'model') return { loaded: loading.openModel(files) }
    return { loaded: loading.openData(files[0]!, undefined, recipeFor(copy.fingerprint)).then((read) => read.ok) }
  }
}
