// The languages of the page, and which one a person reads.

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

export function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value)
}

/** The first of a browser's languages (`zh-CN`, `en`, …) that the page has; English if it has none. */
export function languageOf(wanted: readonly string[]): Language {
  return wanted.map((tag) => tag.toLowerCase().split(/[-_.@]/)[0]).find(isLanguage) ?? 'en'
}
