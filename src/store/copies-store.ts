// Copies of models and datasets in this browser: what there is, and what happens with the copies of what is loaded.
import { type StoreApi, createStore } from 'zustand/vanilla'
import { phraseOf } from '../config/errors'
import type { KeptFiles } from '../storage/kept-files'
import type { KeptFile, Watch } from '../storage/kept-copy'
import { type Kept, gone } from '../storage/kept-found'
import { archiveDamaged } from '../storage/library-zip'
import { askToPersist } from '../storage/persist'
import type { PickedFile } from '../worker/api'
import { type CopyPlace, createCopyPlace } from './copy-place'
import { type CopiesList, type CopiesState, createCopiesList } from './copies-list'
import { watchLoaded } from './copies-watch'
import type { DataSlice } from './data-store'
import type { ModelSlice } from './model-store'
import type { PreferencesSlice } from './preferences-store'
import type { RunsSlice } from './runs-store'
import type { TabChannel } from './tab-channel'

interface Parts {
  /** Absent where the browser cannot keep files. */
  files: KeptFiles | undefined
  preferences: PreferencesSlice
  model: ModelSlice
  data: DataSlice
  runs: RunsSlice
  channel: TabChannel
}

const nothing: KeptFiles = {
  list: async () => ({ kept: [], problems: [] }),
  keep: () => Promise.reject(new Error('this browser keeps no files')),
  open: () => Promise.reject(new Error('this browser keeps no files')),
  files: () => Promise.reject(new Error('this browser keeps no files')),
  remove: async () => undefined,
}

/** A list that was read since the copy was made has it already. */
const withCopy = (kept: readonly Kept[], copy: Kept): Kept[] => [copy, ...kept.filter(({ id }) => id !== copy.id)]

/** Keeps a copy that comes out of an archive. Its files must have the checksums that they come with. @throws FormatError, Cancelled */
function createTakingIn(files: KeptFiles, list: CopiesList) {
  return async (what: Parameters<KeptFiles['keep']>[0], given: readonly KeptFile[], watch: Watch): Promise<void> => {
    const copy = await files.keep(what, given, watch)
    const changed = copy.files.find(({ sums }, i) => sums !== given[i]?.sums)
    if (changed) {
      await files.remove(copy.id)
      throw archiveDamaged(changed.path)
    }
    list.change(({ kept }) => ({ kept: withCopy(kept, copy) }))
  }
}

function createOpening(files: KeptFiles, store: StoreApi<CopiesState>, list: CopiesList) {
  const nameOf = (id: string): string | undefined => store.getState().kept.find((copy) => copy.id === id)?.name
  return async (id: string): Promise<PickedFile[] | undefined> => {
    store.setState({ opening: id, error: undefined })
    const name = nameOf(id)
    try {
      const opened = await files.open(id)
      const lastUsedAt = Date.now()
      list.change(({ kept }) => ({
        kept: kept.map((copy) => (copy.id === id ? { ...copy, lastUsedAt } : copy)).sort((a, b) => b.lastUsedAt - a.lastUsedAt),
      }))
      return opened
    } catch (error) {
      // Another tab may have deleted it.
      await list.readAgain()
      const there = store.getState().problems.some((problem) => problem.id === id) || nameOf(id) !== undefined
      store.setState({ error: phraseOf(there || name === undefined ? error : gone(name)) })
      return undefined
    } finally {
      store.setState({ opening: undefined })
    }
  }
}

export function createCopies({ files: given, preferences, model, data, runs, channel }: Parts) {
  const files = given ?? nothing
  const store = createStore<CopiesState>(() => ({ available: given !== undefined, loaded: false, kept: [], problems: [] }))
  const all = new Set<CopyPlace>()
  const list = createCopiesList({ files, store, channel, onChange: () => all.forEach((each) => each.look()) })
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
        list.change(({ kept }) => ({ kept: withCopy(kept, copy) }))
        void runs.measureUsage()
      },
    })
    all.add(made)
    return made
  }
  const places = { model: newPlace(), data: newPlace(), evaluation: newPlace(), oldEvaluation: newPlace() }

  const listedNow = (wanted: { keptId?: string; fingerprint?: string }): Kept | undefined => {
    const { kept } = store.getState()
    return kept.find(({ id }) => id === wanted.keptId) ?? kept.find(({ fingerprint }) => fingerprint === wanted.fingerprint)
  }

  if (given) watchLoaded({ model, data, load: list.load, places })

  return {
    store,
    ...places,
    load: list.load,
    changedElsewhere: list.changedElsewhere,
    newPlace,
    leave: (place: CopyPlace): boolean => all.delete(place),
    /** The copy with this id, or the last used one with this fingerprint. */
    async find(wanted: { keptId?: string; fingerprint?: string }): Promise<Kept | undefined> {
      await list.load()
      // Before a copy counts as absent, the list is read again: another tab may just have made it.
      if (!listedNow(wanted)) await list.readAgain()
      return listedNow(wanted)
    },
    /** The files of a copy, to be loaded like dropped ones. The reason is noted if they cannot be opened. */
    open: createOpening(files, store, list),
    /** The files of a copy, to be written into an archive. @throws FormatError */
    files: files.files,
    takeIn: createTakingIn(files, list),
    /** Deletes a copy, or what is left of one. */
    async remove(id: string): Promise<void> {
      try {
        await files.remove(id)
        list.change(({ kept, problems }) => ({ kept: kept.filter((c) => c.id !== id), problems: problems.filter((p) => p.id !== id) }))
        await runs.measureUsage()
      } catch (error) {
        store.setState({ error: phraseOf(error) })
      }
    },
    dismissError: (): void => store.setState({ error: undefined }),
  }
}
export type CopiesSlice = ReturnType<typeof createCopies>
