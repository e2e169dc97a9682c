// Rows of earlier data that are mixed into the loaded data, so that training an adapter further does not undo what it learned.
import { createStore } from 'zustand/vanilla'
import { phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import { usualShare } from '../recipe/mixing'
import type { PickedFile } from '../worker/api'
import type { WorkbenchApi } from '../worker/workbench-api'
import { recipeOf } from './data-state'
import type { DataSlice } from './data-store'
import type { Loading } from './loading'

interface OlderState {
  old?: PickedFile
  /** Held-out rows of the earlier data: none of them is mixed in. */
  held?: PickedFile
  /** Old rows for each new one. */
  share: number
  mixing: boolean
  /** What a person should know about the rows that were mixed. */
  notes: readonly Phrase[]
  error?: Phrase
}

interface Parts {
  bench: Pick<WorkbenchApi, 'mixed'>
  data: DataSlice
  loading: Loading
}

export function createOlderRows({ bench, data, loading }: Parts) {
  const store = createStore<OlderState>(() => ({ share: usualShare, mixing: false, notes: [] }))

  async function mix(): Promise<void> {
    const { old, held: oldHeld, share } = store.getState()
    const state = data.store.getState()
    const { file, evalFile, options, mix: before } = state
    if (!old || !file) return
    // Another mixing begins with the new rows alone again.
    const { fresh, evaluation, how } = before?.file === file ? before : { fresh: file, evaluation: evalFile, how: options.read }
    const { holdOut, seed } = options
    const files = { fresh: fresh.file, evaluation: evaluation?.file, old: old.file, oldEvaluation: oldHeld?.file }
    const found = await bench.mixed(files, { share, holdOut, seed, how })
    if (!found.ok) return store.setState({ error: found.error.phrase })
    // Other data were opened meanwhile, and they stay.
    if (data.store.getState().file !== file) return
    const { train, replay, notes } = found.value
    store.setState({ notes })
    const picked = (made: File): PickedFile => ({ path: made.name, file: made })
    const mixed = picked(train)
    const held = found.value.evaluation && picked(found.value.evaluation)
    data.stage(mixed, held, recipeOf(state), { file: mixed, fresh, evaluation, how, replay, oldEvaluation: oldHeld })
    await loading.readAgain()
  }

  return {
    store,
    choose(wanted: Partial<Pick<OlderState, 'old' | 'held' | 'share'>>): void {
      store.setState({ ...wanted, error: undefined })
    },
    /** Reads the loaded data again with old rows among those for training. */
    async mix(): Promise<void> {
      if (store.getState().mixing) return
      store.setState({ mixing: true, error: undefined, notes: [] })
      try {
        await mix()
      } catch (error) {
        store.setState({ error: phraseOf(error) })
      }
      store.setState({ mixing: false })
    },
  }
}
