// The first of two stages: a file of plain text to train on before the run that is set up.
import { useStore } from 'zustand'
import { PlaceLine } from './CopyLine'
import { FileChoice } from './FileChoice'
import { NumberInput } from './NumberInput'
import { formatCount } from './format'
import { useStudio } from './studio-context'
import { useText } from './text/text'

export function FirstStage({ disabled }: { disabled: boolean }) {
  const text = useText()
  const t = text.data.firstStage
  const { stages } = useStudio()
  const { file, steps } = useStore(stages.store)
  return (
    <details className="older-rows" open={file !== undefined || undefined} data-testid="first-stage">
      <summary>{t.title}</summary>
      <div className="stack-small">
        <p className="help">{t.help}</p>
        <div className="fields fields-wide">
          <FileChoice
            label={t.file}
            testId="first-stage-input"
            file={file}
            disabled={disabled}
            onFile={(chosen) => stages.choose({ file: chosen })}
          />
          <div className="field">
            <label htmlFor="first-stage-steps">{t.steps}</label>
            <NumberInput
              id="first-stage-steps"
              value={steps}
              min={1}
              max={10_000_000}
              step={1}
              whole
              strict
              disabled={disabled}
              onValue={(value) => stages.choose({ steps: value })}
            />
          </div>
        </div>
        {file && Number.isFinite(steps) && (
          <p className="notice" data-testid="first-stage-runs">
            {t.twoRuns(file.file.name, formatCount(steps, text))}
          </p>
        )}
        {file && <PlaceLine place={stages.place} testId="copy-first-stage" name={file.file.name} />}
      </div>
    </details>
  )
}
