// JSON files that come with a model, checked against a schema. A schema's messages say what is expected: `text`, `a list`.
import * as v from 'valibot'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'

type Json = Readonly<Record<string, unknown>>

export const text = v.string('text')
export const isObject = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null && !Array.isArray(input)

/** Nested lists and objects; deeper ones would overflow the stack of those who go through them. */
const maxDepth = 64

/** @throws FormatError where `json` is nested deeper than 64 */
export function checkDepth(where: string, json: Json): void {
  let level: unknown[] = [json]
  for (let depth = 0; level.length; depth++) {
    if (depth > maxDepth) throw unexpected(where, `lists and objects nested at most ${maxDepth} deep`, 'deeper ones', true)
    const next: unknown[] = []
    for (const node of level)
      for (const child of Object.values(node as object) as unknown[]) if (typeof child === 'object' && child !== null) next.push(child)
    level = next
  }
}

/** @throws FormatError for the first thing in `input` that `schema` does not allow; `inside` = where in the file it stands */
export function check(where: string, schema: v.GenericSchema, input: unknown, inside = ''): void {
  const found = v.safeParse(schema, input, { abortEarly: true, abortPipeEarly: true })
  if (found.success) return
  const [issue] = found.issues
  const path = [inside, v.getDotPath(issue)].filter(Boolean).join('.') || 'the file'
  const missing = issue.input === undefined
  throw unexpected(where, missing ? `a "${path}"` : `${path} to be ${issue.message}`, issue.input)
}

/** The error for something in `where` that is not as it must be; `plain` = `got` is already in words. */
export function unexpected(where: string, expected: string, got: unknown, plain = false): FormatError {
  const written = plain ? String(got) : got === undefined ? 'none' : described(got)
  return new FormatError(say`${where}: expected ${expected}, got ${written}. Use the ${where} that belongs to the model.`)
}

function described(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (isObject(value)) return 'an object'
  const written = JSON.stringify(value)
  return written.length > 60 ? `${written.slice(0, 60)}…` : written
}
