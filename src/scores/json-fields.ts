// Answers in JSON: whether they are JSON, and which of the expected values they have at their places.
import { JsonNumber, entriesOf, parseJson, stringifyJson } from '../config/exact-json'
import { partsScore } from './parts-score'
import { mostly } from './score'

/** Each value with its path, `$.a.b = 1`. Items of a list have no number, so their order does not count. Undefined if it is no JSON. */
function jsonFields(text: string): string[] | undefined {
  let value: unknown
  try {
    value = parseJson(unfenced(text))
  } catch {
    return undefined
  }
  const fields: string[] = []
  collect(value, '$', fields)
  return fields
}

/** The text without the code fence that models like to write around JSON. */
const unfenced = (text: string): string => /^```(?:json)?[^\S\n]*\n([^]*)```$/i.exec(text.trim())?.[1] ?? text

function collect(value: unknown, path: string, fields: string[]): void {
  const entries = Array.isArray(value) ? value.map((item): [string, unknown] => [`${path}[]`, item]) : namedEntries(value, path)
  if (!entries?.length) fields.push(`${path} = ${plainValue(value)}`)
  else for (const [at, item] of entries) collect(item, at, fields)
}

/** The value as text: `1.0` and `1e0` as 1, if the number is one that JavaScript holds exactly. */
function plainValue(value: unknown): string {
  if (!(value instanceof JsonNumber) || value.text.replaceAll(/\D/g, '').length > 15) return stringifyJson(value)
  return String(Number(value.text))
}

const namedEntries = (value: unknown, path: string): [string, unknown][] | undefined =>
  entriesOf(value)?.map(([key, item]) => [`${path}.${JSON.stringify(key)}`, item])

const isObject = (text: string): boolean => /^\s*[{[]/.test(text) && jsonFields(text) !== undefined

export const jsonScore = partsScore({
  name: 'json',
  label: 'JSON fields',
  help: 'Micro F1 over the values of the JSON, each with its place. The order of keys and of list items does not count. An answer that is no JSON has none.',
  key: 'json',
  labels: { f1: 'JSON field F1', right: 'All JSON fields right', parsed: 'Valid JSON' },
  first: 'f1',
  suits: (rows) => mostly(rows, ({ expected }) => isObject(expected)),
  parts: jsonFields,
})
