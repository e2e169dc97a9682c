// The switch of the language has the same name in each of them, and the choice outlives the page.
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { languages } from '../config/language'
import { createPreferencesStore } from '../store/preferences-store'
import { readyStudio } from '../testing/fake-studio'
import { LanguageSwitch } from './LanguageSwitch'
import { StudioContext } from './studio-context'
import { texts } from './text/languages'

it('offers every language by its own name', async () => {
  const studio = await readyStudio()
  const html = renderToStaticMarkup(
    <StudioContext value={studio}>
      <LanguageSwitch />
    </StudioContext>,
  )
  expect(html).toContain('aria-label="Language · 语言"')
  for (const language of languages) expect(html).toContain(`lang="${language}"`)
  expect(html).toContain('>简体中文</option>')
})

it.each(languages)('%s can be loaded, and says which language it is', async (language) => {
  const { locale } = await texts[language].load()
  expect(locale.startsWith(language)).toBe(true)
  expect(new Intl.DateTimeFormat(locale).resolvedOptions().locale).toBe(locale)
})

it('a choice is remembered; what is no language of ours is not', () => {
  const kept = new Map<string, string>()
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) }
  expect(createPreferencesStore(storage).store.getState().language).toBeUndefined()
  createPreferencesStore(storage).set({ language: 'zh' })
  expect(createPreferencesStore(storage).store.getState()).toMatchObject({ language: 'zh', theme: 'system' })
  kept.set('tabtune.preferences', '{"language":"xx"}')
  expect(createPreferencesStore(storage).store.getState().language).toBeUndefined()
})
