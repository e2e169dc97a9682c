// The words nearest to each vector of a learned context.
import { useState } from 'react'
import { Icon } from './icons'
import { formatCount, formatValue } from './format'
import { ProgressLine } from './ProgressLine'
import { useBusy, useSorting, useStudio } from './studio-context'
import { useText } from './text/text'

/** Contexts that are drawn at first, and more of them each time. */
const atOnce = 20

export function ContextWordsCard() {
  const text = useText()
  const t = text.pictures.context
  const { sorting } = useStudio()
  const { words, running } = useSorting()
  const [most, setMost] = useState(atOnce)
  const hidden = Math.max(0, (words?.length ?? 0) - most)
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
      {running === 'reading' && <ProgressLine label={t.reading} progress={undefined} onCancel={() => void sorting.stop()} />}
      {words?.slice(0, most).map(({ ofClass, vectors }) => (
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
      {hidden > 0 && (
        <div className="button-row">
          <button type="button" className="button" onClick={() => setMost(most + atOnce)}>
            {t.more(formatCount(Math.min(hidden, atOnce), text), formatCount(hidden, text))}
          </button>
        </div>
      )}
    </section>
  )
}
