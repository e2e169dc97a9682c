// A setting is written once: name, default, bounds, words. Its type in the code, its control in forms, its option on the command line,
// links and the parser of saved configurations all follow from it.
import { FormatError } from './errors'
import { type Phrase, type PhraseValue, joined, say } from './phrase'
import { plainNumber } from './number-text'
import type { Kind } from './task'

interface FieldBase<T> {
  /** camelCase; also the key in configurations and after `--set`. */
  key: string
  label: string
  help: string
  default: T
  /**
   * Its option on the command line: `lr` for --lr. Every training setting has an option; if this is absent, it is the key with hyphens. The
   * option of a switch sets the opposite of its default (`no-shuffle`).
   */
  flag?: string
  /** It has a meaning only for models with such rows; absent = for all. */
  kind?: Kind
  /** Shown only in the advanced part of a form. */
  advanced?: boolean
}

export interface NumberField extends FieldBase<number> {
  type: 'number'
  min: number
  max: number
  /** Whole numbers only. */
  integer?: boolean
  /** Step of the form's control; for logarithmic quantities use `scale: 'log'`. */
  step?: number
  scale?: 'linear' | 'log'
  unit?: string
  /** What people call the value 0, if it does not mean an amount: `all`. */
  zero?: string
}
interface BooleanField extends FieldBase<boolean> {
  type: 'boolean'
  /** What people call a method with it on and off, if they have words for that: deep, shallow. */
  names?: { on: string; off: string }
}
interface ChoiceField extends FieldBase<string> {
  type: 'choice'
  options: readonly { value: string; label: string }[]
}
interface TextField extends FieldBase<string> {
  type: 'text'
  multiline?: boolean
  maxLength?: number
}
export type Field = NumberField | BooleanField | ChoiceField | TextField
export type FieldValue = number | boolean | string
/** Settings whose fields are known only while the program runs. */
export type Settings = Record<string, FieldValue>

/** The type of a field's value; for a choice, one of its options. */
type ValueOf<F extends Field> = F extends NumberField
  ? number
  : F extends BooleanField
    ? boolean
    : F extends ChoiceField
      ? F['options'][number]['value']
      : string
/** The settings of a list of fields that is written `as const`: each key with the type of its field. */
export type SettingsOf<F extends readonly Field[]> = string extends F[number]['key']
  ? Settings
  : { [K in F[number]['key']]: ValueOf<Extract<F[number], { key: K }>> }

/** The fields that have a meaning for models with rows of a kind. */
export const fieldsFor = (fields: readonly Field[], kind: Kind): Field[] => fields.filter((field) => (field.kind ?? kind) === kind)

/** The settings that a list of fields starts with. */
export function defaults<const F extends readonly Field[]>(fields: F): SettingsOf<F> {
  return typedSettings(say`defaults`, fields, {})
}

/** The same for the type alone: what the field takes if `value` is of another type. */
function typeProblem(field: Field, value: unknown): Phrase | undefined {
  switch (field.type) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : say`a number`
    case 'boolean':
      return typeof value === 'boolean' ? undefined : say`true or false`
    case 'choice':
      return field.options.some((o) => o.value === value) ? undefined : say`one of ${field.options.map((o) => o.value).join(', ')}`
    case 'text':
      return typeof value === 'string' ? undefined : say`text`
  }
}

/** What the field takes instead of `value`, such as “a whole number from 1 to 8”; undefined if it takes `value`. */
export function fieldProblem(field: Field, value: unknown): Phrase | undefined {
  if (field.type === 'number') {
    const fits = typeof value === 'number' && value >= field.min && value <= field.max && (!field.integer || Number.isInteger(value))
    if (fits) return undefined
    return field.integer ? say`a whole number from ${field.min} to ${field.max}` : say`a number from ${field.min} to ${field.max}`
  }
  const wrongType = typeProblem(field, value)
  if (wrongType) return wrongType
  const max = field.type === 'text' ? (field.maxLength ?? 10_000) : Infinity
  return typeof value === 'string' && value.length > max ? say`at most ${max} characters` : undefined
}

/** The fields' values in `given`; absent ones have their default. Problems that `check` finds are thrown together with `problems`. */
function read<F extends readonly Field[]>(
  where: PhraseValue,
  fields: F,
  given: Readonly<Record<string, unknown>>,
  check: typeof fieldProblem,
  problems: Phrase[] = [],
): SettingsOf<F> {
  const out: Settings = {}
  for (const field of fields) {
    const value = Object.hasOwn(given, field.key) ? given[field.key] : field.default
    const expected = check(field, value)
    if (expected) problems.push(say`${field.key}: expected ${expected}, got ${JSON.stringify(value)}`)
    else out[field.key] = value as FieldValue
  }
  if (problems.length) throw new FormatError(say`${where}: ${joined(problems, '; ')}. Correct these settings and try again.`)
  return out as SettingsOf<F>
}

/**
 * Settings from outside (a form, a saved run, the command line), checked against their fields.
 * Absent ones take their default. All mismatches are collected into one FormatError.
 */
export function parseSettings<const F extends readonly Field[]>(where: PhraseValue, fields: F, input: unknown): SettingsOf<F> {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>
  const known = new Set(fields.map((f) => f.key))
  const unknown = Object.keys(given).filter((key) => !known.has(key))
  const problems = unknown.map((key) =>
    known.size ? say`unknown setting ${key} (known: ${[...known].join(', ')})` : say`unknown setting ${key} (there are no settings)`,
  )
  return read(where, fields, given, fieldProblem, problems)
}

/** The same for settings of which only the given ones count. */
export function parseGiven<const F extends readonly Field[]>(where: PhraseValue, fields: F, given: Settings): Partial<SettingsOf<F>> {
  const all: Settings = parseSettings(where, fields, given)
  return Object.fromEntries(Object.keys(given).map((key) => [key, all[key]])) as Partial<SettingsOf<F>>
}

/**
 * The settings of `fields` among `settings`, with their types. Bounds are not checked: they limit what people enter, and an adapter from
 * elsewhere may exceed them. @throws FormatError for a value of another type
 */
export function typedSettings<const F extends readonly Field[]>(where: PhraseValue, fields: F, settings: Settings): SettingsOf<F> {
  return read(where, fields, settings, typeProblem)
}

/** Settings that another version may have written: valid values of `input`, and defaults for the others. */
export function usableSettings<const F extends readonly Field[]>(fields: F, input: unknown): SettingsOf<F> {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Settings
  const usable = fields.filter((field) => Object.hasOwn(given, field.key) && fieldProblem(field, given[field.key]) === undefined)
  return typedSettings(say`settings`, fields, Object.fromEntries(usable.map(({ key }) => [key, given[key]])))
}

/**
 * `text` as a value of the field's type, for the command line and links. Text that is not such a value stays as it is, so that
 * parseSettings, which also checks bounds, can name it.
 */
export function valueFromText(field: Field, text: string): FieldValue {
  if (field.type === 'number') {
    if (field.zero !== undefined && text === field.zero) return 0
    const value = plainNumber(text)
    return Number.isNaN(value) ? text : value
  }
  if (field.type === 'boolean') return words.get(text.trim().toLowerCase()) ?? text
  return text
}

const words: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
])
