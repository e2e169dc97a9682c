// How much a run does, as three choices, and whether only the most important settings are shown.
import { effortOf, efforts } from '../config/efforts'
import { useSetup, useSimpleForm, useStudio } from './studio-context'
import { useText } from './text/text'

export function Efforts() {
  const t = useText().efforts
  const studio = useStudio()
  const simpleForm = useSimpleForm()
  const chosen = effortOf(useSetup().training)
  return (
    <fieldset className="efforts">
      <legend>{t.title}</legend>
      <div className="button-row">
        {efforts.map((effort) => (
          <button
            key={effort}
            type="button"
            className="button"
            data-testid={`effort-${effort}`}
            aria-pressed={chosen === effort}
            title={t.help[effort]}
            onClick={() => studio.setup.setEffort(effort)}
          >
            {t.names[effort]}
          </button>
        ))}
      </div>
      {chosen && <p className="help">{t.help[chosen]}</p>}
      <label className="check">
        <input type="checkbox" checked={simpleForm} onChange={(e) => studio.preferences.set({ simpleForm: e.target.checked })} />
        {t.simple}
      </label>
    </fieldset>
  )
}
