// The languages of the page by name, and their text. What is not English is loaded when it is chosen, so readers of English do not pay.
import { type Language, languageOf } from '../../config/language'
import { type Text, en } from './en'

/** What each language is called in itself, and how to load its text. */
export const texts: Record<Language, { name: string; load: () => Promise<Text> }> = {
  en: { name: 'English', load: () => Promise.resolve(en) },
  zh: { name: '简体中文', load: async () => (await import('./zh')).zh },
}

/** The language of those who have not chosen one. */
export const browserLanguage = (): Language => languageOf(globalThis.navigator?.languages ?? [])

/** The name of the switch in every language of the page, for readers who cannot read the one in use. */
export const switchLabel = 'Language · 语言'
