// One step of the recipe: what it did, its settings, and a look at the rows that it changed.
import { type RecipeStep, type StepReport, changeKinds } from '../config/recipe'
import { stepNamed } from '../recipe/registry'
import { settingsOf } from '../store/recipe-edits'
import { FieldForm } from './FieldForm'
import { StepChanges } from './StepChanges'
import { formatCount } from './format'
import { Icon } from './icons'
import { useStudio, useWorkbench } from './studio-context'
import { useSentence, useText } from './text/text'

/** The report of the step at place `at`, if it is about the step as it is now. */
function useReport(step: RecipeStep, at: number): StepReport | undefined {
  const { report, stale } = useWorkbench()
  const found = stale ? undefined : report?.steps[at]
  return found?.step === step.step ? found : undefined
}

function Counts({ report }: { report: StepReport | undefined }) {
  const text = useText()
  const t = text.workbench
  if (!report) return <span className="help">{t.waits}</span>
  const told = changeKinds.filter((kind) => report.counts[kind] > 0).map((kind) => t.counts[kind](formatCount(report.counts[kind], text)))
  return <span className="help">{told.length ? text.listed(told) : t.unchanged}</span>
}

export function RecipeStepItem({ step, at, last }: { step: RecipeStep; at: number; last: boolean }) {
  const text = useText()
  const inWords = useSentence()
  const { workbench } = useStudio()
  const report = useReport(step, at)
  const t = text.workbench
  const { fields, help, label: english } = stepNamed(step.step)
  const label = inWords(english)
  return (
    <li className="recipe-step" data-testid="recipe-step">
      <div className="recipe-step-head">
        <div className="recipe-step-name">
          <h3 title={inWords(help)}>{t.stepName(String(at + 1), label)}</h3>
          <Counts report={report} />
        </div>
        <button
          type="button"
          className="button-icon"
          aria-label={t.earlier(label)}
          disabled={at === 0}
          onClick={() => workbench.moveStep(at, at - 1)}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          className="button-icon"
          aria-label={t.later(label)}
          disabled={last}
          onClick={() => workbench.moveStep(at, at + 1)}
        >
          <Icon name="down" />
        </button>
        <button type="button" className="button-icon" aria-label={t.removeStep(label)} onClick={() => workbench.removeStep(at)}>
          <Icon name="close" />
        </button>
      </div>
      {report?.notes.map((note, i) => (
        <p key={i} className="help">
          {inWords(note)}
        </p>
      ))}
      {fields.length > 0 && (
        <details>
          <summary>{t.settings}</summary>
          <FieldForm fields={fields} values={settingsOf(step)} advanced onChange={(key, value) => workbench.setSetting(at, key, value)} />
        </details>
      )}
      {report && report.changes.length > 0 && <StepChanges report={report} />}
    </li>
  )
}
