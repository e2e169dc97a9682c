// 简体中文: the words of the engine by their English words.
import type { Dictionary } from '../../config/phrase'
import { fields } from './zh-fields'
import { phrases } from './zh-phrases'

/** Phrases after each other (`joined` in config/phrase.ts), with the marks that Chinese puts between them. */
function joints(between: string, inChinese: string): Dictionary {
  const places = Array.from({ length: 32 }, (_, i) => `{${i}}`)
  const lists = places.map((_, i) => places.slice(0, i + 1)).slice(1)
  return Object.fromEntries(lists.map((list) => [list.join(between), list.join(inChinese)]))
}

export const sentences: Dictionary = {
  ...joints(', ', '、'),
  ...joints('; ', '；'),
  ...joints(' and ', '和'),
  ...joints(' ', ''),
  ...fields,
  ...phrases,
}
