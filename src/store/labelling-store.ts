// Rows one after another: labelled by hand or with a model's answers, or rewritten by a model. What a person gave or accepted becomes a
// step of the recipe.
import { createStore } from 'zustand/vanilla'
import { phraseOf } from '../config/errors'
import type { LabelQuery } from '../config/recipe'
import type { RewriteSettings } from '../config/rewriting'
import { rewriteRequest } from '../recipe/rewrites'
import type { WorkbenchApi } from '../worker/workbench-api'
import { createDeciding } from './labelling-deciding'
import { createLabellingRows } from './labelling-rows'
import { type Answerer, type Job, type LabellingState, startLabelling, withDecided } from './labelling-state'
import { rewrittenRows } from './recipe-edits'
import { type SuggestingParts, createSuggesting } from './suggesting'
import type { WorkbenchSlice } from './workbench-store'

interface Parts extends SuggestingParts {
  bench: Pick<WorkbenchApi, 'toLabel' | 'toRewrite'>
  workbench: Pick<WorkbenchSlice, 'addDecided' | 'store'>
}

export function createLabellingStore({ bench, workbench, engine, holding, tasks }: Parts) {
  const store = createStore<LabellingState>(startLabelling)
  const ask = createSuggesting(store, { engine, holding, tasks })
  const { fetch, isFetching } = createLabellingRows(bench, store)
  const isAsking = (): boolean => tasks.store.getState().task?.kind === 'labelling'
  /** The answer in the input is being written by a model, and nothing is decided about half of one; or the next row is not there yet. */
  const isBusy = (): boolean => isFetching() || isAsking()

  /** Opens the row at a place, with the answer that it has. */
  async function go(at: number): Promise<void> {
    const { total, rows } = store.getState()
    if (at >= rows.length && at < total) await fetch(at)
    store.setState({ at, again: 0, draft: store.getState().rows[at]?.answer ?? '', suggested: undefined, error: undefined })
  }

  const { show, ...deciding } = createDeciding(store, { go, ask, isBusy })

  async function start(job: Job, answerer: Answerer): Promise<void> {
    if (isBusy()) return
    store.setState({ ...startLabelling(), answerer, open: true, job })
    await fetch(0)
    await show(0)
  }

  return {
    store,
    ...deciding,
    /** Begins with the first row that has no answer in the column, or with the first of all. */
    begin: (query: LabelQuery): Promise<void> => start({ kind: 'labels', query }, store.getState().answerer),
    /** Begins with the first prompt to rewrite. Rows that have rewrites in the recipe are left out. */
    async beginRewriting(how: RewriteSettings, answerer: Exclude<Answerer, { kind: 'nobody' }>): Promise<void> {
      try {
        rewriteRequest(how.instruction, '')
      } catch (error) {
        return store.setState({ error: phraseOf(error) })
      }
      await start({ kind: 'rewrites', how, without: rewrittenRows(workbench.store.getState().recipe.now) }, answerer)
    },
    async choose(answerer: Answerer): Promise<void> {
      if (isBusy()) return
      store.setState({ answerer })
      await ask()
    },
    write(draft: string): void {
      if (!isBusy()) store.setState({ draft })
    },
    /** Ends, and puts what was decided into the recipe. */
    async end(): Promise<void> {
      const { given, job } = store.getState()
      if (isAsking()) await engine.cancel()
      store.setState({ open: false })
      const { now } = workbench.store.getState().recipe
      if (withDecided(now, { job, given }) !== now) workbench.addDecided((recipe) => withDecided(recipe, { job, given }))
    },
  }
}
export type LabellingSlice = ReturnType<typeof createLabellingStore>
