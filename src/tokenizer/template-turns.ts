// The turns as a chat template sees them: arguments of calls are objects, and every key that it reads is reported.
import type { ChatMessage } from './chat-message'
import { type JinjaValue, jinjaValue } from './jinja-values'
import { dumps, writtenAs } from './python-text'
import { callsOf, calledFunction, parsedArguments, withCalls } from './tool-calls'

export interface TurnOptions {
  /** Turns with calls but no words have none as their content instead of ''. */
  callsWithoutContent?: boolean
  /** Is called with each turn and key that the template reads. */
  onRead?: (turn: number, key: string) => void
}

/** The value of `messages`, and the place of each turn by what the interpreter holds for it. */
export function templateTurns(
  messages: readonly ChatMessage[],
  { callsWithoutContent, onRead }: TurnOptions,
): { messages: JinjaValue; places: ReadonlyMap<unknown, number> } {
  const given = messages.map((message) => {
    const content = callsWithoutContent && message.content === '' && callsOf(message).length ? null : message.content
    return withCalls({ ...message, content }, parsedArguments)
  })
  const turns = jinjaValue(given)
  elements(turns).forEach((value, i) => {
    elements(entry(value, 'tool_calls')).forEach((call, j) => asText(call, callsOf(messages[i])[j]))
    if (onRead) tellReads(value, (key) => onRead(i, key))
  })
  return { messages: turns, places: new Map(elements(turns).map(({ value }, i) => [value, i])) }
}

const elements = (value: JinjaValue | undefined): JinjaValue[] => (Array.isArray(value?.value) ? value.value : [])
const entry = (value: JinjaValue, key: string): JinjaValue | undefined => (value.value instanceof Map ? value.value.get(key) : undefined)

/** If a template uses a call's arguments as text, they are the text in the data, or JSON if the data has none. */
function asText(call: JinjaValue, source: unknown): void {
  const read = entry(entry(call, 'function') ?? call, 'arguments')
  if (!(read?.value instanceof Map)) return
  const { arguments: given } = calledFunction(source)
  if (typeof given === 'string') writtenAs(read, given)
  read.value.toString = () => (typeof given === 'string' ? given : dumps(read))
}

function tellReads({ value }: JinjaValue, onRead: (key: string) => void): void {
  if (!(value instanceof Map)) return
  const { get, has } = value
  value.get = (key) => {
    onRead(key)
    return get.call(value, key)
  }
  value.has = (key) => {
    onRead(key)
    return has.call(value, key)
  }
  const { keys, values, entries } = value
  const tellAll = (): void => {
    for (const key of keys.call(value)) onRead(key)
  }
  Object.assign(value, {
    keys: () => (tellAll(), keys.call(value)),
    values: () => (tellAll(), values.call(value)),
    entries: () => (tellAll(), entries.call(value)),
    [Symbol.iterator]: () => (tellAll(), entries.call(value)),
  })
}

/** The turn that is among a loop's variables, or that one of them indexes in a list, by its place. */
export function turnAmong(given: readonly unknown[], places: ReadonlyMap<unknown, number>): number | undefined {
  const indices = given.filter((value) => typeof value === 'number')
  const listed = given.flatMap((value) => (Array.isArray(value) ? indices.map((i) => (value.at(i) as JinjaValue | undefined)?.value) : []))
  for (const value of [...given, ...listed]) {
    const place = places.get(value)
    if (place !== undefined) return place
  }
  return undefined
}
