// The rows to label or to rewrite, fetched as far as they are needed.
import type { StoreApi } from 'zustand/vanilla'
import type { WorkbenchApi } from '../worker/workbench-api'
import type { LabellingState } from './labelling-state'

/** Rows that are fetched at once. */
const fetchedRows = 200

export function createLabellingRows(bench: Pick<WorkbenchApi, 'toLabel' | 'toRewrite'>, store: StoreApi<LabellingState>) {
  let isFetching = false

  function asked(from: number) {
    const { job } = store.getState()
    return job.kind === 'labels'
      ? bench.toLabel(job.query, from, fetchedRows)
      : bench.toRewrite({ ...job.how, without: job.without }, from, fetchedRows)
  }

  return {
    isFetching: (): boolean => isFetching,
    /** Fetches rows from place `from` on. */
    async fetch(from: number): Promise<void> {
      const { rows } = store.getState()
      isFetching = true
      const found = await asked(from)
      isFetching = false
      if (!found.ok) return store.setState({ error: found.error.phrase })
      store.setState({ rows: [...rows.slice(0, from), ...found.value.rows], total: found.value.total })
    },
  }
}
