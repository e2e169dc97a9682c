// Turns whose words a chat template reads and does not write, as Mistral's do with a system message before an answered question.
import { UnsupportedError } from '../config/errors'
import type { ChatMessage } from './chat-message'
import { type RenderOptions, renderChat } from './chat-template'
import { otherContent, otherWords } from './other-words'

/** The places of turns whose words are not in `text`, in their own form or in another. */
export function leftOut(template: string, messages: readonly ChatMessage[], text: string, options: RenderOptions): number[] {
  const missing = messages.flatMap(({ content }, i) => (content.trim() && !text.includes(content.trim()) ? [i] : []))
  if (!missing.length) return []
  // Words that stand there unchanged are written; those that do not may be rewritten, or left out if nothing depends on them.
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
