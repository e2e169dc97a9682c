// How runs are kept while they train, and what was found again.
import { useState } from 'react'
import { useStore } from 'zustand'
import { PageNotice } from './PageNotice'
import { usePreferences, useStudio } from './studio-context'
import { useText } from './text/text'

function Minutes() {
  const text = useText()
  const studio = useStudio()
  const { saveMinutes } = usePreferences()
  const [typed, setTyped] = useState(String(saveMinutes))
  const take = (value: string): void => {
    setTyped(value)
    const minutes = Number(value)
    if (minutes >= 0.1 && minutes <= 1440) studio.preferences.set({ saveMinutes: minutes })
  }
  return (
    <label className="check">
      {text.train.saveEvery}
      <input type="number" name="saveMinutes" min={0.1} max={1440} step="any" value={typed} onChange={(e) => take(e.target.value)} />
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
          told={{ kind: 'warning', words: text.train.foundBeside(String(found)) }}
          testId="found-beside"
          onDismiss={studio.runs.dismissFound}
        />
      )}
      <div className="button-row" role="group" aria-label={text.train.saving}>
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
      </div>
    </>
  )
}
