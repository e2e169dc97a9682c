// How a model that compares pictures with texts reads the classes before any training: texts with a place for the name.
import { useId } from 'react'
import { gap, usualTemplate } from '../config/class-templates'
import { zeroShotTemplates } from '../store/comparison-store'
import { useComparison, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

export function ComparisonTemplates() {
  const t = useText().compare.zeroShot
  const inWords = useSentence()
  const studio = useStudio()
  const state = useComparison()
  const id = useId()
  const found = zeroShotTemplates(state)
  const problem = Array.isArray(found) ? undefined : inWords(found)
  return (
    <section className="card" aria-label={t.title}>
      <h2>{t.title}</h2>
      <div className="field">
        <label htmlFor={id}>{t.templates}</label>
        <textarea
          id={id}
          name="templates"
          rows={3}
          value={state.templates}
          placeholder={`${usualTemplate}\na drawing of a ${gap}.`}
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={`${id}-help`}
          onChange={(e) => studio.comparison.setAsked({ templates: e.target.value })}
        />
        <p id={`${id}-help`} className={problem === undefined ? 'help' : 'help help-problem'}>
          {problem ?? t.help}
        </p>
      </div>
    </section>
  )
}
