// The option --preset: a prompt template by its name, with the tokens that it needs.
import type { Settings } from '../config/field'
import { presetField, presetNamed } from '../config/prompt-presets'
import type { ModelFile } from '../formats/model-file'
import type { Method } from '../peft/method'
import { lackingTokens } from '../tokenizer/added-tokens'
import { type Options, methodFields } from './options'

/** The tokens of --preset that the model does not have yet. */
export function presetTokens(options: Options, { tokenizer }: Pick<ModelFile, 'tokenizer'>): readonly string[] {
  const tokens = presetNamed(options.given([presetField]).preset)?.tokens ?? []
  return tokenizer ? lackingTokens(tokenizer, tokens) : tokens
}

/** Those settings of `method` that were given by their own options, with the tokens of --preset if it can add tokens. */
export function ownMethodSettings(options: Options, method: Method, file: ModelFile): Settings {
  const given = options.given(methodFields.filter((field) => method.fields.some((own) => own.key === field.key)))
  const tokens = presetTokens(options, file)
  if (!method.newTokens || !tokens.length) return given
  const all = [...method.newTokens(given), ...tokens]
  return { ...given, newTokens: [...new Set(all)].join(', ') }
}
