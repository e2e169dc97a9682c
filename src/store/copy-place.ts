// One thing that is loaded (the model, the data, the evaluation rows) and its copy in this browser: found, made without asking if it is
// small, or offered.
import { type StoreApi, createStore } from 'zustand/vanilla'
import { Cancelled, phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import { baseName, fileFingerprint } from '../storage/kept-copy'
import type { KeptFiles } from '../storage/kept-files'
import type { Kept } from '../storage/kept-found'
import type { PickedFile } from '../worker/api'
import type { PreferencesSlice } from './preferences-store'

/** What is loaded now. */
interface Loaded {
  kind: Kept['kind']
  name: string
  files: readonly PickedFile[]
  /** Of a model's weights. Data get one from their bytes. */
  fingerprint?: string
  lineage?: string
}

/**
 * `none`: nothing is loaded, or nothing can be kept. `small`: it would be kept without asking, but the person has turned that off;
 * `declined`: the person has said no for this one.
 */
type CopyStatus = 'none' | 'reading' | 'asking' | 'small' | 'declined' | 'copying' | 'kept' | 'failed'

interface CopyState {
  status: CopyStatus
  fingerprint?: string
  /** The copy's id. */
  keptId?: string
  sizeBytes: number
  /** Bytes that the browser still offers, where it says. */
  freeBytes?: number
  /** 0…1 */
  fraction?: number
  reason?: Phrase
}

/** Files of up to this many bytes together are kept without asking. */
export const smallBytes = 64 * 2 ** 20

interface Parts {
  files: KeptFiles
  preferences: PreferencesSlice
  kept(): readonly Kept[]
  freeBytes(): Promise<number | undefined>
  /** A copy has been made. */
  made(copy: Kept): void
}

const namesOf = (files: readonly { path: string; sizeBytes: number }[]): string =>
  files
    .map(({ path, sizeBytes }) => `${baseName(path)} ${sizeBytes}`)
    .sort()
    .join('/')
const sized = (files: readonly PickedFile[]) => files.map(({ path, file }) => ({ path, sizeBytes: file.size }))

/** The copy of what is loaded, if there is one. */
function copyOf({ kind, files }: Loaded, fingerprint: string, kept: readonly Kept[]): Kept | undefined {
  const names = namesOf(sized(files))
  const same = kept.filter((copy) => copy.kind === kind && copy.fingerprint === fingerprint)
  return kind === 'data' ? same[0] : same.find((copy) => namesOf(copy.files) === names)
}

/** What has been looked at, and has no copy. */
const withoutCopy: ReadonlySet<CopyStatus> = new Set(['asking', 'small', 'declined', 'failed'])

/** What to do about something that has no copy. */
function statusOf(sizeBytes: number, declined: boolean): CopyStatus {
  if (declined) return 'declined'
  return sizeBytes <= smallBytes ? 'small' : 'asking'
}

/** Copies have come or gone. */
function look(store: StoreApi<CopyState>, loaded: Loaded | undefined, kept: readonly Kept[]): void {
  const { keptId } = store.getState()
  if (keptId !== undefined && !kept.some(({ id }) => id === keptId)) store.setState({ status: 'declined', keptId: undefined })
  const { status, fingerprint } = store.getState()
  const there = loaded && fingerprint !== undefined && withoutCopy.has(status) ? copyOf(loaded, fingerprint, kept) : undefined
  if (there) store.setState({ status: 'kept', keptId: there.id, reason: undefined })
}

export function createCopyPlace({ files, preferences, kept, freeBytes, made }: Parts) {
  const store = createStore<CopyState>(() => ({ status: 'none', sizeBytes: 0 }))
  let loaded: Loaded | undefined
  let working = new AbortController()

  async function copy(what: Loaded, { signal }: AbortController): Promise<void> {
    store.setState({ status: 'copying', fraction: 0, reason: undefined })
    try {
      const { kind, name, lineage, fingerprint = '' } = what
      const about = kind === 'model' ? { kind, name, lineage, fingerprint } : { kind, name, lineage }
      const copied = await files.keep(about, what.files, {
        signal,
        onProgress: (fraction) => {
          if (!signal.aborted) store.setState({ fraction })
        },
      })
      made(copied)
      if (!signal.aborted) store.setState({ status: 'kept', keptId: copied.id, fraction: undefined })
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof Cancelled) store.setState({ status: 'declined', fraction: undefined })
      else store.setState({ status: 'failed', reason: phraseOf(error), fraction: undefined })
    }
  }

  async function consider(what: Loaded, controller: AbortController): Promise<void> {
    const { signal } = controller
    const sizeBytes = what.files.reduce((sum, { file }) => sum + file.size, 0)
    store.setState({ status: 'reading', sizeBytes }, true)
    const fingerprint = what.fingerprint ?? (await fileFingerprint(what.name, what.files[0]!.file, signal))
    if (signal.aborted) return
    store.setState({ fingerprint })
    const there = copyOf(what, fingerprint, kept())
    if (there) return store.setState({ status: 'kept', keptId: there.id })
    const { keepSmall, declined } = preferences.store.getState()
    if (sizeBytes <= smallBytes && keepSmall) return copy(what, controller)
    const free = await freeBytes()
    if (signal.aborted) return
    store.setState({ status: statusOf(sizeBytes, declined.includes(fingerprint)), freeBytes: free })
  }

  return {
    store,
    /** Something else is loaded; undefined = nothing. A copy that was being made of what was there before is dropped. */
    async take(what: Loaded | undefined): Promise<void> {
      working.abort()
      const controller = (working = new AbortController())
      loaded = what
      store.setState({ status: 'none', sizeBytes: 0 }, true)
      if (!what) return
      try {
        await consider(what, controller)
      } catch (error) {
        if (!controller.signal.aborted) store.setState({ status: 'failed', reason: phraseOf(error) })
      }
    },
    /** The person wants a copy. */
    async keep(): Promise<void> {
      if (loaded && store.getState().status !== 'copying') await copy(loaded, working)
    },
    /** The person wants no copy of this, now or later; or no longer wants the one that is being made. */
    decline(): void {
      const { fingerprint, status } = store.getState()
      if (fingerprint !== undefined) preferences.decline(fingerprint)
      if (status === 'copying') {
        working.abort()
        working = new AbortController()
      }
      store.setState({ status: 'declined', fraction: undefined })
    },
    /** Copies have come or gone, here or in another tab. */
    look: (): void => look(store, loaded, kept()),
    dismiss(): void {
      store.setState({ status: 'declined', reason: undefined })
    },
  }
}
export type CopyPlace = ReturnType<typeof createCopyPlace>
