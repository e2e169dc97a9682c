// OLMo 2: Llama's build with norms behind each sub-layer instead of in front, and a norm over all queries and one over all keys of
// a token (Team OLMo 2024, arXiv 2501.00656, section 3.2; transformers modeling_olmo2.py).
import { olmo2 as files } from '../formats/families/olmo2'
import type { ModelConfig } from '../formats/model-file'
import { add } from '../ops/add'
import {
  type Block,
  altered,
  biasedBy,
  decoderEmbedding,
  decoderFeedForward,
  decoderForward,
  decoderHead,
  decoderKeysAndValues,
  decoderLinears,
  decoderRopeTables,
  decoderTensors,
  feedForward,
  norm,
  selfAttention,
} from './decoder'
import type { Family, TensorNeed } from './family'

function tensors(config: ModelConfig): TensorNeed[] {
  const { layers, heads, kvHeads, headDim } = config
  const needs = decoderTensors(config, {
    norms: ['post_attention_layernorm', 'post_feedforward_layernorm'],
    biased: biasedBy(config, ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'self_attn.o_proj']),
  })
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}.self_attn`
    needs.push({ name: `${at}.q_norm.weight`, kind: 'vector', shape: [heads * headDim] })
    needs.push({ name: `${at}.k_norm.weight`, kind: 'vector', shape: [kvHeads * headDim] })
  }
  return needs
}

const block: Block = (context, x, layer) => {
  const { r } = context
  const at = `model.layers.${layer}`
  const heads = altered(context, x, selfAttention(context, x, layer), `${at}.self_attn`)
  const attended = add(r, x, norm(context, heads, `${at}.post_attention_layernorm`))
  const inner = altered(context, attended, feedForward(context, attended, layer), `${at}.mlp`)
  return add(r, attended, norm(context, inner, `${at}.post_feedforward_layernorm`))
}

export const olmo2: Family = {
  files,
  tensors,
  forward: (context) => decoderForward(context, block),
  head: decoderHead,
  embedding: decoderEmbedding,
  ropeTables: decoderRopeTables,
  linears: decoderLinears,
  feedForward: decoderFeedForward,
  keysAndValues: decoderKeysAndValues,
}
