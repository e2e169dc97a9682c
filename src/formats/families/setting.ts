// Settings that only one family has: keys of config.json, or GGUF metadata under the architecture's name.
import { FormatError, UnsupportedError } from '../../config/errors'
import { type PhraseValue, say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { shown } from '../shown'

/** The value of `key` in config.json or `<architecture>.<ggufKey>` in GGUF; undefined if neither is there. */
export function setting(config: ModelConfig, key: string, ggufKey: string): unknown {
  return key in config.raw ? config.raw[key] : config.raw[`${config.family}.${ggufKey}`]
}

/** The same for a number from 0; null counts as 0, which means "none". @throws FormatError */
export function numberSetting(config: ModelConfig, key: string, ggufKey: string, absent: number): number {
  const value = setting(config, key, ggufKey)
  if (value === undefined) return absent
  if (value === null) return 0
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw new FormatError(
    say`${key}: expected a number from 0, got ${shown(value)}. Compare the file with its publisher's, or choose another model.`,
  )
}

/** The same for a number that divides something, so it cannot be 0 or null. @throws FormatError */
export function divisorSetting(config: ModelConfig, key: string, ggufKey: string, absent: number): number {
  const value = numberSetting(config, key, ggufKey, absent)
  if (value > 0) return value
  throw new FormatError(
    say`${key}: expected a number above 0, got ${shown(setting(config, key, ggufKey))}. Compare the file with its publisher's, or choose another model.`,
  )
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
