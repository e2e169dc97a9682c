// Answers in JSON: whether they are JSON, and which of the expected values they have at their places.
import { entriesOf, parseJson, stringifyJson } from '../config/exact-json'
import { f1, microOverlap, overlapOf } from './overlap'
import { mean, mostly, score } from './score'

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
  if (!entries?.length) fields.push(`${path} = ${stringifyJson(value)}`)
  else for (const [at, item] of entries) collect(item, at, fields)
}

const namedEntries = (value: unknown, path: string): [string, unknown][] | undefined =>
  entriesOf(value)?.map(([key, item]) => [`${path}.${JSON.stringify(key)}`, item])

const isObject = (text: string): boolean => /^\s*[{[]/.test(text) && jsonFields(text) !== undefined

export const jsonScore = score({
  name: 'json',
  label: 'JSON fields',
  help: 'Micro F1 over the values of the JSON, each with its place. The order of keys and of list items does not count. An answer that is no JSON has none.',
  figures: [
    { key: 'jsonF1', label: 'JSON field F1', form: 'share' },
    { key: 'jsonRight', label: 'All JSON fields right', form: 'share' },
    { key: 'jsonValid', label: 'Valid JSON', form: 'share' },
  ],
  suits: (rows) => mostly(rows, ({ expected }) => isObject(expected)),
  judge({ answer, expected }) {
    const said = jsonFields(answer)
    return { valid: said !== undefined, overlap: overlapOf(said ?? [], jsonFields(expected) ?? [expected.trim()]) }
  },
  grade: ({ overlap }) => f1(overlap),
  figuresOf: (judgements) => ({
    jsonF1: f1(microOverlap(judgements.map(({ overlap }) => overlap))),
    jsonRight: mean(judgements.map(({ overlap }) => (f1(overlap) === 1 ? 1 : 0))),
    jsonValid: mean(judgements.map(({ valid }) => (valid ? 1 : 0))),
  }),
})
