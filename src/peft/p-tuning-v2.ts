// P-tuning v2 (Liu 2021, arXiv 2110.07602, section 3): keys and values in front of those of every layer are trained directly, without
// a network that makes them. PEFT calls this prefix tuning without projection.
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import { splitColumns } from '../ops/shape'
import { type ConfigKeys, anything, count, flag, promptKeys } from './config-keys'
import type { Encoder } from './encoder'
import { type Base, type MethodHooks, type SetUp, defineMethod } from './method'
import { declarePrompt } from './prompt'

export const prefixLength = {
  key: 'virtualTokens',
  type: 'number',
  label: 'Prefix length',
  help: 'How many keys and values are trained in every layer. Each takes the place of one token in the context.',
  default: 30,
  min: 1,
  max: 1024,
  integer: true,
} as const satisfies Field
/** Settings of every method with a prefix. */
type LengthSettings = SettingsOf<readonly [typeof prefixLength]>

/** Width of a layer's keys, and of its values: K · D. PEFT calls it token_dim for these methods. */
export function keyWidth(base: Base): number {
  return base.config.kvHeads * base.config.headDim
}

/**
 * Prefix tuning with an encoder or without one. The columns of the prompt [P, 2 · L · K · D] are the keys and the values of the first
 * layer, then of the second, and so on (peft tuners/prefix_tuning/model.py and peft_model.py get_prompt).
 */
export function setUpPrefix(context: SetUp<LengthSettings>, encoder?: Encoder): MethodHooks {
  const tokens = context.settings.virtualTokens
  const slots = 2 * context.base.config.layers
  const width = keyWidth(context.base)
  const { prompt, made } = declarePrompt(context, [tokens, slots * width], encoder)
  return {
    made,
    prefixTokens: tokens,
    prefix(r) {
      const parts = splitColumns(
        r,
        prompt(r),
        Array.from({ length: slots }, () => width),
      )
      return Array.from({ length: slots / 2 }, (_, layer) => ({ k: parts[2 * layer], v: parts[2 * layer + 1] }))
    },
  }
}

/** adapter_config.json as PEFT's PrefixTuningConfig writes it. */
export function prefixConfig(settings: LengthSettings, base: Base, projection: boolean, encoderHidden: number): Record<string, unknown> {
  return {
    peft_type: 'PREFIX_TUNING',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base.name,
    inference_mode: true,
    num_virtual_tokens: settings.virtualTokens,
    token_dim: keyWidth(base),
    num_layers: base.config.layers,
    num_attention_heads: base.config.kvHeads,
    num_transformer_submodules: 1,
    prefix_projection: projection,
    encoder_hidden_size: encoderHidden,
  }
}

export const prefixKeys: ConfigKeys = {
  ...promptKeys('PREFIX_TUNING'),
  prefix_projection: flag,
  encoder_hidden_size: count,
  init_weights: anything,
}

export const pTuningV2 = defineMethod({
  name: 'p-tuning-v2',
  label: 'P-tuning v2',
  summary:
    'Directly trains keys and values that are put in front of those of every layer. It takes less memory than prefix tuning, but depends more on a good learning rate.',
  paper: 'Liu et al. 2021, arXiv 2110.07602',
  fields: [prefixLength],
  training: { learningRate: 3e-2 },
  bases: [],
  onPictures: say`P-tuning v2 puts its vectors among tokens, and pictures have none; visual prompt tuning puts them among patches`,
  peftType: 'PREFIX_TUNING',
  recognises: (config) => config.peft_type === 'PREFIX_TUNING' && !config.prefix_projection,
  setUp: async (context) => setUpPrefix(context),
  virtualTokens: (settings) => settings.virtualTokens,
  toConfig: (settings, base) => prefixConfig(settings, base, false, keyWidth(base)),
  configKeys: prefixKeys,
  fromConfig: (config) => ({ virtualTokens: Number(config.num_virtual_tokens) }),
})
