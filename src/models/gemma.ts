// What Gemma 2 and 3 share: norms before and after each sub-layer with 1 added to their weights, GEGLU, scaled embeddings, and layers
// with a window between layers without one.
import { gemmaFiles } from '../formats/families/gemma'
import type { ModelConfig } from '../formats/model-file'
import { add } from '../ops/add'
import { geglu } from '../ops/geglu'
import type { Tensor } from '../tensor/tensor'
import type { TensorNeed } from './family'
import {
  type AttentionKind,
  type Block,
  altered,
  blocks,
  decoderEmbedding,
  decoderTensors,
  embedTokens,
  feedForward,
  norm,
  selfAttention,
} from './decoder'
import type { ForwardContext } from './hooks'

const { normOffset } = gemmaFiles

export function gemmaTensors(config: ModelConfig, headNorms: boolean): TensorNeed[] {
  const norms = ['input_layernorm', 'post_attention_layernorm', 'pre_feedforward_layernorm', 'post_feedforward_layernorm']
  return decoderTensors(config, { norms, headNorms })
}

/** A block with norms before and after each sub-layer. Methods change a sub-layer's output before the second norm. */
export function gemmaBlock(kind: (config: ModelConfig, layer: number) => AttentionKind): Block {
  return (context, x, layer) => {
    const { r } = context
    const at = `model.layers.${layer}`
    const normed = (t: typeof x, name: string) => norm(context, t, `${at}.${name}`, normOffset)
    const heads = selfAttention(context, normed(x, 'input_layernorm'), layer, {
      ...kind(context.config, layer),
      normOffset,
    })
    const attended = add(r, x, normed(altered(context, x, heads, `${at}.self_attn`), 'post_attention_layernorm'))
    const inner = feedForward(context, normed(attended, 'pre_feedforward_layernorm'), layer, geglu)
    return add(r, attended, normed(altered(context, attended, inner, `${at}.mlp`), 'post_feedforward_layernorm'))
  }
}

/** The embedding layer itself scales, so virtual tokens are not scaled (transformers 5, Gemma2TextScaledWordEmbedding and Gemma 3's). */
export function gemmaEmbedding(config: ModelConfig): { name: string; scale: number } {
  return { ...decoderEmbedding(), scale: Math.sqrt(config.hidden) }
}

/** Hidden states after the final norm, [B · T, C]. */
export function gemmaForward(block: Block): (context: ForwardContext) => Tensor {
  return (context) => norm(context, blocks(context, embedTokens(context, gemmaEmbedding(context.config)), block), 'model.norm', normOffset)
}
