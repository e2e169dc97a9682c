// Opens a copy that was kept in this browser, as if its files had been dropped.
import type { CopiesSlice } from './copies-store'
import type { Loading } from './loading'

interface Parts {
  copies: CopiesSlice
  loading: Loading
}

export function createOpenCopy({ copies, loading }: Parts) {
  /** Undefined if the copy cannot be opened; the list of copies says why. If it can, `loaded` says whether it was loaded. */
  return async (keptId: string): Promise<{ loaded: Promise<boolean> } | undefined> => {
    const copy = await copies.find({ keptId })
    const files = copy && (await copies.open(copy.id))
    if (!files) return undefined
    if (copy.kind === 'model') return { loaded: loading.openModel(files) }
    return { loaded: loading.openData(files[0]!).then((read) => read.ok) }
  }
}
