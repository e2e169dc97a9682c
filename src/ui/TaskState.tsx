// The progress of a task with an adapter, or why it failed.
import type { Task } from '../store/tasks'
import { ErrorMessage } from './ErrorMessage'
import { ProgressLine } from './ProgressLine'
import { useStudio, useTasks } from './studio-context'

/** `of` says which tasks belong in this place. */
export function TaskState({ of }: { of: (task: Task) => boolean }) {
  const studio = useStudio()
  const { task, progress, failed } = useTasks()
  if (task && of(task)) return <ProgressLine progress={progress} onCancel={() => void studio.model.cancel()} />
  return failed && of(failed.task) ? <ErrorMessage message={failed.reason} onDismiss={studio.tasks.dismiss} /> : null
}
