// What is being done with an adapter, or why it could not be.
import { ErrorMessage } from './ErrorMessage'
import { ProgressLine } from './ProgressLine'
import { useStudio, useTasks } from './studio-context'

/** `task`: a run's id, or the name of a task that belongs to no one run. */
export function TaskState({ task }: { task: string }) {
  const studio = useStudio()
  const { runId, progress, failed } = useTasks()
  if (runId === task) return <ProgressLine progress={progress} onCancel={() => void studio.model.cancel()} />
  return failed?.runId === task ? <ErrorMessage message={failed.message} onDismiss={studio.tasks.dismiss} /> : null
}
