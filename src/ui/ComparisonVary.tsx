// Settings of a comparison that take several values, and the runs that follow from them.
import { useId } from 'react'
import { type AxisDraft, axisChoices, comparisonVariants } from '../store/comparison-store'
import { formatCount } from './format'
import { Icon } from './icons'
import { useComparison, useSetup, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

interface AxisProps {
  axis: AxisDraft
  at: number
  /** Why the values cannot be used. */
  problem?: string
  onChange: (axis: AxisDraft | undefined) => void
}

function AxisRow({ axis, at, problem, onChange }: AxisProps) {
  const text = useText()
  const inWords = useSentence()
  const id = useId()
  const choices = axisChoices(useComparison(), useSetup())
  const t = text.compare.vary
  const chosen = choices.find(({ setting }) => setting === axis.setting)
  const multiline = chosen?.field.type === 'text' && chosen.field.multiline
  const values = {
    id: `${id}-values`,
    value: axis.text,
    placeholder: t.example(chosen?.field),
    'aria-invalid': problem !== undefined || undefined,
    'aria-describedby': `${id}-help`,
    name: `vary-${at}`,
  }
  return (
    <li className="vary-row">
      <div className="field">
        <label htmlFor={`${id}-setting`}>{t.setting}</label>
        <select
          id={`${id}-setting`}
          data-testid={`vary-setting-${at}`}
          value={axis.setting}
          onChange={(e) => onChange({ ...axis, setting: e.target.value })}
        >
          {!chosen && <option value={axis.setting}>{axis.setting}</option>}
          {choices.map(({ setting, field, method }) => (
            <option key={setting} value={setting}>
              {method ? t.ofMethod(inWords(method.label), inWords(field.label)) : inWords(field.label)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-values`}>{t.values}</label>
        {multiline ? (
          <textarea {...values} rows={3} onChange={(e) => onChange({ ...axis, text: e.target.value })} />
        ) : (
          <input {...values} type="text" onChange={(e) => onChange({ ...axis, text: e.target.value })} />
        )}
        <p id={`${id}-help`} className={problem === undefined ? 'help' : 'help help-problem'}>
          {problem ?? t.help(chosen?.field)}
        </p>
      </div>
      <button
        type="button"
        className="button-icon"
        aria-label={t.remove(chosen ? inWords(chosen.field.label) : axis.setting)}
        onClick={() => onChange(undefined)}
      >
        <Icon name="close" />
      </button>
    </li>
  )
}

/** The names of the runs, once there is something to name. */
function RunNames() {
  const text = useText()
  const { variants } = comparisonVariants(useComparison(), useSetup())
  const { axes } = useComparison()
  if (axes.length === 0 || variants.length === 0) return null
  return (
    <details>
      <summary>{text.compare.vary.runs(formatCount(variants.length, text))}</summary>
      <ul className="run-names" data-testid="variant-names">
        {variants.map(({ name }) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </details>
  )
}

export function ComparisonVary() {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const state = useComparison()
  const setup = useSetup()
  const t = text.compare.vary
  const { problem } = comparisonVariants(state, setup)
  const choices = axisChoices(state, setup)
  const free = choices.find(({ setting }) => !state.axes.some((axis) => axis.setting === setting))
  const replace = (at: number, axis: AxisDraft | undefined): void =>
    studio.comparison.vary(state.axes.flatMap((old, i) => (i === at ? (axis ?? []) : old)))
  return (
    <section className="card" aria-label={t.title}>
      <header className="row-between">
        <h2>{t.title}</h2>
        <button
          type="button"
          className="button-quiet"
          data-testid="vary-add"
          disabled={!free}
          onClick={() => free && studio.comparison.vary([...state.axes, { setting: free.setting, text: '' }])}
        >
          <Icon name="plus" />
          {t.add}
        </button>
      </header>
      <p className="help">{t.lead}</p>
      {state.axes.length > 0 && (
        <ul className="vary-rows">
          {state.axes.map((axis, at) => (
            <AxisRow
              key={`axis ${at}`}
              axis={axis}
              at={at}
              problem={problem?.at === at ? inWords(problem.words) : undefined}
              onChange={(changed) => replace(at, changed)}
            />
          ))}
        </ul>
      )}
      {problem && problem.at === undefined && <p className="help help-problem">{inWords(problem.words)}</p>}
      <RunNames />
    </section>
  )
}
