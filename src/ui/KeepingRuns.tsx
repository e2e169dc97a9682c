// How runs are kept while they train, and what was found again.
import { useStore } from 'zustand'
import { NumberInput } from './NumberInput'
import { PageNotice } from './PageNotice'
import { usePreferences, useStudio } from './studio-context'
import { useText } from './text/text'

function Minutes() {
  const text = useText()
  const studio = useStudio()
  const { saveMinutes } = usePreferences()
  const take = (minutes: number): void => {
    if (Number.isFinite(minutes)) studio.preferences.set({ saveMinutes: minutes })
  }
  return (
    <label className="check">
      {text.train.saveEvery}
      <NumberInput name="saveMinutes" min={0.1} max={1440} step={1} strict value={saveMinutes} onValue={take} />
    </label>
  )
}

export function KeepingRuns() {
  const text = useText()
  const studio = useStudio()
  const found = useStore(studio.runs.store, (s) => s.foundBeside)
  const { resumeBySelf } = usePreferences()
  return (
    <>
      {found > 0 && (
        <PageNotice
          told={{ kind: 'warning', words: text.train.foundBeside(found) }}
          testId="found-beside"
          onDismiss={studio.runs.dismissFound}
        />
      )}
      <section className="card keeping-runs" aria-label={text.train.saving}>
        <h2>{text.train.saving}</h2>
        <p className="help">{text.train.snapshotMeans}</p>
        <Minutes />
        <label className="check">
          <input
            type="checkbox"
            name="resumeBySelf"
            checked={resumeBySelf}
            onChange={(e) => studio.preferences.set({ resumeBySelf: e.target.checked })}
          />
          {text.train.resumeBySelf}
        </label>
      </section>
    </>
  )
}
