// The engine's sentence, as it is.
import { Icon } from './icons'
import { useText } from './text/text'

export function ErrorMessage({ message, onDismiss }: { message: string; onDismiss?: () => void }) {
  const text = useText()
  return (
    <div className="notice notice-error" role="alert" data-testid="error-message">
      <Icon name="warning" />
      <p>{message}</p>
      {onDismiss && (
        <button type="button" className="button-icon" aria-label={text.dismiss} onClick={onDismiss}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}
