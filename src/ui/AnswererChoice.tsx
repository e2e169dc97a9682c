// Who writes answers or rewrites: the base, or the adapter of a run.
import type { Answerer } from '../store/labelling-state'
import { useModel, useRuns } from './studio-context'
import { useText } from './text/text'

/** The models that may write. */
type Writer = Exclude<Answerer, { kind: 'nobody' }>

/** The models, by the value of their option; none without a loaded model. */
export function useWriters(): Map<string, { writer: Writer; label: string }> {
  const t = useText().workbench.label
  const { report } = useModel()
  const runs = useRuns()
  const found = new Map<string, { writer: Writer; label: string }>()
  if (!report) return found
  found.set('base', { writer: { kind: 'base', name: report.name }, label: t.base(report.name) })
  for (const { id, name, files } of runs) if (files) found.set(id, { writer: { kind: 'run', name, runId: id }, label: name })
  return found
}

interface Props {
  id: string
  label: string
  answerer: Answerer
  /** A person may answer alone. */
  nobody: boolean
  disabled: boolean
  onChoose: (answerer: Answerer) => void
}

export function AnswererChoice({ id, label, answerer, nobody, disabled, onChoose }: Props) {
  const t = useText().workbench.label
  const writers = useWriters()
  const value = answerer.kind === 'run' ? answerer.runId : answerer.kind === 'base' ? 'base' : ''
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={(e) => onChoose(writers.get(e.target.value)?.writer ?? { kind: 'nobody' })}
      >
        {nobody && <option value="">{t.nobody}</option>}
        {[...writers].map(([key, { label }]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}
