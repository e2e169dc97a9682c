// Offers the newest copies in this browser where a model or data are missing.
import { useStore } from 'zustand'
import type { Kept } from '../storage/kept-found'
import { ErrorMessage } from './ErrorMessage'
import { Icon } from './icons'
import { useBusy, useDevice, useStudio } from './studio-context'
import { useText } from './text/text'

/** Copies offered of each kind. The Library lists all. */
const most = 2

export function KeptAgain({ kinds }: { kinds: readonly Kept['kind'][] }) {
  const t = useText().copies
  const studio = useStudio()
  const busy = useBusy()
  const ready = useDevice().status === 'ready'
  const { kept, opening, error } = useStore(studio.copies.store)
  // The newest are first.
  const offered = kinds.flatMap((kind) => kept.filter((copy) => copy.kind === kind).slice(0, most))
  if (offered.length === 0) return null
  return (
    <div className="stack-small" data-testid="kept-again">
      <p className="help">{t.againTitle}</p>
      <div className="button-row">
        {offered.map((copy) => (
          <button
            key={copy.id}
            type="button"
            className="button"
            disabled={busy || !ready || opening !== undefined}
            aria-label={t.openOf(copy.name)}
            onClick={() => void studio.openCopy(copy.id)}
          >
            <Icon name={copy.kind === 'model' ? 'box' : 'table'} />
            {opening === copy.id ? t.opening : copy.name}
          </button>
        ))}
      </div>
      {error && <ErrorMessage message={error} onDismiss={studio.copies.dismissError} />}
    </div>
  )
}
