// Labelling rows one after another, by hand or with a model's answers. What a person gave or accepted becomes a step of the recipe.
import { createStore } from 'zustand/vanilla'
import type { LabelQuery } from '../config/recipe'
import type { Label } from '../recipe/labels'
import type { WorkbenchApi } from '../worker/workbench-api'
import { createLabellingRows } from './labelling-rows'
import { type Answerer, type LabellingState, startLabelling } from './labelling-state'
import { type SuggestingParts, createSuggesting } from './suggesting'
import type { WorkbenchSlice } from './workbench-store'

interface Parts extends SuggestingParts {
  bench: Pick<WorkbenchApi, 'toLabel'>
  workbench: Pick<WorkbenchSlice, 'addLabels'>
}

export function createLabellingStore({ bench, workbench, engine, holding, tasks }: Parts) {
  const store = createStore<LabellingState>(startLabelling)
  const ask = createSuggesting(store, { engine, holding, tasks })
  const { fetch, isFetching } = createLabellingRows(bench, store)
  const isAsking = (): boolean => tasks.store.getState().task?.kind === 'labelling'
  /** The answer in the input is being written by a model, and nothing is decided about half of one; or the next row is not there yet. */
  const isBusy = (): boolean => isFetching() || isAsking()

  async function show(at: number): Promise<void> {
    const { total, rows } = store.getState()
    if (at >= rows.length && at < total) await fetch(at)
    store.setState({ at, draft: store.getState().rows[at]?.answer ?? '', suggested: undefined, error: undefined })
    await ask()
  }

  /** Notes what the person decided about the current row, and goes to the next. */
  async function give(decided: Omit<Label, 'row'>): Promise<void> {
    const { rows, at, given } = store.getState()
    const row = rows[at]
    if (!row || isBusy()) return
    store.setState({ given: [...given, { label: { row: row.key, ...decided }, at }] })
    await show(at + 1)
  }

  return {
    store,
    /** Begins with the first row that has no answer in the column, or with the first of all. */
    async begin(query: LabelQuery): Promise<void> {
      if (isFetching()) return
      store.setState({ ...startLabelling(), answerer: store.getState().answerer, open: true, query })
      await fetch(0)
      await show(0)
    },
    async choose(answerer: Answerer): Promise<void> {
      if (isBusy()) return
      store.setState({ answerer })
      await ask()
    },
    write(draft: string): void {
      if (!isBusy()) store.setState({ draft })
    },
    /** Takes the answer in the input. An answer of the model that was not edited is the model's. */
    async accept(): Promise<void> {
      const { draft, suggested, answerer } = store.getState()
      if (draft.trim() === '') return
      const isModels = suggested === draft && answerer.kind !== 'nobody'
      await give(isModels ? { answer: draft, by: 'model', name: answerer.name } : { answer: draft, by: 'person' })
    },
    /** Takes the row out of the dataset. */
    throwAway: (): Promise<void> => give({ by: 'person' }),
    async skip(): Promise<void> {
      if (!isBusy()) await show(store.getState().at + 1)
    },
    /** Goes back to the row that was decided last, which is then open again. */
    async undo(): Promise<void> {
      const { given } = store.getState()
      const last = given.at(-1)
      if (!last || isBusy()) return
      store.setState({ given: given.slice(0, -1) })
      await show(last.at)
      store.setState({ draft: last.label.answer ?? '' })
    },
    /** Ends, and puts what was decided into the recipe. */
    async end(): Promise<void> {
      const { given, query } = store.getState()
      if (isAsking()) await engine.cancel()
      store.setState({ open: false })
      if (given.length)
        workbench.addLabels(
          query.column,
          given.map(({ label }) => label),
        )
    },
  }
}
export type LabellingSlice = ReturnType<typeof createLabellingStore>
