// How rows become examples: format, columns by hand, what is trained on, what is held out.
import { formatField, trainOnField } from '../config/data-options'
import type { DataOptions, DataReport } from '../worker/api'
import { usePickers } from './pickers'
import { useData, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

const shares = [0, 0.02, 0.05, 0.1, 0.2, 0.3]

function EvalFile({ disabled }: { disabled: boolean }) {
  const text = useText()
  const studio = useStudio()
  const pickers = usePickers()
  const { evalFile } = useData()
  return (
    <div className="field">
      <span className="label" id="eval-file-label">
        {text.data.evalFile}
      </span>
      <div className="button-row" role="group" aria-labelledby="eval-file-label">
        <span className={evalFile ? 'file-name' : 'muted'}>{evalFile?.file.name ?? text.data.evalFileNone}</span>
        <button type="button" className="button-quiet" disabled={disabled} onClick={pickers.evaluation}>
          {text.pick.evaluation}
        </button>
        {evalFile && (
          <button type="button" className="button-quiet" disabled={disabled} onClick={() => void studio.data.setEvalFile(undefined)}>
            {text.data.evalRemove}
          </button>
        )}
      </div>
    </div>
  )
}

interface ChoiceProps<Value extends string> {
  id: string
  field: { label: string; options: readonly { value: Value; label: string }[] }
  value: Value
  disabled: boolean
  onValue: (value: Value) => void
  /** Words behind the label of an option. */
  note?: (value: Value) => string
}

function Choice<Value extends string>({ id, field, value, disabled, onValue, note }: ChoiceProps<Value>) {
  const inWords = useSentence()
  const choose = (text: string): void => {
    const found = field.options.find((option) => option.value === text)
    if (found) onValue(found.value)
  }
  return (
    <div className="field">
      <label htmlFor={id}>{inWords(field.label)}</label>
      <select id={id} value={value} disabled={disabled} onChange={(e) => choose(e.target.value)}>
        {field.options.map((option) => (
          <option key={option.value} value={option.value}>
            {inWords(option.label) + (note?.(option.value) ?? '')}
          </option>
        ))}
      </select>
    </div>
  )
}

export function DataOptionsForm({ report, disabled }: { report: DataReport | undefined; disabled: boolean }) {
  const text = useText()
  const studio = useStudio()
  const { options, evalFile } = useData()
  const inWords = useSentence()
  const set = (change: Partial<DataOptions>): void => void studio.data.setOptions(change)
  const found = formatField.options.find(({ value }) => value === report?.format)
  /** The format that was detected, behind “Detect”. */
  const detected = (format: DataOptions['format']): string => (format === 'auto' && found ? text.labelled('', inWords(found.label)) : '')
  return (
    <div className="stack-small">
      <div className="fields fields-wide">
        <Choice
          id="data-format"
          field={formatField}
          value={options.format}
          disabled={disabled}
          onValue={(format) => set({ format })}
          note={detected}
        />
        <Choice id="train-on" field={trainOnField} value={options.trainOn} disabled={disabled} onValue={(trainOn) => set({ trainOn })} />
        {!evalFile && (
          <div className="field">
            <label htmlFor="hold-out">{text.data.holdOut}</label>
            <select id="hold-out" value={options.holdOut} disabled={disabled} onChange={(e) => set({ holdOut: Number(e.target.value) })}>
              {shares.map((share) => (
                <option key={share} value={share}>
                  {Math.round(share * 100)} %
                </option>
              ))}
            </select>
          </div>
        )}
        <EvalFile disabled={disabled} />
      </div>
    </div>
  )
}
