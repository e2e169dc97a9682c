// What will appear here, and the button for the first step.
import { Icon, type IconName } from './icons'

interface Props {
  icon: IconName
  title: string
  body: string
  action?: string
  onAction?: () => void
}

export function EmptyState({ icon, title, body, action, onAction }: Props) {
  return (
    <div className="card empty-state">
      <Icon name={icon} />
      <h2>{title}</h2>
      <p className="muted">{body}</p>
      {action && (
        <button type="button" className="button-primary" onClick={onAction}>
          {action}
        </button>
      )}
    </div>
  )
}
