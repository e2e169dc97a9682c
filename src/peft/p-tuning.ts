// P-tuning (Liu 2021, arXiv 2103.10385, section 3): a prompt encoder, an MLP or a bidirectional LSTM, makes the virtual tokens while
// training. Only the virtual tokens are needed afterwards.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import { virtualTokens } from '../ops/embedding'
import type { Tensor } from '../tensor/tensor'
import { type Config, count, promptKeys, share, text } from './config-keys'
import { type Encoder, type Network, embeddingParameter, linearParameters, lstmParameters } from './encoder'
import { type Base, type MethodHooks, type SetUp, defineMethod } from './method'
import { declarePrompt, promptKey, promptNotice } from './prompt'

const fields = [
  {
    key: 'virtualTokens',
    type: 'number',
    label: 'Virtual tokens',
    help: 'How many vectors are put in front of the input. Each takes the place of one token in the context.',
    default: 20,
    min: 1,
    max: 1024,
    integer: true,
  },
  {
    key: 'encoder',
    type: 'choice',
    label: 'Prompt encoder',
    help: 'The kind of network that makes the vectors while training.',
    default: 'mlp',
    options: [
      { value: 'mlp', label: 'MLP' },
      { value: 'lstm', label: 'Bidirectional LSTM' },
    ],
  },
  {
    key: 'encoderHidden',
    type: 'number',
    label: 'Hidden size',
    help: 'Width of the prompt encoder’s hidden layers. It must be a multiple of 4.',
    default: 128,
    min: 4,
    max: 16_384,
    step: 4,
    integer: true,
  },
  {
    key: 'encoderLayers',
    type: 'number',
    label: 'LSTM layers',
    help: 'How many layers the LSTM has. The MLP always has three.',
    default: 2,
    min: 1,
    max: 8,
    integer: true,
    advanced: true,
  },
  {
    key: 'encoderDropout',
    type: 'number',
    label: 'LSTM dropout',
    help: 'Share of the values between LSTM layers that is set to zero at random while training.',
    default: 0,
    min: 0,
    max: 0.9,
    advanced: true,
  },
] as const satisfies readonly Field[]
type PTuningSettings = SettingsOf<typeof fields>

const at = 'prompt_encoder.default'

/** Linear layers of PEFT's `mlp_head`, a Sequential with a ReLU between them. */
function head(n: Network, x: Tensor, layers: number): Tensor {
  let y = n.linear(x, `${at}.mlp_head.0`)
  for (let i = 1; i < layers; i++) y = n.linear(n.relu(y), `${at}.mlp_head.${2 * i}`)
  return y
}

/** Embedding [P, C], then three linear layers, or LSTM layers and two linear ones (peft tuners/p_tuning/model.py). */
function encoderOf(settings: PTuningSettings, base: Base, seed = 0): Encoder {
  const [tokens, width, hidden, layers] = [settings.virtualTokens, base.config.hidden, settings.encoderHidden, settings.encoderLayers]
  const embedding = embeddingParameter(seed, `${at}.embedding.weight`, tokens, width)
  const linear = (index: number, inputs: number, outputs: number) => linearParameters(seed, `${at}.mlp_head.${index}`, inputs, outputs)
  if (settings.encoder === 'mlp')
    return {
      parameters: [embedding, ...linear(0, width, hidden), ...linear(2, hidden, hidden), ...linear(4, hidden, width)],
      encode: (n) => head(n, n.parameter(embedding.name), 3),
    }
  const lstm = `${at}.lstm_head`
  return {
    parameters: [
      embedding,
      ...lstmParameters(seed, lstm, width, hidden, layers),
      ...linear(0, 2 * hidden, 2 * hidden),
      ...linear(2, 2 * hidden, width),
    ],
    encode: (n) => head(n, n.lstm(n.parameter(embedding.name), lstm, layers, settings.encoderDropout), 2),
  }
}

async function setUp(context: SetUp<PTuningSettings>): Promise<MethodHooks> {
  const { base, settings, seed } = context
  const tokens = settings.virtualTokens
  const { prompt, made } = declarePrompt(context, [tokens, base.config.hidden], encoderOf(settings, base, seed))
  return {
    made,
    virtualTokens: tokens,
    embeds: (r, x, ids, { batch }) => virtualTokens(r, x, ids, prompt(r), base.config.vocab, batch),
  }
}

function toConfig(settings: PTuningSettings, base: Base): Record<string, unknown> {
  return {
    peft_type: 'P_TUNING',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base.name,
    inference_mode: true,
    num_virtual_tokens: settings.virtualTokens,
    token_dim: base.config.hidden,
    num_layers: base.config.layers,
    num_attention_heads: base.config.heads,
    num_transformer_submodules: 1,
    encoder_reparameterization_type: settings.encoder.toUpperCase(),
    encoder_hidden_size: settings.encoderHidden,
    encoder_num_layers: settings.encoderLayers,
    encoder_dropout: settings.encoderDropout,
  }
}

function fromConfig(config: Config, base: Base): PTuningSettings {
  const encoder = String(config.encoder_reparameterization_type ?? 'MLP')
  if (encoder !== 'MLP' && encoder !== 'LSTM')
    throw new FormatError(
      say`adapter_config.json: expected encoder_reparameterization_type to be MLP or LSTM, got ${encoder}. Choose another adapter.`,
    )
  return {
    virtualTokens: Number(config.num_virtual_tokens),
    encoder: encoder === 'LSTM' ? 'lstm' : 'mlp',
    encoderHidden: Number(config.encoder_hidden_size ?? base.config.hidden),
    encoderLayers: Number(config.encoder_num_layers ?? 2),
    encoderDropout: Number(config.encoder_dropout ?? 0),
  }
}

export const pTuning = defineMethod({
  name: 'p-tuning',
  label: 'P-tuning',
  summary:
    'Trains a small network that makes the vectors in front of every input; only the vectors are used afterwards. Choose it when prompt tuning is unstable.',
  paper: 'Liu et al. 2021, arXiv 2103.10385',
  fields,
  training: { learningRate: 5e-3 },
  bases: [],
  onPictures: say`P-tuning puts its vectors among tokens, and pictures have none; visual prompt tuning puts them among patches`,
  peftType: 'P_TUNING',
  setUp,
  virtualTokens: (settings) => settings.virtualTokens,
  leadsRows: true,
  fileTensors: (_trained, settings, base) => [{ name: promptKey, shape: [settings.virtualTokens, base.config.hidden] }],
  notice: (_settings, initial) => promptNotice('P-tuning', initial),
  toConfig,
  configKeys: {
    ...promptKeys('P_TUNING'),
    encoder_reparameterization_type: text,
    encoder_hidden_size: count,
    encoder_num_layers: count,
    encoder_dropout: share,
  },
  fromConfig,
})
