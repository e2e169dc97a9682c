// What happened to a dropped adapter.
import { ErrorMessage } from './ErrorMessage'
import { Icon } from './icons'
import { PageNotice } from './PageNotice'
import { useImports, useRuns, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

export function ImportNotice() {
  const text = useText()
  const studio = useStudio()
  const inWords = useSentence()
  const { waiting, reading, taken, questions, error } = useImports()
  const names = useRuns()
    .filter((r) => taken.includes(r.id))
    .map((r) => r.name)
  const t = text.adapters
  return (
    <>
      {error && <ErrorMessage message={error} onDismiss={studio.imports.dismissError} />}
      {(waiting.length > 0 || reading !== undefined) && (
        <p className="notice page-notice" role="status">
          {reading === undefined ? t.waiting(text.listed(waiting)) : t.reading(reading)}
        </p>
      )}
      {questions.length > 0 && (
        <div className="notice notice-warning page-notice" role="alert" data-testid="import-question">
          <Icon name="warning" />
          <div className="stack-small">
            {questions.map(({ name, words }, i) => (
              <p key={i}>
                {name && <strong>{text.labelled(name, '')}</strong>} {inWords(words)}
              </p>
            ))}
            <div className="button-row">
              <button type="button" className="button" onClick={() => void studio.imports.decide(true)}>
                {t.importAnyway}
              </button>
              <button type="button" className="button-quiet" onClick={() => void studio.imports.decide(false)}>
                {t.leaveOut}
              </button>
            </div>
          </div>
        </div>
      )}
      {names.length > 0 && reading === undefined && (
        <PageNotice
          told={{ kind: 'notice', words: names.length === 1 ? t.taken(text.listed(names)) : t.takenMany(text.listed(names)) }}
          testId="import-notice"
          onDismiss={studio.imports.dismissTaken}
        />
      )}
    </>
  )
}
