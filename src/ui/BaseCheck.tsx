// Whether the base on the GPU is still the one that was uploaded: the button that checks it, and what was found.
import type { BaseCheck as Found } from '../config/base-check'
import { ErrorMessage } from './ErrorMessage'
import { TaskState } from './TaskState'
import { formatBytes, formatCount } from './format'
import { Icon } from './icons'
import { useActivity, useBaseCheck, useBusy, useStudio } from './studio-context'
import { useText } from './text/text'

/** Names that fit a sentence. */
const mostNames = 5

/** Seconds with as many digits as say something. */
const seconds = (ms: number): string => (ms < 95 ? (ms / 1000).toFixed(2) : (ms / 1000).toFixed(1))

function Result({ check, at }: { check: Found; at: number }) {
  const text = useText()
  const t = text.baseCheck
  const { sum, tensors, sizeBytes, timeMs, changed, putBack, reloaded } = check
  const { trainedSince } = useBaseCheck()
  if (changed.length) {
    const names = changed.length > mostNames ? [...changed.slice(0, mostNames), '…'] : changed
    return <ErrorMessage message={t.changed(formatCount(changed.length, text), formatCount(tensors, text), text.listed(names))} />
  }
  const time = new Intl.DateTimeFormat(text.locale, { timeStyle: 'medium' }).format(at)
  const words = reloaded ? t.sameReloaded : t.same
  return (
    <div className="base-check">
      <p role="status" data-testid="base-check">
        <Icon name="check" />{' '}
        {text.together([
          words(`${sum.slice(0, 12)}…`, formatCount(tensors, text), formatBytes(sizeBytes), seconds(timeMs), time),
          reloaded ? t.reloaded : '',
          putBack > 0 ? t.putBack(formatCount(putBack, text)) : '',
        ])}
      </p>
      {trainedSince && (
        <p className="muted" role="status">
          {t.trainedSince}
        </p>
      )}
      <details>
        <summary>{t.whole}</summary>
        <code className="base-sum">{sum}</code>
      </details>
    </div>
  )
}

export function BaseCheck() {
  const t = useText().baseCheck
  const { baseCheck } = useStudio()
  const { check, at } = useBaseCheck()
  const { training } = useActivity()
  const busy = useBusy()
  return (
    <div className="stack">
      {check && at !== undefined && <Result check={check} at={at} />}
      <TaskState of={({ kind }) => kind === 'checking'} />
      <p>
        <button
          type="button"
          className="button-quiet"
          data-testid="check-base"
          title={training ? t.busy : t.help}
          disabled={busy}
          onClick={() => void baseCheck.start()}
        >
          <Icon name="check" />
          {check ? t.again : t.start}
        </button>
      </p>
    </div>
  )
}
