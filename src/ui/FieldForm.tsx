// A form made from fields, so that a new setting or method needs no page code.
import { type ReactNode, useId } from 'react'
import { type Field, type FieldValue, type NumberField, type Settings, fieldProblem } from '../config/field'
import { NumberInput } from './NumberInput'
import { useSentence, useText } from './text/text'

/** By key: why the run cannot use a value that is within the bounds of its field. */
export type Problems = Readonly<Record<string, string>>

interface Props {
  fields: readonly Field[]
  values: Settings
  advanced: boolean
  onChange: (key: string, value: FieldValue) => void
  /** What is shown under the help of fields, by their keys. */
  under?: Readonly<Record<string, ReactNode>>
  problems?: Problems
}

interface ControlProps {
  field: Field
  value: FieldValue
  id: string
  describedBy: string
  invalid: boolean
  onChange: (value: FieldValue) => void
}

function numberStep(field: NumberField): number | 'any' {
  return field.step ?? (field.integer ? 1 : 'any')
}

/** Lines of a text's input: those of the text and one that is free, within bounds. */
const textRows = (text: string): number => Math.min(8, Math.max(2, text.split('\n').length + (text === '' ? 0 : 1)))

function Control({ field, value, id, describedBy, invalid, onChange }: ControlProps) {
  const inWords = useSentence()
  const common = { id, 'aria-describedby': describedBy, 'aria-invalid': invalid || undefined, name: field.key }
  switch (field.type) {
    case 'number':
      return (
        <NumberInput
          {...common}
          value={typeof value === 'number' ? value : NaN}
          min={field.min}
          max={field.max}
          step={numberStep(field)}
          whole={field.integer}
          onValue={onChange}
        />
      )
    case 'boolean':
      return <input {...common} type="checkbox" className="switch" checked={value === true} onChange={(e) => onChange(e.target.checked)} />
    case 'choice':
      return (
        <select {...common} value={String(value)} onChange={(e) => onChange(e.target.value)}>
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {inWords(option.label)}
            </option>
          ))}
        </select>
      )
    case 'text':
      return field.multiline ? (
        <textarea
          {...common}
          rows={textRows(String(value))}
          value={String(value)}
          maxLength={field.maxLength}
          onChange={(e) => onChange(e.target.value)}
        />
      ) : (
        <input {...common} type="text" value={String(value)} maxLength={field.maxLength} onChange={(e) => onChange(e.target.value)} />
      )
  }
}

function FieldRow({
  field,
  value,
  onChange,
  why,
  children,
}: {
  field: Field
  value: FieldValue
  onChange: (value: FieldValue) => void
  /** Why the run cannot use a value that is within the bounds of the field. */
  why?: string
  children?: ReactNode
}) {
  const text = useText()
  const inWords = useSentence()
  const id = useId()
  const problem = fieldProblem(field, value)
  // The input itself says why its text is no number.
  const told = problem !== undefined && !(field.type === 'number' && Number.isNaN(value)) ? text.method.expected(inWords(problem)) : why
  const unit = field.type === 'number' ? field.unit : undefined
  return (
    <div className={`field field-${field.type}`}>
      <label htmlFor={id}>
        {inWords(field.label)}
        {unit && <span className="unit">{text.inBrackets(inWords(unit))}</span>}
      </label>
      <Control
        field={field}
        value={value}
        id={id}
        describedBy={`${id}-help`}
        invalid={problem !== undefined || why !== undefined}
        onChange={onChange}
      />
      <p id={`${id}-help`} className={told === undefined ? 'help' : 'help help-problem'}>
        {told ?? inWords(field.help)}
      </p>
      {children}
    </div>
  )
}

/** Simple fields always, advanced ones when asked for or when their value cannot be used. */
export function shownFields({ fields, values, advanced }: Pick<Props, 'fields' | 'values' | 'advanced'>): Field[] {
  return fields.filter((f) => !f.advanced || advanced || fieldProblem(f, values[f.key] ?? f.default) !== undefined)
}

export function FieldForm({ fields, values, advanced, onChange, under, problems }: Props) {
  const shown = shownFields({ fields, values, advanced })
  return (
    <div className="fields">
      {shown.map((field) => (
        <FieldRow
          key={field.key}
          field={field}
          value={values[field.key] ?? field.default}
          why={problems?.[field.key]}
          onChange={(value) => onChange(field.key, value)}
        >
          {under?.[field.key]}
        </FieldRow>
      ))}
    </div>
  )
}
