// What is done with a finished adapter and takes a while: answering rows, evaluating, merging. One at a time, for the whole page.
import { createStore } from 'zustand/vanilla'
import type { ErrorReport } from '../config/errors'
import type { Progress } from '../worker/api'

export interface TasksState {
  /** The run that something is being done with. */
  runId?: string
  progress?: Progress
  /** The sentence of the last task that failed. */
  failed?: { runId: string; message: string }
}

/** What a person is told of an error: nothing where they stopped it themselves. */
export function toldOf(error: ErrorReport): string | undefined {
  return error.kind === 'Cancelled' ? undefined : error.message
}

export function createTasks() {
  const store = createStore<TasksState>(() => ({}))
  return {
    store,
    running: (): boolean => store.getState().runId !== undefined,
    /** Does `work`, which gives a sentence where it fails; nothing where something else is being done. */
    async run(runId: string, work: (onProgress: (p: Progress) => void) => Promise<string | undefined>): Promise<void> {
      if (store.getState().runId !== undefined) return
      store.setState({ runId, progress: { phase: 'reading' }, failed: undefined })
      let message: string | undefined
      try {
        message = await work((progress) => store.setState({ progress }))
      } catch (error) {
        message = error instanceof Error ? error.message : String(error)
      }
      store.setState({ runId: undefined, progress: undefined, failed: message === undefined ? undefined : { runId, message } })
    },
    dismiss(): void {
      store.setState({ failed: undefined })
    },
  }
}
export type Tasks = ReturnType<typeof createTasks>
