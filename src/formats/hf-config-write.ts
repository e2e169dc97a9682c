// config.json for a model that came without one (GGUF), in transformers' names; hf-config.ts reads it back to the same ModelConfig.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { floatNumber } from '../config/exact-json'
import { type FamilyName, checkFamily } from './family-defaults'
import type { ModelConfig, ModelFile } from './model-file'
import { ropeFactors } from './rope-factors'

/** `model_type` and class of each family. */
const kinds: Readonly<Record<FamilyName, readonly [type: string, architecture: string]>> = {
  llama: ['llama', 'LlamaForCausalLM'],
  qwen2: ['qwen2', 'Qwen2ForCausalLM'],
  qwen3: ['qwen3', 'Qwen3ForCausalLM'],
  gemma2: ['gemma2', 'Gemma2ForCausalLM'],
  gemma3: ['gemma3_text', 'Gemma3ForCausalLM'],
  gpt2: ['gpt2', 'GPT2LMHeadModel'],
}

/** Llama 3's scalings with its own bounds of short and long waves, for each original context there may be. */
function llama3Scalings(factor: number): Record<string, unknown>[] {
  return Array.from({ length: 15 }, (_, i) => ({
    rope_type: 'llama3',
    factor,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 16 << i,
  }))
}

/** The scaling that gives the file's factors. @throws UnsupportedError for one that is not known */
function ropeScaling({ ropeFactors: wanted, ropeTheta, headDim }: ModelConfig): Record<string, unknown> | null {
  if (!wanted || wanted.every((f) => f === 1)) return null
  if (wanted.every((f) => f === wanted[0])) return { rope_type: 'linear', factor: wanted[0] }
  const found = llama3Scalings(Math.max(...wanted)).find((s) =>
    ropeFactors('', s, ropeTheta, headDim)?.every((f, i) => Math.abs(f - wanted[i]!) < 1e-5 * f),
  )
  if (!found)
    throw new UnsupportedError(
      say`config.json: expected a rotary scaling of Llama 3's or a linear one, got factors of another kind. Start from the model's Hugging Face folder instead.`,
    )
  return found
}

/** Sizes by the names of GPT-2's own configuration class. */
function gpt2Sizes(c: ModelConfig): Record<string, unknown> {
  return {
    n_embd: c.hidden,
    n_inner: c.intermediate,
    n_layer: c.layers,
    n_head: c.heads,
    n_positions: c.context,
    activation_function: c.hiddenAct,
    layer_norm_epsilon: floatNumber(c.normEpsilon),
  }
}

/** Factors are fractions for transformers, lengths are whole numbers. */
function withFloats(scaling: Readonly<Record<string, unknown>> | null): Record<string, unknown> | null {
  const isFactor = (key: string) => key.endsWith('factor')
  return (
    scaling &&
    Object.fromEntries(Object.entries(scaling).map(([key, value]) => [key, isFactor(key) ? floatNumber(value as number) : value]))
  )
}

function sizes(c: ModelConfig): Record<string, unknown> {
  return {
    hidden_size: c.hidden,
    intermediate_size: c.intermediate,
    num_hidden_layers: c.layers,
    num_attention_heads: c.heads,
    num_key_value_heads: c.kvHeads,
    head_dim: c.headDim,
    [c.family.startsWith('gemma') ? 'hidden_activation' : 'hidden_act']: c.hiddenAct,
    max_position_embeddings: c.context,
    rms_norm_eps: floatNumber(c.normEpsilon),
    rope_theta: floatNumber(c.ropeTheta),
    rope_scaling: withFloats(ropeScaling(c)),
  }
}

/** What config.json says of biases that Llama-kind layers may have; a GGUF file says it by its tensors alone. */
export function biasSettings(names: Iterable<string>): Record<string, true> {
  const biased = [...names].filter((name) => name.endsWith('_proj.bias'))
  const any = (part: string) => biased.some((name) => name.includes(`.${part}.`))
  return { ...(any('self_attn') && { attention_bias: true }), ...(any('mlp') && { mlp_bias: true }) }
}

/** config.json's content for `stringifyJson`, with `settings` of the family's own. @throws UnsupportedError for a family or a scaling that is not known */
export function hfConfigJson(
  c: ModelConfig,
  special: ModelFile['special'],
  settings: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { family } = c
  checkFamily('config.json', family)
  const [type, architecture] = kinds[family]
  return {
    architectures: [architecture],
    model_type: type,
    ...(family === 'gpt2' ? gpt2Sizes(c) : sizes(c)),
    ...settings,
    vocab_size: c.vocab,
    tie_word_embeddings: c.tied,
    bos_token_id: special.bos ?? null,
    eos_token_id: special.eos ? (special.eos.length === 1 ? special.eos[0] : special.eos) : null,
    pad_token_id: special.pad ?? null,
  }
}
