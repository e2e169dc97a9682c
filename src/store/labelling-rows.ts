// The rows to label, fetched as far as they are needed.
import type { StoreApi } from 'zustand/vanilla'
import type { WorkbenchApi } from '../worker/workbench-api'
import type { LabellingState } from './labelling-state'

/** Rows that are fetched at once. */
const fetchedRows = 200

export function createLabellingRows(bench: Pick<WorkbenchApi, 'toLabel'>, store: StoreApi<LabellingState>) {
  let isFetching = false

  return {
    isFetching: (): boolean => isFetching,
    /** Fetches rows from place `from` on. */
    async fetch(from: number): Promise<void> {
      const { query, rows } = store.getState()
      isFetching = true
      const found = await bench.toLabel(query, from, fetchedRows)
      isFetching = false
      if (!found.ok) return store.setState({ error: found.error.phrase })
      store.setState({ rows: [...rows.slice(0, from), ...found.value.rows], total: found.value.total })
    },
  }
}
