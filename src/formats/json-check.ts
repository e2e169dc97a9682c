// Checks JSON files of a model against a schema. A schema's messages say what is expected: `text`, `a list`. They are phrases: a message
// of fixed words is its own key, and one with values is made by `expecting`.
import * as v from 'valibot'
import { FormatError } from '../config/errors'
import { type Phrase, type PhraseValue, say } from '../config/phrase'

type Json = Readonly<Record<string, unknown>>

export const text = v.string('text')
export const isObject = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null && !Array.isArray(input)

/** A phrase as the message of a schema, which must be a string. `check` turns it back into the phrase. */
export const expecting = (phrase: Phrase): string => JSON.stringify(phrase)

const expectedBy = (message: string): Phrase => (message.startsWith('{') ? (JSON.parse(message) as Phrase) : { key: message, values: [] })

/** Most levels of nested lists and objects. Code that goes through deeper ones would overflow the stack. */
const maxDepth = 64

/** Names that would break writing a value as text. No setting has them. */
const reserved = ['toString', 'valueOf']

/** @throws FormatError if a file of settings is nested deeper than 64, or has a name that every object has as a function */
export function checkSettings(where: string, json: Json): void {
  checkDepth(where, json, (node) => {
    const found = reserved.find((name) => Object.hasOwn(node, name))
    if (found !== undefined) throw notAsExpected(where, say`names of settings`, found)
  })
}

/** @throws FormatError where `json` is nested deeper than 64 */
export function checkDepth(where: string, json: Json, visit?: (node: object) => void): void {
  let level: unknown[] = [json]
  for (let depth = 0; level.length; depth++) {
    if (depth > maxDepth) throw notAsExpected(where, say`lists and objects nested at most ${maxDepth} deep`, say`deeper ones`)
    const next: unknown[] = []
    for (const node of level) {
      visit?.(node as object)
      for (const child of Object.values(node as object) as unknown[]) if (typeof child === 'object' && child !== null) next.push(child)
    }
    level = next
  }
}

/** @throws FormatError for the first value in `input` that `schema` does not allow; `inside`: the place of `input` in the file */
export function check(where: string, schema: v.GenericSchema, input: unknown, inside = ''): void {
  const found = v.safeParse(schema, input, { abortEarly: true, abortPipeEarly: true })
  if (found.success) return
  const [issue] = found.issues
  const path = [inside, v.getDotPath(issue)].filter(Boolean).join('.') || say`the file`
  const missing = issue.input === undefined
  throw unexpected(where, missing ? say`a "${path}"` : say`${path} to be ${expectedBy(issue.message)}`, issue.input)
}

/** The error for a value in `where` that is not what is expected. */
export function unexpected(where: string, expected: Phrase, got: unknown): FormatError {
  return notAsExpected(where, expected, got === undefined ? say`none` : described(got))
}

/** The same with `got` in words. */
function notAsExpected(where: string, expected: Phrase, got: PhraseValue): FormatError {
  return new FormatError(say`${where}: expected ${expected}, got ${got}. Use the ${where} that belongs to the model.`)
}

function described(value: unknown): PhraseValue {
  if (Array.isArray(value)) return say`a list of ${value.length}`
  if (isObject(value)) return say`an object`
  const written = JSON.stringify(value)
  return written.length > 60 ? `${written.slice(0, 60)}…` : written
}
