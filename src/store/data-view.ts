// The dataset that the engine holds, shown at the length of the run that is being set up.
import type { StoreApi } from 'zustand/vanilla'
import type { DataReport, EngineApi } from '../worker/api'
import type { DataState, Reading } from './data-state'

export const previewCount = 3

/** The data that were read last, for which model, and the length of their report. */
interface HeldData extends Reading {
  modelId: string
  maxLength: number
  report: DataReport
  acceptedProblems: number
}

export function createDataView(engine: EngineApi, store: StoreApi<DataState>, modelId: () => string | undefined) {
  let held: HeldData | undefined
  let current = 0

  /** Shows examples, unless the data was read again or another length was chosen in the meantime. */
  async function showPreview(from: number, ticket = current): Promise<void> {
    const { maxLength } = store.getState()
    const result = await engine.preview(from, previewCount, maxLength)
    if (ticket !== current || maxLength !== store.getState().maxLength) return
    if (result.ok) store.setState({ preview: result.value, previewFrom: from, error: undefined })
    else store.setState({ preview: [], error: result.error.phrase })
  }

  const heldNow = (): HeldData | undefined => (held?.modelId === modelId() ? held : undefined)

  /** Shows the held data at the current length; the engine reads nothing again. If another file is chosen, or none, it shows nothing. */
  async function cut(): Promise<void> {
    const { maxLength, previewFrom, report } = store.getState()
    const of = heldNow()
    if (!of || !report || of.maxLength === maxLength) return
    const ticket = current
    const result = await engine.cutData(maxLength)
    if (ticket !== current || maxLength !== store.getState().maxLength) return
    if (!result.ok) return store.setState({ error: result.error.phrase })
    held = { ...of, maxLength, report: result.value }
    store.setState({ report: result.value, error: undefined })
    await showPreview(previewFrom < result.value.rows ? previewFrom : 0, ticket)
  }

  return {
    showPreview,
    cut,
    heldNow,
    /** Another reading begins, and earlier requests no longer count. Returns its number. */
    next: (): number => ++current,
    isCurrent: (ticket: number): boolean => ticket === current,
    take(data: HeldData): void {
      held = data
    },
    /** The person agreed to leave out so many lines of the data. */
    note(acceptedProblems: number): void {
      if (held) held = { ...held, acceptedProblems }
    },
    /** Shows the data from the first row, cut at the current length. */
    async showHeld(ticket: number): Promise<void> {
      if (held?.maxLength === store.getState().maxLength) await showPreview(0, ticket)
      else await cut()
    },
  }
}
export type DataView = ReturnType<typeof createDataView>
