// config.json for a model that came without one (GGUF), in transformers' names; hf-config.ts reads it back to the same ModelConfig.
import { UnsupportedError } from '../config/errors'
import type { ModelConfig, ModelFile } from './model-file'
import { ropeFactors } from './rope-factors'

const architectures: Readonly<Record<string, string>> = { llama: 'LlamaForCausalLM', qwen2: 'Qwen2ForCausalLM', qwen3: 'Qwen3ForCausalLM' }

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
      "config.json: expected a rotary scaling of Llama 3's or a linear one, got factors of another kind. Start from the model's Hugging Face folder instead.",
    )
  return found
}

/** config.json's content. @throws UnsupportedError for families whose settings GGUF does not hold in full */
export function hfConfigJson(c: ModelConfig, special: ModelFile['special']): Record<string, unknown> {
  const architecture = architectures[c.family]
  if (!architecture)
    throw new UnsupportedError(
      `config.json: expected a model of ${Object.keys(architectures).join(', ')} to be made from GGUF, got ${c.family}. Start from the model's Hugging Face folder instead.`,
    )
  return {
    architectures: [architecture],
    model_type: c.family,
    hidden_size: c.hidden,
    intermediate_size: c.intermediate,
    num_hidden_layers: c.layers,
    num_attention_heads: c.heads,
    num_key_value_heads: c.kvHeads,
    head_dim: c.headDim,
    hidden_act: c.hiddenAct,
    vocab_size: c.vocab,
    max_position_embeddings: c.context,
    rms_norm_eps: c.normEpsilon,
    rope_theta: c.ropeTheta,
    rope_scaling: ropeScaling(c),
    tie_word_embeddings: c.tied,
    bos_token_id: special.bos ?? null,
    eos_token_id: special.eos ? (special.eos.length === 1 ? special.eos[0] : special.eos) : null,
    pad_token_id: special.pad ?? null,
  }
}
