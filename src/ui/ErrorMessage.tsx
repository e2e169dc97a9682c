// Why something failed: a sentence of the engine, or text of the page.
import type { Phrase } from '../config/phrase'
import { Icon } from './icons'
import { useSentence, useText } from './text/text'

export function ErrorMessage({ message, onDismiss }: { message: Phrase | string; onDismiss?: () => void }) {
  const text = useText()
  const inWords = useSentence()
  return (
    <div className="notice notice-error" role="alert" data-testid="error-message">
      <Icon name="warning" />
      <p>{typeof message === 'string' ? message : inWords(message)}</p>
      {onDismiss && (
        <button type="button" className="button-icon" aria-label={text.dismiss} onClick={onDismiss}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}
