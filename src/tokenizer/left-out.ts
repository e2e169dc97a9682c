// Turns whose words a chat template reads and does not write, as Mistral's do with a system message before an answered question.
import { UnsupportedError } from '../config/errors'
import type { ChatMessage } from './chat-message'
import { type RenderOptions, renderChat } from './chat-template'
import { otherContent, otherWords } from './other-words'

/** The places of turns whose words are not in `text`, in their own form or in another. */
export function leftOut(template: string, messages: readonly ChatMessage[], text: string, options: RenderOptions): number[] {
  const missing = messages.flatMap(({ content }, i) => (content.trim() && !text.includes(content.trim()) ? [i] : []))
  if (!missing.length) return []
  const words = (i: number): string => otherContent(otherWords[0], i)
  try {
    const changed = messages.map((message, i) => (missing.includes(i) ? { ...message, content: words(i) } : message))
    const other = renderChat(template, changed, { ...options, onRead: undefined })
    return missing.filter((i) => !other.includes(words(i)))
  } catch (error) {
    if (error instanceof UnsupportedError) throw error
    return []
  }
}
