// What Gemma 2 and 3 share: norms around each sub-layer whose weights count from 1, GEGLU, scaled embeddings,
// layers with a window among layers without.
import { floatNumber } from '../config/exact-json'
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
import { checkUsual, numberSetting, setting } from './setting'

/** Norm weights lie around 0 in the publisher's files. */
export const gemmaNormOffset = 1

export function gemmaTensors(config: ModelConfig, headNorms: boolean): TensorNeed[] {
  const norms = ['input_layernorm', 'post_attention_layernorm', 'pre_feedforward_layernorm', 'post_feedforward_layernorm']
  return decoderTensors(config, { norms, headNorms })
}

/**
 * query_pre_attn_scalar, 256 where config.json keeps silent: scores are scaled by its power −½. GGUF does not have it; llama.cpp knows
 * the 27B models, whose scalar is C / H, by their layers.
 */
export function gemmaScalar(config: ModelConfig, layersOf27B: number): number {
  const usual = 'model_type' in config.raw ? 256 : scalarByLayers(config, layersOf27B)
  return numberSetting(config, 'query_pre_attn_scalar', 'none', usual)
}

const scalarByLayers = (config: ModelConfig, layersOf27B: number) =>
  config.layers === layersOf27B ? config.hidden / config.heads : config.headDim

/** GGUF's numbers for windows of `kind`, one layer without in each `period`. @throws UnsupportedError where llama.cpp would scale scores, or place windows, otherwise */
export function gemmaGgufSettings(
  config: ModelConfig,
  layersOf27B: number,
  kind: (config: ModelConfig, layer: number) => AttentionKind,
): Record<string, number> {
  const scalar = gemmaScalar(config, layersOf27B)
  const usual = scalarByLayers(config, layersOf27B)
  checkUsual('query_pre_attn_scalar', String(usual), scalar, scalar === usual)
  const windows = Array.from({ length: config.layers }, (_, layer) => kind(config, layer).window)
  const period = windows.includes(undefined) ? windows.indexOf(undefined) + 1 : config.layers + 1
  const window = windows.find((w) => w)
  checkUsual('sliding_window', 'one for some layers', 'none', window !== undefined)
  const regular = windows.every((w, layer) => (w === undefined) === ((layer + 1) % period === 0))
  checkUsual('layer_types', 'full_attention at equal distances', 'another order', regular)
  return { 'attention.sliding_window': window!, 'attention.sliding_window_pattern': period }
}

const floatOrNull = (value: number | undefined) => (value ? floatNumber(value) : null)

/** config.json's words for what the layers of `kind` compute. */
export function gemmaSettings(
  config: ModelConfig,
  scalar: number,
  kind: (config: ModelConfig, layer: number) => AttentionKind,
  logitCap: number,
): Record<string, unknown> {
  const layers = Array.from({ length: config.layers }, (_, layer) => kind(config, layer))
  return {
    query_pre_attn_scalar: scalar,
    sliding_window: layers.find(({ window }) => window)?.window ?? null,
    layer_types: layers.map(({ window }) => (window ? 'sliding_attention' : 'full_attention')),
    attn_logit_softcapping: floatOrNull(layers[0]?.softCap),
    final_logit_softcapping: floatOrNull(logitCap),
  }
}

/** The window of a layer, where it has one: by `layer_types`, else every `period`-th layer sees everything. */
export function gemmaWindow(config: ModelConfig, layer: number, period: number): number | undefined {
  const types = setting(config, 'layer_types', 'attention.sliding_window_pattern')
  const type: unknown = Array.isArray(types) ? types[layer] : undefined
  const windowed = type === undefined ? (layer + 1) % period !== 0 : type === 'sliding_attention' || type === true
  return windowed ? numberSetting(config, 'sliding_window', 'attention.sliding_window', 4096) || undefined : undefined
}

/** A block with norms before and after each sub-layer; methods change a sub-layer's output before the norm behind it. */
export function gemmaBlock(kind: (config: ModelConfig, layer: number) => AttentionKind): Block {
  return (context, x, layer) => {
    const { r } = context
    const at = `model.layers.${layer}`
    const normed = (t: typeof x, name: string) => norm(context, t, `${at}.${name}`, gemmaNormOffset)
    const heads = selfAttention(context, normed(x, 'input_layernorm'), layer, {
      ...kind(context.config, layer),
      normOffset: gemmaNormOffset,
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
  return (context) =>
    norm(context, blocks(context, embedTokens(context, gemmaEmbedding(context.config)), block), 'model.norm', gemmaNormOffset)
}
