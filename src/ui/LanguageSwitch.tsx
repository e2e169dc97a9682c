// The choice of the language: an icon over which the browser's own menu lies, so that it takes little room.
import { useState } from 'react'
import { isLanguage, languages } from '../config/language'
import { Icon } from './icons'
import { usePreferences, useStudio } from './studio-context'
import { browserLanguage, switchLabel, texts } from './text/languages'
import { useText } from './text/text'

export function LanguageSwitch() {
  const text = useText()
  const studio = useStudio()
  const [failed, setFailed] = useState(false)
  const { language = browserLanguage() } = usePreferences()
  const choose = async (chosen: string): Promise<void> => {
    if (!isLanguage(chosen)) return
    try {
      await texts[chosen].load()
      setFailed(false)
      studio.preferences.set({ language: chosen })
    } catch {
      setFailed(true)
    }
  }
  return (
    <span className="language-switch" title={switchLabel}>
      <Icon name="language" />
      <select aria-label={switchLabel} value={language} data-testid="language" onChange={(e) => void choose(e.target.value)}>
        {languages.map((each) => (
          <option key={each} value={each} lang={each}>
            {texts[each].name}
          </option>
        ))}
      </select>
      {failed && (
        <span className="language-failed" role="alert">
          {text.language.failed}
        </span>
      )}
    </span>
  )
}
