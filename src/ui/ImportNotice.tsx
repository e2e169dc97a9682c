// What happened to a dropped adapter.
import { ErrorMessage } from './ErrorMessage'
import { PageNotice } from './PageNotice'
import { useImports, useRuns, useStudio } from './studio-context'
import { useText } from './text/text'

export function ImportNotice() {
  const text = useText()
  const studio = useStudio()
  const { waiting, reading, taken, error } = useImports()
  const names = useRuns()
    .filter((r) => taken.includes(r.id))
    .map((r) => r.name)
  const t = text.adapters
  return (
    <>
      {error && <ErrorMessage message={error} onDismiss={studio.imports.dismissError} />}
      {(waiting.length > 0 || reading !== undefined) && (
        <p className="notice page-notice" role="status">
          {reading === undefined ? t.waiting(waiting.join(', ')) : t.reading(reading)}
        </p>
      )}
      {names.length > 0 && reading === undefined && (
        <PageNotice
          told={{ kind: 'notice', words: names.length === 1 ? t.taken(names.join(', ')) : t.takenMany(names.join(', ')) }}
          testId="import-notice"
          onDismiss={studio.imports.dismissTaken}
        />
      )}
    </>
  )
}
