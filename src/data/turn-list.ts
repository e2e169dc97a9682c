// What counts as a list of turns: in a column, as JSON text in a column, or as a row of its own.
import { parseJson, recordOf } from '../config/exact-json'

export function isTurn(value: unknown): boolean {
  const turn = recordOf(value)
  return turn !== undefined && (Object.hasOwn(turn, 'role') || Object.hasOwn(turn, 'from'))
}

/** Text that begins like a list of turns, in JSON or as Python prints it. */
const turnsText = /^\s*\[\s*\{\s*(["'])(role|from|content|value)\1/

/** The list in a value: the list itself, or JSON text of one; undefined for everything else. */
export function listOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (typeof value !== 'string' || !/^\s*\[/.test(value)) return undefined
  try {
    const parsed = parseJson(value)
    return Array.isArray(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/** Whether a value is a list of turns, or text that looks like one. */
export function isTurns(value: unknown): boolean {
  if (typeof value === 'string') return turnsText.test(value)
  return Array.isArray(value) && value.length > 0 && isTurn(value[0])
}
