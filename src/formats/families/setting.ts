// Settings that only one family has: keys of config.json, or GGUF metadata under the architecture's name. setting-kinds.ts has checked
// their types when the file was opened.
import { UnsupportedError } from '../../config/errors'
import { type PhraseValue, say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { aPositive, isPositive, oddSetting } from '../setting-kinds'

/** The value of `key` in config.json or of `ggufKey` after the architecture's name in GGUF; undefined if neither is there. */
export function setting(config: ModelConfig, key: string, ggufKey: string): unknown {
  return key in config.raw ? config.raw[key] : config.raw[`${String(config.raw['general.architecture'] ?? config.family)}.${ggufKey}`]
}

/** The same for a number from 0; null counts as 0, which means "none". @throws FormatError */
export function numberSetting(config: ModelConfig, key: string, ggufKey: string, absent: number): number {
  const value = setting(config, key, ggufKey)
  if (value === undefined) return absent
  if (value === null || value === 0) return 0
  if (isPositive(value)) return value
  throw oddSetting(config.family, key, say`0 or ${aPositive}`, value)
}

/** The same for a factor or a divisor, so it cannot be 0 or null. @throws FormatError */
export function positiveSetting(config: ModelConfig, key: string, ggufKey: string, absent: number): number {
  const value = numberSetting(config, key, ggufKey, absent)
  if (value > 0) return value
  throw oddSetting(config.family, key, aPositive, setting(config, key, ggufKey))
}

/** Whether a switch is on; null is off, as in Python. */
export function isOn({ raw }: ModelConfig, key: string, absent: boolean): boolean {
  const value = raw[key]
  return value === undefined ? absent : value === true
}

/** Refuses an unusual setting that a GGUF file cannot store, because llama.cpp assumes the family's usual value. @throws UnsupportedError */
export function checkUsual(key: string, usual: PhraseValue | boolean, got: PhraseValue | boolean, isUsual: boolean): void {
  if (isUsual) return
  throw new UnsupportedError(
    say`GGUF, ${key}: expected ${usual}, because llama.cpp computes nothing else, got ${got}. Merge into a folder instead.`,
  )
}

/** Refuses a tied head: llama.cpp's loader of some families wants a head of its own. @throws UnsupportedError */
export const checkOwnHead = ({ tied }: ModelConfig): void => checkUsual('tie_word_embeddings', false, tied, !tied)

/** Refuses heads that are together wider or narrower than the hidden states, where llama.cpp takes that width for queries. @throws UnsupportedError */
export const checkSquare = ({ heads, headDim, hidden }: ModelConfig): void =>
  checkUsual('head_dim', hidden / heads, headDim, headDim * heads === hidden)
