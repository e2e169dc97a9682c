// Longer tasks with a finished adapter: answering rows, evaluating, merging. The page does one at a time.
import { createStore } from 'zustand/vanilla'
import { type ErrorReport, phraseOf } from '../config/errors'
import type { Phrase } from '../config/phrase'
import type { Progress } from '../worker/api'

export type TaskKind =
  | 'answers'
  | 'evaluating'
  | 'merging'
  | 'combining'
  | 'exporting'
  | 'continuing'
  | 'importing'
  | 'labelling'
  | 'mapping'
  | 'sweeping'
  | 'timing'
  | 'precisions'
  | 'checking'

export interface Task {
  kind: TaskKind
  /** The run whose adapter it is about; absent = no single one. */
  runId?: string
}

interface TasksState {
  /** The current task. */
  task?: Task
  progress?: Progress
  /** The last task, if it failed, and why. */
  failed?: { task: Task; reason: Phrase }
}

/** The reason to show for an error; undefined if the person stopped the task. */
export function toldOf(error: ErrorReport): Phrase | undefined {
  return error.kind === 'Cancelled' ? undefined : error.phrase
}

export function createTasks() {
  const store = createStore<TasksState>(() => ({}))
  return {
    store,
    /** Does `work`, which returns the reason if it fails. Does nothing during another task. */
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
