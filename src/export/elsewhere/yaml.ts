// A configuration as YAML that PyYAML, OmegaConf and people read: one key per line, in order, with comments.

type YamlValue = string | number | boolean | readonly string[] | readonly YamlMap[] | YamlMap
export interface YamlMap {
  readonly [key: string]: YamlValue | undefined
}

/** PyYAML takes 1e-8 for a text. */
function numberText(value: number): string {
  const text = String(value)
  return /^-?\d+e/.test(text) ? text.replace('e', '.0e') : text
}

/** Characters that YAML has no place for or folds like line breaks, and JSON leaves as they are (YAML 1.2, 5.1 and 7.3.1). */
const unprintable = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g

/** In double quotes, with escapes that JSON and YAML share. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

function scalar(value: string | number | boolean): string {
  return typeof value === 'string' ? quoted(value) : typeof value === 'number' ? numberText(value) : String(value)
}

const isList = (value: object): value is readonly string[] | readonly YamlMap[] => Array.isArray(value)

function entry(key: string, value: YamlValue): string[] {
  if (typeof value !== 'object') return [`${key}: ${scalar(value)}`]
  if (!isList(value)) return [`${key}:`, ...linesOf(value).map((line) => `  ${line}`)]
  const items = value.map((item) => (typeof item === 'string' ? [scalar(item)] : linesOf(item)))
  return [`${key}:`, ...items.flatMap((lines) => lines.map((line, i) => `  ${i ? ' ' : '-'} ${line}`))]
}

const linesOf = (map: YamlMap): string[] => Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : entry(key, value)))

/** Sections with a comment before each. A key that is undefined is left out. */
export function yaml(sections: readonly { about: string; keys: YamlMap }[]): string {
  return sections.map(({ about, keys }) => [`# ${about}`, ...linesOf(keys), ''].join('\n')).join('\n')
}
