// What happens with the copy of something that is loaded: whether to keep one, how far it is, or that there is one.
import { useStore } from 'zustand'
import type { CopyPlace } from '../store/copy-place'
import { ErrorMessage } from './ErrorMessage'
import { ProgressLine } from './ProgressLine'
import { formatBytes } from './format'
import { useStudio } from './studio-context'
import { useText } from './text/text'

interface Props {
  of: 'model' | 'data' | 'evaluation' | 'oldEvaluation'
  /** Named where two lines are below each other. */
  name?: string
}

export function CopyLine({ of, name }: Props) {
  return <PlaceLine place={useStudio().copies[of]} testId={`copy-${of}`} name={name} />
}

export function PlaceLine({ place, testId, name }: { place: CopyPlace; testId: string; name?: string }) {
  const text = useText()
  const t = text.copies
  const { status, sizeBytes, freeBytes, fraction, reason } = useStore(place.store)
  const size = formatBytes(sizeBytes)
  const keep = (): void => void place.keep()
  if (status === 'copying')
    return (
      <ProgressLine
        label={name === undefined ? t.copying : t.copyingName(name)}
        progress={{ phase: 'saving', fraction }}
        onCancel={place.decline}
      />
    )
  if (status === 'failed' && reason) return <ErrorMessage message={reason} onDismiss={place.dismiss} />
  if (status === 'asking')
    return (
      <div className="notice" role="status" data-testid={testId} data-status={status}>
        <div className="stack-small">
          <p>
            <strong>{name === undefined ? t.ask : t.askName(name)}</strong>{' '}
            {text.together([freeBytes === undefined ? t.spaceUnknown(size) : t.space(size, formatBytes(freeBytes)), t.askHelp])}
          </p>
          <div className="button-row">
            <button type="button" className="button" onClick={keep}>
              {t.yes}
            </button>
            <button type="button" className="button-quiet" onClick={place.decline}>
              {t.no}
            </button>
          </div>
        </div>
      </div>
    )
  if (status === 'kept')
    return (
      <p className="help" data-testid={testId} data-status={status}>
        {name === undefined ? t.kept(size) : t.keptName(name, size)}
      </p>
    )
  if (status !== 'declined' && status !== 'small') return null
  return (
    <div className="button-row button-row-flush" data-testid={testId} data-status={status}>
      <button type="button" className="button-quiet" onClick={keep}>
        {name === undefined ? t.offer(size) : t.offerName(name, size)}
      </button>
    </div>
  )
}
