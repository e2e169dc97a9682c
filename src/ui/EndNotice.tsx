// Turns the notification at the end of a run on and off. The browser is asked for permission on this click, and never before.
import { useState } from 'react'
import { usePreferences, useStudio } from './studio-context'
import { useText } from './text/text'

export function EndNotice() {
  const text = useText()
  const studio = useStudio()
  const { notify } = usePreferences()
  const [refused, setRefused] = useState(false)
  if (!('Notification' in window)) return null
  const choose = async (wanted: boolean): Promise<void> => {
    const allowed = wanted && (await Notification.requestPermission()) === 'granted'
    setRefused(wanted && !allowed)
    studio.preferences.set({ notify: allowed })
  }
  return (
    <>
      <label className="check">
        <input
          type="checkbox"
          name="notify"
          checked={notify && Notification.permission === 'granted'}
          onChange={(e) => void choose(e.target.checked)}
        />
        {text.train.notify}
      </label>
      {refused && (
        <p className="notice" role="status">
          {text.train.notifyRefused}
        </p>
      )}
    </>
  )
}
