// One sentence above a view: a notice, a warning that something was left undone, or an error.
import type { Phrase } from '../config/phrase'
import { ErrorMessage } from './ErrorMessage'
import { Icon } from './icons'
import { useSentence, useText } from './text/text'

export interface Told {
  kind: 'notice' | 'warning' | 'error'
  words: Phrase | string
}

export function PageNotice({ told, testId, onDismiss }: { told: Told; testId?: string; onDismiss: () => void }) {
  const text = useText()
  const inWords = useSentence()
  if (told.kind === 'error') return <ErrorMessage message={told.words} onDismiss={onDismiss} />
  const warns = told.kind === 'warning'
  return (
    <div className={warns ? 'notice notice-warning page-notice' : 'notice page-notice'} role="status" data-testid={testId}>
      {warns && <Icon name="warning" />}
      <p>{typeof told.words === 'string' ? told.words : inWords(told.words)}</p>
      <button type="button" className="button-icon" aria-label={text.dismiss} onClick={onDismiss}>
        <Icon name="close" />
      </button>
    </div>
  )
}
