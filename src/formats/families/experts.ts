// What the files of families with experts have in common: keys of the numbers, and names of joined tensors.
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { shown } from '../shown'
import type { ExpertFiles, Mixture, TensorName } from './family-files'
import { setting } from './setting'

interface CountKey {
  /** Keys of config.json; the first that is there counts. */
  keys: readonly string[]
  gguf: string
  /** The configuration class's number, for a config.json without the key. */
  usual: number
}

/** @throws FormatError unless `value` is a whole number from 1 to `most` */
function checkCount(config: ModelConfig, key: string, gguf: string, value: unknown, most: number): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most) return value as number
  throw new FormatError(
    say`${'model_type' in config.raw ? key : gguf}: expected a whole number from 1 to ${most}, got ${shown(value)}. Compare the file with its publisher's, or choose another model.`,
  )
}

/** A whole number from 1. @throws FormatError */
function countSetting(config: ModelConfig, { keys, gguf, usual }: CountKey, most: number): number {
  const key = keys.find((name) => name in config.raw) ?? keys[0]!
  return checkCount(config, key, gguf, setting(config, key, gguf) ?? usual, most)
}

interface MixtureKeys {
  count: number
  perToken: number
  /** The inner layer's key in config.json and its usual size; absent if it is the width of the feed-forward. */
  inner?: readonly [key: string, usual: number]
  /** Whether gates are normalised: always, or as `norm_topk_prob` says, which is false if absent. In GGUF, llama.cpp's rule for the family. */
  normalised: 'always' | { gguf: boolean }
}

/** The mixture that a configuration describes; `keys`: what differs between families, with the defaults of their configuration classes. */
export function mixtureOf(config: ModelConfig, { count, perToken, inner, normalised }: MixtureKeys): Mixture {
  const experts = countSetting(config, { keys: ['num_experts', 'num_local_experts'], gguf: 'expert_count', usual: count }, 65_535)
  const inGguf = !('model_type' in config.raw)
  const chosen = countSetting(config, { keys: ['num_experts_per_tok'], gguf: 'expert_used_count', usual: perToken }, experts)
  // A token has a row in each of its experts, so that their widths add up.
  const widest = Math.floor(2 ** 31 / chosen)
  return {
    count: experts,
    perToken: chosen,
    inner: inner
      ? countSetting(
          config,
          { keys: [inner[0]], gguf: 'expert_feed_forward_length', usual: inGguf ? config.intermediate : inner[1] },
          widest,
        )
      : checkCount(config, 'intermediate_size', 'feed_forward_length', config.intermediate, widest),
    normalised: normalised === 'always' || (inGguf ? normalised.gguf : config.raw.norm_topk_prob === true),
  }
}

/** As transformers names the experts of most families. Version 5 joins them in memory, and saves them so if it is told to. */
export const expertModules = {
  router: 'mlp.gate',
  experts: 'mlp.experts',
  names: { gate: 'gate_proj', up: 'up_proj', down: 'down_proj' },
  joined: { 'mlp.experts.gate_up_proj': ['gate', 'up'], 'mlp.experts.down_proj': ['down'] },
} as const satisfies Partial<ExpertFiles>

/** llama.cpp's name of the router. */
export const routerName: TensorName = ['blk.{n}.ffn_gate_inp', 'model.layers.{n}.mlp.gate']

/** Settings of formula-keys.ts that say how many experts there are, and that llama.cpp's own rule is followed. */
export const expertSettings = ['num_experts', 'num_local_experts', 'expert_count', 'expert_used_count'] as const

/** Layers with experts in Qwen's models: every `decoder_sparse_step`-th, without those that `mlp_only_layers` lists. */
export function sparseLayer({ raw }: ModelConfig, layer: number): boolean {
  const { mlp_only_layers: dense, decoder_sparse_step: step = 1 } = raw
  if (Array.isArray(dense) && dense.includes(layer)) return false
  return typeof step === 'number' && step > 0 && (layer + 1) % step === 0
}
