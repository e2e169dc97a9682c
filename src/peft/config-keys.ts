// Rules for the values in adapter_config.json. A method lists the keys it knows. Any other key that is set is refused by name, so keys
// that PEFT adds later are never silently ignored.
import { FormatError, UnsupportedError } from '../config/errors'
import { type Phrase, joined, say } from '../config/phrase'

export interface KeyRule {
  /** What the value must be, for the error. */
  type: Phrase
  is(value: unknown): boolean
  /** Whether the value is implemented; absent = all values of the type are. */
  done?(value: unknown): boolean
  /** An empty value ({}, [], false) counts as not set, whatever its type. */
  emptyIsUnset?: boolean
  /** What to do about a value that is not implemented. */
  advice?: Phrase
  required?: boolean
}
export type ConfigKeys = Readonly<Record<string, KeyRule>>
export type Config = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown) => typeof value === 'string'
const isNames = (value: unknown) => Array.isArray(value) && value.every(isText)
const isIds = (value: unknown) => Array.isArray(value) && value.every((v) => Number.isInteger(v) && v >= 0)

/** The key does not affect what the adapter computes, or only together with another key that is refused. */
export const anything: KeyRule = { type: say`anything`, is: () => true }
export const text: KeyRule = { type: say`text`, is: isText }
export const flag: KeyRule = { type: say`true or false`, is: (v) => typeof v === 'boolean' }
export const count: KeyRule = { type: say`a whole number from 1`, is: (v) => Number.isSafeInteger(v) && Number(v) >= 1 }
export const positive: KeyRule = { type: say`a number above 0`, is: (v) => Number.isFinite(v) && Number(v) > 0 }
export const share: KeyRule = { type: say`a number from 0 to below 1`, is: (v) => Number.isFinite(v) && Number(v) >= 0 && Number(v) < 1 }
export const atLeastZero: KeyRule = { type: say`a number from 0`, is: (v) => Number.isFinite(v) && Number(v) >= 0 }
export const names: KeyRule = { emptyIsUnset: true, type: say`a list of names`, is: isNames }
export const modules: KeyRule = {
  emptyIsUnset: true,
  type: say`a list of names or a regular expression`,
  is: (v) => isText(v) || isNames(v),
}
export const layers: KeyRule = { emptyIsUnset: true, type: say`a list of layers or one`, is: (v) => isIds(v) || isIds([v]) }
export const tokenIds: KeyRule = {
  emptyIsUnset: true,
  type: say`a list of token ids, or such lists by module`,
  is: (v) => isIds(v) || (isObject(v) && Object.values(v).every(isIds)),
}
/** An object from names or patterns of modules to values. */
export const byModule = (rule: KeyRule): KeyRule => ({
  emptyIsUnset: true,
  type: say`an object in which each value is ${rule.type}`,
  is: (v) => isObject(v) && Object.values(v).every((value) => rule.is(value)),
})
/** Only these values are implemented. */
export const only = (rule: KeyRule, ...values: unknown[]): KeyRule => ({ ...rule, done: (v) => values.includes(v) })
export const required = (rule: KeyRule): KeyRule => ({ ...rule, required: true })

/** Keys that PEFT writes for every method (PeftConfig of PEFT 0.21). */
export const commonKeys = (peftType: string): ConfigKeys => ({
  peft_type: only(text, peftType),
  task_type: { ...only(text, 'CAUSAL_LM'), advice: say`Use an adapter of a language model.` },
  auto_mapping: anything,
  peft_version: anything,
  base_model_name_or_path: text,
  revision: anything,
  inference_mode: anything,
  runtime_config: anything,
})

/** Keys of methods with prompts in front of the input (PromptLearningConfig). The sizes are those of the file's tensors. */
export const promptKeys = (peftType: string): ConfigKeys => ({
  ...commonKeys(peftType),
  num_virtual_tokens: required(count),
  token_dim: count,
  num_transformer_submodules: only(count, 1),
  num_attention_heads: count,
  num_layers: count,
})

/** Whether the value counts as not set. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

const shown = (value: unknown) => {
  const json = JSON.stringify(value)
  return json.length > 60 ? `${json.slice(0, 60)}…` : json
}

/**
 * The keys of `config` that are set, with their checked values.
 * @throws FormatError naming all values of a wrong type; UnsupportedError naming all keys and values that are not implemented
 */
export function parseConfig(config: unknown, keys: ConfigKeys, where = 'adapter_config.json'): Config {
  if (!isObject(config)) throw new FormatError(say`${where}: expected an object, got ${shown(config)}. The file is damaged.`)
  const known = new Map(Object.entries(keys))
  const [wrong, refused, advice]: [Phrase[], Phrase[], Phrase[]] = [[], [], []]
  const wrongKeys = new Set<string>()
  const out: [string, unknown][] = []
  for (const [key, value] of Object.entries(config)) {
    const rule = known.get(key)
    if (value === null || (isEmpty(value) && (!rule || rule.emptyIsUnset))) continue
    if (rule && !rule.is(value)) {
      wrongKeys.add(key)
      wrong.push(say`${key}: expected ${rule.type}, got ${shown(value)}`)
    } else if (!rule || rule.done?.(value) === false) {
      refused.push(say`${key} is set to ${shown(value)}`)
      if (rule?.advice) advice.push(rule.advice)
    } else out.push([key, value])
  }
  const given = new Set(out.map(([key]) => key))
  for (const [key, rule] of known)
    if (rule.required && !given.has(key) && !wrongKeys.has(key)) wrong.push(say`${key}: expected ${rule.type}, got nothing`)
  if (wrong.length) throw new FormatError(say`${where}, ${joined(wrong, '; ')}. Correct the file, or use another adapter.`)
  if (refused.length)
    throw new UnsupportedError(
      say`${where}: expected only settings that TabTune implements, got a file where ${joined(refused, ' and ')}. ${advice[0] ?? say`Use an adapter without it.`}`,
    )
  return Object.fromEntries(out)
}
