// LLaMA-Adapter (Zhang 2023, arXiv 2303.16199, section 3.2): trained prompts in the top layers, attended to beside the
// layer's own keys with a softmax and a gate of their own: y += gate · softmax(q kₚᵀ / √d) vₚ. The gate starts at zero,
// so the output starts as the base's. PEFT's ADAPTION_PROMPT: a gate per layer, no tanh, prompt keys without rotation.
import { UnsupportedError } from '../config/errors'
import type { Settings } from '../config/field'
import { linear } from '../models/decoder'
import type { Hooks } from '../models/hooks'
import { attention } from '../ops/attention'
import { addGated } from '../ops/gate'
import { repeatRows } from '../ops/rows'
import { wholeRanges } from '../ops/whole-ranges'
import { type Tensor, reshaped } from '../tensor/tensor'
import { declare } from './initial'
import type { Base, Method, SetUp } from './method'
import { normal, randomSource } from './random'

/** The adapted layers: the last ones. */
function layersOf(settings: Settings, base: Base): number[] {
  const { layers } = base.config
  const adapted = Math.min(Number(settings.layers), layers)
  return Array.from({ length: adapted }, (_, i) => layers - adapted + i)
}

const key = (layer: number, what: 'prompt' | 'gate') => `base_model.model.model.layers.${layer}.self_attn.adaption_${what}`

async function setUp(context: SetUp): Promise<Hooks> {
  const { base, settings, seed } = context
  const { hidden, heads, kvHeads, headDim } = base.config
  const tokens = Number(settings.tokens)
  const layers = layersOf(settings, base)
  const tensors = declare(
    context,
    layers.flatMap((layer) => [
      { name: key(layer, 'prompt'), shape: [1, tokens, hidden], decay: true, fresh: () => normal(randomSource(seed, key(layer, 'prompt')), tokens * hidden, 1) },
      { name: key(layer, 'gate'), shape: [1], decay: false, fresh: () => new Float32Array(1) },
    ]),
  )
  const byLayer = new Map<number, { prompt: Tensor; gate: Tensor }>(layers.map((layer) => [layer, { prompt: reshaped(tensors.get(key(layer, 'prompt'))!, [tokens, hidden]), gate: tensors.get(key(layer, 'gate'))! }]))
  return {
    attention(forward, layer, q, y) {
      const adapted = byLayer.get(layer)
      if (!adapted) return y
      const { r, batch, length } = forward
      const keysOf = (module: string) => repeatRows(r, linear(forward, adapted.prompt, `model.layers.${layer}.self_attn.${module}`), batch)
      const [k, v] = [keysOf('k_proj'), keysOf('v_proj')]
      const ranges = wholeRanges(r, batch * length, tokens)
      const seen = attention(r, q, k, v, ranges, { batch, length, keys: tokens, prefix: tokens, heads, kvHeads, headDim })
      return addGated(r, y, seen, adapted.gate)
    },
  }
}

function fromConfig(config: Readonly<Record<string, unknown>>): Settings {
  if (config.target_modules && config.target_modules !== 'self_attn') throw new UnsupportedError(`adapter_config.json: expected target_modules self_attn, got ${String(config.target_modules)}. Choose an adapter for a model of the Llama kind.`)
  return { tokens: Number(config.adapter_len), layers: Number(config.adapter_layers) }
}

export const llamaAdapter: Method = {
  name: 'llama-adapter',
  label: 'LLaMA-Adapter',
  summary: 'Trained prompts in the top layers that come in through a gate opening from zero.',
  paper: 'Zhang et al. 2023, arXiv 2303.16199',
  fields: [
    { key: 'tokens', type: 'number', label: 'Prompt length', help: 'Number of trained vectors in each adapted layer.', default: 10, min: 1, max: 1024, integer: true },
    { key: 'layers', type: 'number', label: 'Layers', help: 'How many of the top layers are adapted; at most all of them.', default: 30, min: 1, max: 1024, integer: true },
  ],
  training: { learningRate: 9e-3 },
  bases: [],
  peftType: 'ADAPTION_PROMPT',
  gguf: false,
  unavailable: (base) => (base.sites.has('model.layers.0.self_attn.k_proj') ? undefined : `LLaMA-Adapter: expected a model with k_proj and v_proj layers, got ${base.config.family}. Choose another method.`),
  setUp,
  toConfig: (settings, base) => ({
    peft_type: 'ADAPTION_PROMPT',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base.name,
    inference_mode: true,
    target_modules: 'self_attn',
    adapter_len: settings.tokens,
    adapter_layers: layersOf(settings, base).length,
  }),
  fromConfig,
}
