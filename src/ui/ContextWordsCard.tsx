// The words nearest to each vector of a learned context.
import { Icon } from './icons'
import { formatValue } from './format'
import { useBusy, useSorting, useStudio } from './studio-context'
import { useText } from './text/text'

export function ContextWordsCard() {
  const t = useText().pictures.context
  const { sorting } = useStudio()
  const { words } = useSorting()
  const busy = useBusy()
  return (
    <section className="card" aria-label={t.title}>
      <h2>{t.title}</h2>
      <p className="help">{t.help}</p>
      {!words && (
        <div className="button-row">
          <button type="button" className="button" data-testid="read-context" disabled={busy} onClick={() => void sorting.readContext()}>
            <Icon name="eye" />
            {t.show}
          </button>
        </div>
      )}
      {words?.map(({ ofClass, vectors }) => (
        <div key={ofClass ?? ''} className="stack-small">
          {ofClass !== undefined && <h3>{ofClass}</h3>}
          <ol className="context-words" data-testid="context-words">
            {vectors.map((near, i) => (
              <li key={i}>
                {near.map(({ word, distance }) => (
                  <span key={word} title={t.distance(formatValue(distance))}>
                    {word.trim()}{' '}
                  </span>
                ))}
              </li>
            ))}
          </ol>
        </div>
      ))}
    </section>
  )
}
