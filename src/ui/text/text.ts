// The language in use, for components.
import { createContext, useCallback, useContext } from 'react'
import { type Phrase, sentence } from '../../config/phrase'
import { type Text, en } from './en'

/** English unless the page chooses another language. */
export const TextContext = createContext<Text>(en)

export function useText(): Text {
  return useContext(TextContext)
}

/** Words of the engine in the language of `text`: a sentence, or the English label, help or summary of a field, a method or a metric. */
export function inWords(words: Phrase | string, { sentences }: Text): string {
  return sentence(typeof words === 'string' ? { key: words, values: [] } : words, sentences)
}

/** Turns words of the engine into the language in use (see `inWords`). */
export function useSentence(): (words: Phrase | string) => string {
  const text = useText()
  return useCallback((words) => inWords(words, text), [text])
}
