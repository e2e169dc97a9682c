// Rows of earlier data that are mixed into the loaded data before an adapter is trained further.
import { ErrorMessage } from './ErrorMessage'
import { FileChoice } from './FileChoice'
import { NumberInput } from './NumberInput'
import { formatCount } from './format'
import { replayOf } from '../store/data-state'
import { useBusy, useData, useOlderRows, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

export function OlderRows({ disabled }: { disabled: boolean }) {
  const text = useText()
  const inWords = useSentence()
  const t = text.data.older
  const { older } = useStudio()
  const { old, held, share, mixing, notes, error } = useOlderRows()
  const replay = replayOf(useData())
  const busy = useBusy()
  const waits = disabled || busy || mixing
  return (
    <details className="older-rows" open={replay !== undefined || old !== undefined || undefined} data-testid="older-rows">
      <summary>{t.title}</summary>
      <div className="stack-small">
        <p className="help">{t.help}</p>
        <div className="fields fields-wide">
          <FileChoice label={t.old} testId="older-input" file={old} disabled={waits} onFile={(file) => older.choose({ old: file })} />
          <FileChoice
            label={t.held}
            testId="older-held-input"
            file={held}
            disabled={waits}
            onFile={(file) => older.choose({ held: file })}
          />
          <div className="field">
            <label htmlFor="older-share">{t.share}</label>
            <NumberInput
              id="older-share"
              value={share}
              min={0.001}
              max={100}
              step={0.1}
              strict
              onValue={(value) => older.choose({ share: value })}
            />
          </div>
        </div>
        {error && <ErrorMessage message={error} />}
        {replay && (
          <p className="notice" data-testid="older-mixed">
            {t.mixed(formatCount(replay.rows, text), replay.name)}
          </p>
        )}
        {replay &&
          notes.slice(1).map((note, i) => (
            <p key={i} className="help">
              {inWords(note)}
            </p>
          ))}
        <div className="button-row">
          <button
            type="button"
            className="button"
            data-testid="older-mix"
            disabled={waits || !old || !Number.isFinite(share)}
            onClick={() => void older.mix()}
          >
            {mixing ? t.mixing : replay ? t.again : t.mix}
          </button>
        </div>
      </div>
    </details>
  )
}
