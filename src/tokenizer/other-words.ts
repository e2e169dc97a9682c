// Replaces words and calls in the assistant's turns. Where the rendered text changes, the template
// writes what the turn says; where it stays the same, the template writes its own text.
import { entriesOf } from '../config/exact-json'
import type { ChatMessage } from './chat-message'
import { callsOf, withCalls } from './tool-calls'

/** Two words that are in no data. They differ in their first and last letters. */
export const otherWords = ['Zq7vAk', 'Xj4wBm'] as const

/** The replacements for the content of a turn, the name of a call, and each of a call's arguments. */
export const otherContent = (words: string, turn: number): string => `${words}c${turn}${words}`
export const otherName = (words: string, turn: number, call: number): string => `${words}n${turn}n${call}${words}`
export const otherArgument = (words: string, turn: number, call: number): string => `${words}a${turn}a${call}${words}`

/** The turn with other words if it has words, and other calls if it has calls. An empty turn gets words. */
export function withOtherWords(message: ChatMessage, turn: number, words: string): ChatMessage {
  if (message.role !== 'assistant') return message
  const speaks = message.content.trim() !== '' || !callsOf(message).length
  const changed = withCalls(message, (called, call) => ({
    ...called,
    name: otherName(words, turn, call),
    arguments: changedArguments(called.arguments, otherArgument(words, turn, call)),
  }))
  return { ...changed, role: message.role, content: speaks ? otherContent(words, turn) : message.content }
}

function changedArguments(given: unknown, words: string): unknown {
  const entries = entriesOf(given)
  if (entries) return new Map(entries.map(([key]) => [key, words]))
  if (typeof given !== 'string') return given === undefined ? given : words
  return given.trim().startsWith('{') ? JSON.stringify({ [words]: words }) : words
}
