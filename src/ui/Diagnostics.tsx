// What somebody who helps needs to know, with a button that copies it.
import { useState } from 'react'
import { diagnosticsOf } from '../store/diagnostics'
import { Icon } from './icons'
import { useStudio } from './studio-context'
import { useText } from './text/text'

export function Diagnostics() {
  const t = useText().diagnostics
  const studio = useStudio()
  const [told, setTold] = useState('')
  const { userAgent, languages } = navigator
  const words = diagnosticsOf(studio, { version: import.meta.env.TABTUNE_VERSION, userAgent, languages })
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(words)
      setTold(t.copied)
    } catch {
      setTold(t.notCopied)
    }
  }
  return (
    <section>
      <h3>{t.title}</h3>
      <p>{t.help}</p>
      <pre className="template" tabIndex={0} aria-label={t.title} data-testid="diagnostics">
        {words}
      </pre>
      <div className="button-row">
        <button type="button" className="button" data-testid="copy-diagnostics" onClick={() => void copy()}>
          <Icon name="copy" />
          {t.copy}
        </button>
        <span role="status" className="muted">
          {told}
        </span>
      </div>
    </section>
  )
}
