// A setting, written once: name, default, bounds, words. Forms, the command line, the
// parser of saved configurations and the documentation are all derived from it.
import { FormatError } from './errors'
import { say } from './phrase'
import { plainNumber } from './number-text'

interface FieldBase<T> {
  /** camelCase; also the key in configurations and after `--set`. */
  key: string
  label: string
  help: string
  default: T
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
}
export interface BooleanField extends FieldBase<boolean> {
  type: 'boolean'
}
export interface ChoiceField extends FieldBase<string> {
  type: 'choice'
  options: readonly { value: string; label: string }[]
}
export interface TextField extends FieldBase<string> {
  type: 'text'
  multiline?: boolean
  maxLength?: number
}
export type Field = NumberField | BooleanField | ChoiceField | TextField
export type FieldValue = number | boolean | string
export type Settings = Record<string, FieldValue>

/** The settings that a list of fields starts with. */
export function defaults(fields: readonly Field[]): Settings {
  return Object.fromEntries(fields.map((f) => [f.key, f.default]))
}

function problem(field: Field, value: unknown): string | undefined {
  switch (field.type) {
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'a number'
      if (value < field.min || value > field.max) return `a number from ${field.min} to ${field.max}`
      if (field.integer && !Number.isInteger(value)) return 'a whole number'
      return undefined
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false'
    case 'choice':
      return field.options.some((o) => o.value === value) ? undefined : `one of ${field.options.map((o) => o.value).join(', ')}`
    case 'text': {
      if (typeof value !== 'string') return 'text'
      const max = field.maxLength ?? 10_000
      return value.length <= max ? undefined : `at most ${max} characters`
    }
  }
}

/**
 * Settings from outside (a form, a saved run, the command line), checked against their fields.
 * Absent ones take their default. All mismatches are collected into one FormatError.
 */
export function parseSettings(where: string, fields: readonly Field[], input: unknown): Settings {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>
  const problems: string[] = []
  const known = new Set(fields.map((f) => f.key))
  for (const key of Object.keys(given))
    if (!known.has(key)) problems.push(`unknown setting ${key} (known: ${[...known].join(', ') || 'none'})`)
  const out: Settings = {}
  for (const field of fields) {
    const value = Object.hasOwn(given, field.key) ? given[field.key] : field.default
    const expected = problem(field, value)
    if (expected) problems.push(`${field.key}: expected ${expected}, got ${JSON.stringify(value)}`)
    else out[field.key] = value as FieldValue
  }
  if (problems.length) throw new FormatError(say`${where}: ${problems.join('; ')}. Correct these settings and try again.`)
  return out
}

/** The settings of `input` that are valid for their fields; the others are left out (an older version may have written them). */
export function usableSettings(fields: readonly Field[], input: unknown): Settings {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Settings
  const usable = fields.filter((field) => Object.hasOwn(given, field.key) && problem(field, given[field.key]) === undefined)
  return Object.fromEntries(usable.map(({ key }) => [key, given[key]]))
}

/**
 * `text` as a value of the field's type; for the command line and links. Text that is no such value stays as it is, so that
 * parseSettings, which also checks bounds, can name it.
 */
export function valueFromText(field: Field, text: string): FieldValue {
  if (field.type === 'number') {
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
