// For `toEqual` and `toMatchObject`: a phrase whose English sentence contains some words, or matches.
import { type Phrase, sentence } from '../config/phrase'

const isPhrase = (value: unknown): value is Phrase => typeof value === 'object' && value !== null && 'key' in value && 'values' in value

export const saying = (part: string | RegExp) => ({
  asymmetricMatch: (value: unknown): boolean =>
    isPhrase(value) && (typeof part === 'string' ? sentence(value).includes(part) : part.test(sentence(value))),
  toString: () => `a phrase that says “${String(part)}”`,
})
