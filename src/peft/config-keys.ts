// What the keys of adapter_config.json may hold. A method lists the keys it knows; any other key that is set is refused by name, so that
// keys that PEFT adds later are never silently ignored.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'

export interface KeyRule {
  /** What the value should be, for an error. */
  type: string
  is(value: unknown): boolean
  /** Which values of that type are implemented; absent = all. */
  done?(value: unknown): boolean
  /** An empty value ({}, [], false) counts as not set, whatever its type. */
  emptyIsUnset?: boolean
  /** What to do about a value that is not implemented. */
  advice?: string
  required?: boolean
}
export type ConfigKeys = Readonly<Record<string, KeyRule>>
export type Config = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown) => typeof value === 'string'
const isNames = (value: unknown) => Array.isArray(value) && value.every(isText)
const isIds = (value: unknown) => Array.isArray(value) && value.every((v) => Number.isInteger(v) && v >= 0)

/** Does not affect what the adapter computes, or only together with another key that is refused. */
export const anything: KeyRule = { type: 'anything', is: () => true }
export const text: KeyRule = { type: 'text', is: isText }
export const flag: KeyRule = { type: 'true or false', is: (v) => typeof v === 'boolean' }
export const count: KeyRule = { type: 'a whole number from 1', is: (v) => Number.isSafeInteger(v) && Number(v) >= 1 }
export const positive: KeyRule = { type: 'a number above 0', is: (v) => Number.isFinite(v) && Number(v) > 0 }
export const share: KeyRule = { type: 'a number from 0 to below 1', is: (v) => Number.isFinite(v) && Number(v) >= 0 && Number(v) < 1 }
export const atLeastZero: KeyRule = { type: 'a number from 0', is: (v) => Number.isFinite(v) && Number(v) >= 0 }
export const names: KeyRule = { emptyIsUnset: true, type: 'a list of names', is: isNames }
export const modules: KeyRule = { emptyIsUnset: true, type: 'a list of names or a regular expression', is: (v) => isText(v) || isNames(v) }
export const layers: KeyRule = { emptyIsUnset: true, type: 'a list of layers or one', is: (v) => isIds(v) || isIds([v]) }
export const tokenIds: KeyRule = {
  emptyIsUnset: true,
  type: 'a list of token ids, or such lists by module',
  is: (v) => isIds(v) || (isObject(v) && Object.values(v).every(isIds)),
}
/** Values by regular expressions for modules. */
export const byModule = (rule: KeyRule): KeyRule => ({
  emptyIsUnset: true,
  type: `an object whose values are each ${rule.type}`,
  is: (v) => isObject(v) && Object.values(v).every((value) => rule.is(value)),
})
/** These values alone are implemented. */
export const only = (rule: KeyRule, ...values: unknown[]): KeyRule => ({ ...rule, done: (v) => values.includes(v) })
export const required = (rule: KeyRule): KeyRule => ({ ...rule, required: true })

/** Keys that PEFT writes for every method (PeftConfig of PEFT 0.21). */
export const commonKeys = (peftType: string): ConfigKeys => ({
  peft_type: only(text, peftType),
  task_type: { ...only(text, 'CAUSAL_LM'), advice: 'Use an adapter of a language model.' },
  auto_mapping: anything,
  peft_version: anything,
  base_model_name_or_path: text,
  revision: anything,
  inference_mode: anything,
  runtime_config: anything,
})

/** Keys of methods whose prompts stand in front of the input (PromptLearningConfig); sizes show in the file's own tensors. */
export const promptKeys = (peftType: string): ConfigKeys => ({
  ...commonKeys(peftType),
  num_virtual_tokens: required(count),
  token_dim: count,
  num_transformer_submodules: only(count, 1),
  num_attention_heads: count,
  num_layers: count,
})

/** What counts as not set. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

const shown = (value: unknown) => {
  const json = JSON.stringify(value)
  return json.length > 60 ? `${json.slice(0, 60)}…` : json
}

/**
 * The keys of `config` that are set and known, each of its own type.
 * @throws FormatError naming all values of a wrong type; UnsupportedError naming all that are set to what is not implemented
 */
export function parseConfig(config: unknown, keys: ConfigKeys, where = 'adapter_config.json'): Config {
  if (!isObject(config)) throw new FormatError(say`${where}: expected an object, got ${shown(config)}. The file is damaged.`)
  const known = new Map(Object.entries(keys))
  const [wrong, refused, advice]: [string[], string[], string[]] = [[], [], []]
  const out: [string, unknown][] = []
  for (const [key, value] of Object.entries(config)) {
    const rule = known.get(key)
    if (value === null || (isEmpty(value) && (!rule || rule.emptyIsUnset))) continue
    if (rule && !rule.is(value)) wrong.push(`${key}: expected ${rule.type}, got ${shown(value)}`)
    else if (!rule || rule.done?.(value) === false) {
      refused.push(`${key} is set to ${shown(value)}`)
      if (rule?.advice) advice.push(rule.advice)
    } else out.push([key, value])
  }
  const given = new Set(out.map(([key]) => key))
  for (const [key, rule] of known)
    if (rule.required && !given.has(key) && !wrong.some((w) => w.startsWith(`${key}:`)))
      wrong.push(`${key}: expected ${rule.type}, got nothing`)
  if (wrong.length) throw new FormatError(say`${where}, ${wrong.join('; ')}. Correct the file, or use another adapter.`)
  if (refused.length)
    throw new UnsupportedError(
      say`${where}: expected what TabTune implements, got a file where ${refused.join(' and ')}. ${advice[0] ?? 'Use an adapter without it.'}`,
    )
  return Object.fromEntries(out)
}
