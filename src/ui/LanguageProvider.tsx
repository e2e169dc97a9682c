// The text in the chosen language for all components, and the language of the document.
import { type ReactNode, useEffect, useState } from 'react'
import { usePreferences } from './studio-context'
import { type Text, en } from './text/en'
import { browserLanguage, texts } from './text/languages'
import { TextContext } from './text/text'

/** Draws nothing until the text is there. If it cannot be loaded, the page is in English. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const language = usePreferences().language ?? browserLanguage()
  const [text, setText] = useState(language === 'en' ? en : undefined)
  useEffect(() => {
    let over = false
    const show = (loaded: Text): void => {
      if (!over) setText(loaded)
    }
    texts[language].load().then(show, () => show(en))
    return () => {
      over = true
    }
  }, [language])
  useEffect(() => {
    if (text) document.documentElement.lang = text.locale
  }, [text])
  return text && <TextContext value={text}>{children}</TextContext>
}
