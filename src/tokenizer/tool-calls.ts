// The calls in a turn: `{ name, arguments }`, or OpenAI's `{ type: 'function', function: { name, arguments } }`.

import { entriesOf, parseJson, recordOf } from '../config/exact-json'

type Json = Record<string, unknown>

/** The object with a call's name and arguments. */
export const calledFunction = (call: unknown): Json => {
  const outer = recordOf(call) ?? {}
  return recordOf(outer.function) ?? outer
}

/** The calls of a turn; none if it has no list of them. */
export const callsOf = (message: Json): unknown[] => (Array.isArray(message.tool_calls) ? (message.tool_calls as unknown[]) : [])

/** The turn with `change` applied to each call's name and arguments, in either form. */
export function withCalls(message: Json, change: (called: Json, index: number) => Json): Json {
  if (!Array.isArray(message.tool_calls)) return message
  const changed = callsOf(message).map((item, i) => {
    const call = recordOf(item)
    if (!call) return item
    const called = recordOf(call.function)
    return called ? { ...call, function: change(called, i) } : change(call, i)
  })
  return { ...message, tool_calls: changed }
}

/** Names of the key with a call's arguments. */
export const argumentKeys = ['arguments', 'parameters', 'input'] as const

/** Arguments that are the text of a JSON object, parsed. Any other text stays text. */
export function parsedArguments(called: Json): Json {
  const read = argumentKeys.flatMap((key): [string, unknown][] => {
    const text = called[key]
    const value = typeof text === 'string' ? objectOf(text) : undefined
    return value ? [[key, value]] : []
  })
  return read.length ? { ...called, ...Object.fromEntries(read) } : called
}

function objectOf(text: string): unknown {
  try {
    const read = parseJson(text)
    return entriesOf(read) && read
  } catch {
    return undefined
  }
}
