// Copies of models and datasets in this browser: what there is, and what happens with the copies of what is loaded.
import { type StoreApi, createStore } from 'zustand/vanilla'
import { phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import type { KeptFiles, KeptProblem } from '../storage/kept-files'
import type { KeptFile, Watch } from '../storage/kept-copy'
import type { Kept } from '../storage/kept-found'
import { archiveDamaged } from '../storage/library-zip'
import { askToPersist } from '../storage/persist'
import type { PickedFile } from '../worker/api'
import { type CopyPlace, createCopyPlace } from './copy-place'
import { watchLoaded } from './copies-watch'
import type { DataSlice } from './data-store'
import type { ModelSlice } from './model-store'
import type { PreferencesSlice } from './preferences-store'
import type { RunsSlice } from './runs-store'

interface CopiesState {
  /** The browser can keep files. */
  available: boolean
  loaded: boolean
  /** The last used first. */
  kept: readonly Kept[]
  problems: readonly KeptProblem[]
  /** The copy that is being opened. */
  opening?: string
  /** Why copies cannot be read or opened. */
  error?: Phrase
}

interface Parts {
  /** Absent where the browser cannot keep files. */
  files: KeptFiles | undefined
  preferences: PreferencesSlice
  model: ModelSlice
  data: DataSlice
  runs: RunsSlice
}

const nothing: KeptFiles = {
  list: async () => ({ kept: [], problems: [] }),
  keep: () => Promise.reject(new Error('this browser keeps no files')),
  open: () => Promise.reject(new Error('this browser keeps no files')),
  files: () => Promise.reject(new Error('this browser keeps no files')),
  remove: async () => undefined,
}

/** Keeps a copy that comes out of an archive. Its files must have the checksums that they come with. @throws FormatError, Cancelled */
function createTakingIn(files: KeptFiles, store: StoreApi<CopiesState>) {
  return async (what: Parameters<KeptFiles['keep']>[0], given: readonly KeptFile[], watch: Watch): Promise<void> => {
    const copy = await files.keep(what, given, watch)
    const changed = copy.files.find(({ sums }, i) => sums !== given[i]?.sums)
    if (changed) {
      await files.remove(copy.id)
      throw archiveDamaged(changed.path)
    }
    store.setState(({ kept }) => ({ kept: [copy, ...kept] }))
  }
}

function createOpening(files: KeptFiles, store: StoreApi<CopiesState>) {
  return async (id: string): Promise<PickedFile[] | undefined> => {
    store.setState({ opening: id, error: undefined })
    try {
      const opened = await files.open(id)
      const lastUsedAt = Date.now()
      store.setState(({ kept }) => ({
        kept: kept.map((copy) => (copy.id === id ? { ...copy, lastUsedAt } : copy)).sort((a, b) => b.lastUsedAt - a.lastUsedAt),
      }))
      return opened
    } catch (error) {
      store.setState({ error: phraseOf(error) })
      return undefined
    } finally {
      store.setState({ opening: undefined })
    }
  }
}

export function createCopies({ files: given, preferences, model, data, runs }: Parts) {
  const files = given ?? nothing
  const store = createStore<CopiesState>(() => ({ available: given !== undefined, loaded: false, kept: [], problems: [] }))
  let listed: Promise<void> | undefined

  const all = new Set<CopyPlace>()
  /** A place for the copy of one thing that is open, until it is left. */
  function newPlace(): CopyPlace {
    const made = createCopyPlace({
      files,
      preferences,
      kept: () => store.getState().kept,
      async freeBytes() {
        await runs.measureUsage()
        const { usage } = runs.store.getState()
        return usage && Math.max(0, usage.offeredBytes - usage.usedBytes)
      },
      made(copy) {
        if (copy.kind === 'model') void askToPersist()
        store.setState(({ kept }) => ({ kept: [copy, ...kept] }))
        void runs.measureUsage()
      },
    })
    all.add(made)
    return made
  }
  const places = { model: newPlace(), data: newPlace(), evaluation: newPlace(), oldEvaluation: newPlace() }

  /** Reads the list once; everything that needs it waits for it. */
  const load = (): Promise<void> =>
    (listed ??= files.list().then(
      ({ kept, problems }) => store.setState({ kept, problems, loaded: true }),
      (error: unknown) => store.setState({ loaded: true, error: phraseOf(error) }),
    ))

  if (given) watchLoaded({ model, data, load, places })

  return {
    store,
    ...places,
    load,
    newPlace,
    leave: (place: CopyPlace): boolean => all.delete(place),
    /** The copy with this id, or the last used one with this fingerprint. */
    async find(wanted: { keptId?: string; fingerprint?: string }): Promise<Kept | undefined> {
      await load()
      const { kept } = store.getState()
      return kept.find(({ id }) => id === wanted.keptId) ?? kept.find(({ fingerprint }) => fingerprint === wanted.fingerprint)
    },
    /** The files of a copy, to be loaded like dropped ones. The reason is noted if they cannot be opened. */
    open: createOpening(files, store),
    /** The files of a copy, to be written into an archive. @throws FormatError */
    files: files.files,
    takeIn: createTakingIn(files, store),
    /** Deletes a copy, or what is left of one. */
    async remove(id: string): Promise<void> {
      try {
        await files.remove(id)
        store.setState(({ kept, problems }) => ({ kept: kept.filter((c) => c.id !== id), problems: problems.filter((p) => p.id !== id) }))
        for (const each of all) each.forget(id)
        await runs.measureUsage()
      } catch (error) {
        store.setState({ error: phraseOf(error) })
      }
    },
    dismissError: (): void => store.setState({ error: undefined }),
  }
}
export type CopiesSlice = ReturnType<typeof createCopies>
