// How rows are asked: the words around their prompts. Text counts when its field is left, since the data are then read again.
import { useState } from 'react'
import { askingFields, askingProblem } from '../config/asking-fields'
import { type FieldValue, type Settings, defaults } from '../config/field'
import { presetField, presetOfTemplate } from '../config/prompt-presets'
import { chosenMethod } from '../store/setup-state'
import { ErrorMessage } from './ErrorMessage'
import { FieldForm } from './FieldForm'
import { useData, useSetup, useStudio } from './studio-context'
import { useText } from './text/text'

const [task, ...others] = askingFields
const isText = (key: string): boolean => askingFields.some((field) => field.key === key && field.type === 'text')

export function AskingForm({ disabled }: { disabled: boolean }) {
  const t = useText().data.asking
  const studio = useStudio()
  const { options } = useData()
  const method = chosenMethod(useSetup())
  const [draft, setDraft] = useState<Settings>({})
  const chosen: Settings = Object.fromEntries(askingFields.flatMap(({ key }) => (options[key] === undefined ? [] : [[key, options[key]]])))
  const values: Settings = { ...defaults(askingFields), ...chosen, ...draft }
  const problem = askingProblem(values)
  const preset = presetOfTemplate(options.promptTemplate)
  const set = (change: Settings): void => {
    setDraft({})
    void studio.data.setOptions(change)
  }
  const choosePreset = (value: FieldValue): void => {
    // What was typed into other fields stays.
    const { promptTemplate: _replaced, separator: _removed, ...rest } = draft
    setDraft(rest)
    void studio.choosePreset(value)
  }
  const change = (key: string, value: FieldValue): void => {
    if (key === presetField.key) choosePreset(value)
    else if (isText(key)) setDraft((before) => ({ ...before, [key]: value }))
    else set({ ...draft, [key]: value })
  }
  const commit = (): void => {
    if (problem === undefined && Object.keys(draft).length > 0) set(draft)
  }
  return (
    <fieldset className="stack-small" disabled={disabled} data-testid="asking" onBlur={commit}>
      <FieldForm fields={[task]} values={values} advanced onChange={change} />
      <details open={Object.keys(chosen).some((key) => key !== task.key) || undefined}>
        <summary>{t.title}</summary>
        <div className="stack-small">
          <p className="help">{t.help}</p>
          {preset && method && !method.fields.some(({ key }) => key === 'newTokens') && (
            <p className="notice">{t.noTokens(method.label, preset.tokens.join(' '))}</p>
          )}
          <FieldForm fields={[presetField, ...others]} values={{ ...values, preset: preset?.value ?? 'none' }} advanced onChange={change} />
        </div>
      </details>
      {problem && <ErrorMessage message={problem} />}
    </fieldset>
  )
}
