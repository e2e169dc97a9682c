// For `toEqual` and `toMatchObject`: a phrase whose English sentence contains some words.
import { type Phrase, sentence } from '../config/phrase'

const isPhrase = (value: unknown): value is Phrase => typeof value === 'object' && value !== null && 'key' in value && 'values' in value

export const saying = (part: string) => ({
  asymmetricMatch: (value: unknown): boolean => isPhrase(value) && sentence(value).includes(part),
  toString: () => `a phrase that says “${part}”`,
})
