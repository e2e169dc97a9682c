// What somebody who helps needs to know, with a button that copies it.
import { diagnosticsOf } from '../store/diagnostics'
import { CopyButton } from './CopyButton'
import { useStudio } from './studio-context'
import { useText } from './text/text'

export function Diagnostics() {
  const t = useText().diagnostics
  const studio = useStudio()
  const { userAgent, languages } = navigator
  const words = diagnosticsOf(studio, { version: import.meta.env.TABTUNE_VERSION, userAgent, languages })
  return (
    <section>
      <h3>{t.title}</h3>
      <p>{t.help}</p>
      <pre className="template" tabIndex={0} aria-label={t.title} data-testid="diagnostics">
        {words}
      </pre>
      <div className="button-row">
        <CopyButton label={t.copy} content={words} />
      </div>
    </section>
  )
}
