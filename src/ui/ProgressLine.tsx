// The progress of a task, with a button that cancels it.
import type { Progress } from '../worker/api'
import { formatCount } from './format'
import { useModel } from './studio-context'
import { useText } from './text/text'

interface Props {
  progress: Progress | undefined
  label?: string
  onCancel?: () => void
}

export function ProgressLine({ progress, label, onCancel }: Props) {
  const text = useText()
  const phase = progress ? text.phases[progress.phase] : ''
  const fraction = progress?.fraction
  const count = useModel().report?.pictures ? text.train.pictures : text.train.rows
  const rows = progress?.rows && count(formatCount(progress.rows.done, text), formatCount(progress.rows.all, text))
  return (
    <div className="progress-line">
      <div className="progress-words">
        <span>{label ?? phase}</span>
        <span className="muted">
          {label ? phase : ''} {progress?.detail} {rows} {fraction === undefined ? '' : `${Math.round(fraction * 100)} %`}
        </span>
      </div>
      <div className="progress-row">
        <progress data-testid="progress" aria-label={label ?? phase} max={1} value={fraction} />
        {onCancel && (
          <button type="button" className="button-quiet" onClick={onCancel}>
            {text.cancel}
          </button>
        )}
      </div>
    </div>
  )
}
