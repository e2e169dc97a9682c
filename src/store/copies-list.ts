// The list of copies in this browser. Other tabs are told that it has changed, and it is read again when they say so.
import type { StoreApi } from 'zustand/vanilla'
import { phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import type { KeptFiles, KeptProblem } from '../storage/kept-files'
import type { Kept } from '../storage/kept-found'
import type { TabChannel } from './tab-channel'

export interface CopiesState {
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
  files: KeptFiles
  store: StoreApi<CopiesState>
  channel: TabChannel
  /** Copies may have come or gone. */
  onChange(): void
}

export function createCopiesList({ files, store, channel, onChange }: Parts) {
  /** A list that was read before the newest of them is read once more. */
  let changes = 0
  let reading: Promise<void> | undefined
  let listed: Promise<void> | undefined

  async function read(): Promise<void> {
    const before = changes
    const now = await files.list().then(
      ({ kept, problems }): Partial<CopiesState> => ({ kept, problems }),
      (error: unknown) => ({ error: phraseOf(error) }),
    )
    if (changes !== before) return read()
    reading = undefined
    store.setState({ ...now, loaded: true })
    onChange()
  }

  function readAgain(): Promise<void> {
    changes += 1
    return (reading ??= read())
  }

  return {
    /** Reads the list once; everything that needs it waits for it. */
    load: (): Promise<void> => (listed ??= readAgain()),
    readAgain,
    /** This tab has changed the copies. */
    change(update: (state: CopiesState) => Partial<CopiesState>): void {
      changes += 1
      store.setState(update)
      onChange()
      channel.send({ type: 'copies' })
    },
    /** Another tab has changed the copies. */
    changedElsewhere(): void {
      // A list that nobody has asked for yet will have the change.
      if (listed) void readAgain()
    },
  }
}
export type CopiesList = ReturnType<typeof createCopiesList>
