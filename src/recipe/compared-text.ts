// Texts as they are compared with each other.
import type { SettingsOf } from '../config/field'

/** The settings of steps that ask whether two texts are the same. */
export const comparedFields = [
  { key: 'spaces', type: 'boolean', label: 'Spaces do not count', help: 'Every run of white space counts as one space.', default: true },
  { key: 'ignoreCase', type: 'boolean', label: 'Case does not count', help: 'Capitals and small letters are the same.', default: true },
] as const

/** Texts that count as the same become the same. */
export function comparedText(text: string, { spaces, ignoreCase }: SettingsOf<typeof comparedFields>): string {
  const even = spaces ? text.trim().replace(/\s+/g, ' ') : text
  return ignoreCase ? even.toLowerCase() : even
}
