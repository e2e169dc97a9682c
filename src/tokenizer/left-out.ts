// Finds turns whose words a chat template reads but does not write, such as a system message before an answered question in Mistral's.
import { UnsupportedError } from '../config/errors'
import type { ChatMessage } from './chat-message'
import { type RenderOptions, renderChat } from './chat-template'
import { otherContent, otherWords } from './other-words'

/** The places of turns whose words are not in `text` in any form. */
export function leftOut(template: string, messages: readonly ChatMessage[], text: string, options: RenderOptions): number[] {
  const missing = messages.flatMap(({ content }, i) => (content.trim() && !text.includes(content.trim()) ? [i] : []))
  if (!missing.length) return []
  // Words that are in the text unchanged are written. Other words may be rewritten, or left out if the text does not depend on them.
  const all = renderWithOtherWords(template, messages, missing, options)
  const absent = missing.filter((i) => !all?.includes(otherContent(otherWords[0], i)))
  return absent.filter((i) => renderWithOtherWords(template, messages, [i], options) === text)
}

/** The text with other words in the turns at `places`; undefined if the template refuses it. */
function renderWithOtherWords(
  template: string,
  messages: readonly ChatMessage[],
  places: readonly number[],
  options: RenderOptions,
): string | undefined {
  const changed = messages.map((message, i) => (places.includes(i) ? { ...message, content: otherContent(otherWords[0], i) } : message))
  try {
    return renderChat(template, changed, { ...options, onRead: undefined })
  } catch (error) {
    if (error instanceof UnsupportedError) throw error
    return undefined
  }
}
