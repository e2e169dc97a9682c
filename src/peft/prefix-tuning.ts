// Prefix tuning (Li & Liang 2021, arXiv 2101.00190, section 4): keys and values in front of those of every layer. An MLP makes them
// while training (section 4.3). Only the keys and values are needed afterwards.
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import { type Encoder, embeddingParameter, linearParameters } from './encoder'
import { type Base, defineMethod } from './method'
import { keyWidth, prefixConfig, prefixKeys, prefixLength, setUpPrefix } from './p-tuning-v2'
import { promptKey, promptNotice } from './prompt'

const fields = [
  prefixLength,
  {
    key: 'projection',
    type: 'boolean',
    label: 'Projection',
    help: 'Trains a small network that makes the prefix, which is more stable. Without it, the method is P-tuning v2.',
    default: true,
  },
  {
    key: 'encoderHidden',
    type: 'number',
    label: 'Hidden size',
    help: 'Width of the network’s hidden layer. It must be a multiple of 4.',
    default: 512,
    min: 4,
    max: 16_384,
    step: 4,
    integer: true,
    advanced: true,
  },
] as const satisfies readonly Field[]
type PrefixSettings = SettingsOf<typeof fields>

const at = 'prompt_encoder.default'

/** Embedding [P, K · D], Linear, tanh, Linear (peft tuners/prefix_tuning/model.py). */
function encoderOf(settings: PrefixSettings, base: Base, seed = 0): Encoder | undefined {
  if (!settings.projection) return undefined
  const [width, hidden] = [keyWidth(base), settings.encoderHidden]
  return {
    parameters: [
      embeddingParameter(seed, `${at}.embedding.weight`, settings.virtualTokens, width),
      ...linearParameters(seed, `${at}.transform.0`, width, hidden),
      ...linearParameters(seed, `${at}.transform.2`, hidden, 2 * base.config.layers * width),
    ],
    encode: (n) => n.linear(n.tanh(n.linear(n.parameter(`${at}.embedding.weight`), `${at}.transform.0`)), `${at}.transform.2`),
  }
}

export const prefixTuning = defineMethod({
  name: 'prefix-tuning',
  label: 'Prefix tuning',
  summary:
    'Trains keys and values that are put in front of those of every layer, through a small network that is not needed afterwards. Choose it when prompt tuning learns too little.',
  paper: 'Li & Liang 2021, arXiv 2101.00190',
  fields,
  training: { learningRate: 5e-3 },
  bases: [],
  onPictures: say`Prefix tuning puts its vectors among tokens, and pictures have none; visual prompt tuning puts them among patches`,
  peftType: 'PREFIX_TUNING',
  recognises: (config) => config.peft_type === 'PREFIX_TUNING' && Boolean(config.prefix_projection),
  setUp: async (context) => setUpPrefix(context, encoderOf(context.settings, context.base, context.seed)),
  virtualTokens: (settings) => settings.virtualTokens,
  fileTensors: (_trained, settings, base) => [
    { name: promptKey, shape: [settings.virtualTokens, 2 * base.config.layers * keyWidth(base)] },
  ],
  notice: (settings, initial) => (settings.projection ? promptNotice('Prefix tuning', initial) : undefined),
  toConfig: (settings, base) => prefixConfig(settings, base, settings.projection, settings.encoderHidden),
  configKeys: prefixKeys,
  fromConfig: (config, base) => ({
    virtualTokens: Number(config.num_virtual_tokens),
    projection: Boolean(config.prefix_projection),
    encoderHidden: Number(config.encoder_hidden_size ?? keyWidth(base)),
  }),
})
