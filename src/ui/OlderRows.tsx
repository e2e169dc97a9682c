// Rows of earlier data that are mixed into the loaded data before an adapter is trained further.
import type { PickedFile } from '../worker/api'
import { ErrorMessage } from './ErrorMessage'
import { FileButton } from './FileButton'
import { NumberInput } from './NumberInput'
import { formatCount } from './format'
import { replayOf } from '../store/data-state'
import { useBusy, useData, useOlderRows, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

interface FileChoiceProps {
  label: string
  testId: string
  file: PickedFile | undefined
  disabled: boolean
  onFile: (file: PickedFile | undefined) => void
}

function FileChoice({ label, testId, file, disabled, onFile }: FileChoiceProps) {
  const t = useText().data.older
  return (
    <div className="field">
      <span className="label">{label}</span>
      <div className="button-row" role="group" aria-label={label}>
        <span className={file ? 'file-name' : 'muted'}>{file?.file.name ?? t.none}</span>
        <FileButton label={label} testId={testId} className="button-quiet" onFiles={([picked]) => onFile(picked)}>
          {file ? t.another : t.choose}
        </FileButton>
        {file && (
          <button type="button" className="button-quiet" disabled={disabled} onClick={() => onFile(undefined)}>
            {t.remove}
          </button>
        )}
      </div>
    </div>
  )
}

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
              strict="any"
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
