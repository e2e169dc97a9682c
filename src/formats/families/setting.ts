// What only one family's configuration has: config.json's keys, or GGUF metadata under the architecture's name.
import { FormatError, UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { shown } from '../shown'

/** The value of `key` in config.json or `<architecture>.<ggufKey>` in GGUF; undefined where neither is there. */
export function setting(config: ModelConfig, key: string, ggufKey: string): unknown {
  return key in config.raw ? config.raw[key] : config.raw[`${config.family}.${ggufKey}`]
}

/** Likewise a number above 0; null counts as 0, which stands for "none". @throws FormatError */
export function numberSetting(config: ModelConfig, key: string, ggufKey: string, absent: number): number {
  const value = setting(config, key, ggufKey)
  if (value === undefined) return absent
  if (value === null) return 0
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw new FormatError(
    say`${key}: expected a number, got ${shown(value)}. Compare the file with its publisher's, or choose another model.`,
  )
}

/** Refuses an unusual setting that a GGUF file cannot hold, since llama.cpp assumes what the family's models usually have. @throws UnsupportedError */
export function checkUsual(key: string, usual: string, got: unknown, isUsual: boolean): void {
  if (isUsual) return
  throw new UnsupportedError(
    say`GGUF, ${key}: expected ${usual}, which is all that llama.cpp computes, got ${String(got)}. Merge into a folder instead.`,
  )
}
