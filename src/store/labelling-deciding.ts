// What a person decides about the current row: its answer or its rewrite is taken, thrown away, skipped or asked for again.
import type { StoreApi } from 'zustand/vanilla'
import { say } from '../config/phrase'
import type { LabellingState } from './labelling-state'

interface Parts {
  /** Opens the row at a place. */
  go(at: number): Promise<void>
  /** Asks the model about the current row. */
  ask(): Promise<void>
  isBusy(): boolean
}

const sameWords = say`This rewrite is the prompt as it was. Edit it, ask again, or throw it away.`

export function createDeciding(store: StoreApi<LabellingState>, { go, ask, isBusy }: Parts) {
  async function show(at: number): Promise<void> {
    await go(at)
    await ask()
  }

  /** Notes what was decided about the current row, and goes to the next. */
  async function give(decided: { text?: string; name?: string }): Promise<void> {
    const { rows, at, given, draft, suggested } = store.getState()
    const row = rows[at]
    if (!row || isBusy()) return
    store.setState({ given: [...given, { ...decided, at, row: row.key, draft, suggested }] })
    await show(at + 1)
  }

  return {
    show,
    /** Takes what is in the input. An answer of the model that was not edited is the model's; a rewrite always is. */
    async accept(): Promise<void> {
      const { draft, suggested, answerer, job, rows, at } = store.getState()
      if (draft.trim() === '' || isBusy()) return
      const rewriting = job.kind === 'rewrites'
      if (rewriting && suggested === undefined) return
      if (rewriting && draft.trim() === rows[at]?.prompt.trim()) return store.setState({ error: sameWords })
      const isModels = rewriting || suggested === draft
      await give({ text: draft, ...(isModels && answerer.kind !== 'nobody' && { name: answerer.name }) })
    },
    /** Takes a row to label out of the dataset; a rewrite is forgotten. */
    throwAway: (): Promise<void> => give({}),
    async skip(): Promise<void> {
      if (!isBusy()) await show(store.getState().at + 1)
    },
    /** Asks for another rewrite of the current row, with the next seed. */
    async askAgain(): Promise<void> {
      const { job, again, rows, at } = store.getState()
      if (job.kind !== 'rewrites' || !rows[at] || isBusy()) return
      store.setState({ again: again + 1, draft: '', suggested: undefined, error: undefined })
      await ask()
    },
    /** Goes back to the row that was decided last, which is then open again as it was. */
    async undo(): Promise<void> {
      const { given } = store.getState()
      const last = given.at(-1)
      if (!last || isBusy()) return
      store.setState({ given: given.slice(0, -1) })
      await go(last.at)
      store.setState({ draft: last.draft, suggested: last.suggested })
    },
  }
}
