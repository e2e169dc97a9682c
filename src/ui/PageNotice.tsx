// One sentence above a view: a notice, a warning that something was left undone, or an error.
import { ErrorMessage } from './ErrorMessage'
import { Icon } from './icons'
import { useText } from './text/text'

export interface Told {
  kind: 'notice' | 'warning' | 'error'
  words: string
}

export function PageNotice({ told, testId, onDismiss }: { told: Told; testId?: string; onDismiss: () => void }) {
  const text = useText()
  if (told.kind === 'error') return <ErrorMessage message={told.words} onDismiss={onDismiss} />
  const warns = told.kind === 'warning'
  return (
    <div className={warns ? 'notice notice-warning page-notice' : 'notice page-notice'} role="status" data-testid={testId}>
      {warns && <Icon name="warning" />}
      <p>{told.words}</p>
      <button type="button" className="button-icon" aria-label={text.dismiss} onClick={onDismiss}>
        <Icon name="close" />
      </button>
    </div>
  )
}
