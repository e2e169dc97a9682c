// What is done with a finished adapter and takes a while: answering rows, evaluating, merging. One at a time, for the whole page.
import { createStore } from 'zustand/vanilla'
import { type ErrorReport, phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import type { Progress } from '../worker/api'

export type TaskKind = 'measuring' | 'evaluating' | 'merging' | 'combining' | 'continuing'

export interface Task {
  kind: TaskKind
  /** The run whose adapter it is about; absent = no single one. */
  runId?: string
}

interface TasksState {
  /** What is being done. */
  task?: Task
  progress?: Progress
  /** The sentence of the last task that failed. */
  failed?: { task: Task; reason: Phrase }
}

/** What a person is told of an error: nothing where they stopped it themselves. */
export function toldOf(error: ErrorReport): Phrase | undefined {
  return error.kind === 'Cancelled' ? undefined : error.phrase
}

export function createTasks() {
  const store = createStore<TasksState>(() => ({}))
  return {
    store,
    /** Does `work`, which gives a sentence where it fails; nothing where something else is being done. */
    async run(task: Task, work: (onProgress: (p: Progress) => void) => Promise<Phrase | undefined>): Promise<void> {
      if (store.getState().task) return
      store.setState({ task, progress: { phase: 'reading' }, failed: undefined })
      let reason: Phrase | undefined
      try {
        reason = await work((progress) => store.setState({ progress }))
      } catch (error) {
        reason = phraseOf(error)
      }
      store.setState({ task: undefined, progress: undefined, failed: reason && { task, reason } })
    },
    dismiss(): void {
      store.setState({ failed: undefined })
    },
  }
}
export type Tasks = ReturnType<typeof createTasks>
