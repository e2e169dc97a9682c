// LLaMA-Adapter (Zhang 2023, arXiv 2303.16199, section 3.2): trained prompts in the top layers. Attention reads them with a separate
// softmax, and a gate scales the result: y += gate · softmax(q kₚᵀ / √d) vₚ. The gate starts at zero, so at the start the model computes
// what the base does. As PEFT's ADAPTION_PROMPT: one gate per layer, no tanh, prompt keys without rotation.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import { layersName } from '../formats/hf-names'
import type { Attended, ForwardContext, Hooks } from '../models/hooks'
import { attention } from '../ops/attention'
import { addGated } from '../ops/gate'
import { repeatRows } from '../ops/rows'
import { wholeRanges } from '../ops/whole-ranges'
import { type Tensor, reshaped } from '../tensor/tensor'
import { type Config, commonKeys, count, required, text } from './config-keys'
import { declare } from './initial'
import { type Base, type SetUp, defineMethod } from './method'
import { normal, randomSource } from './random'

const fields = [
  {
    key: 'tokens',
    type: 'number',
    label: 'Prompt length',
    help: 'How many vectors are trained in each adapted layer.',
    default: 10,
    min: 1,
    max: 1024,
    integer: true,
  },
  {
    key: 'layers',
    type: 'number',
    label: 'Layers',
    help: 'How many of the top layers are adapted. If the model has fewer layers, all of them are.',
    default: 30,
    min: 1,
    max: 1024,
    integer: true,
  },
] as const satisfies readonly Field[]
type LlamaAdapterSettings = SettingsOf<typeof fields>

/** The last layers of the model, at most all of them. */
function layersOf(settings: LlamaAdapterSettings, base: Base): number[] {
  const { layers } = base.config
  const adapted = Math.min(settings.layers, layers)
  return Array.from({ length: adapted }, (_, i) => layers - adapted + i)
}

/** The module that PEFT adds the prompts to: the whole attention of a block. */
function placeOf({ config, family }: Base): { module: string; site(layer: number): string; behindOutput: boolean } {
  const [module] = family.linears[0].split('.')
  return { module, site: (layer) => `${layersName(config.family)}.${layer}.${module}`, behindOutput: family.promptsBehindOutput ?? false }
}

interface Adapted {
  prompt: Tensor
  gate: Tensor
  /** What attention read from the prompt in the current forward pass. */
  seen?: Tensor
}

/** softmax(q kₚᵀ / √d) vₚ for every token, [B · T, H · D]. */
function attendPrompt({ r, batch, length, config }: ForwardContext, { q, scale, softCap, keysOf }: Attended, prompt: Tensor): Tensor {
  const [tokens] = prompt.shape
  const { k, v } = keysOf(prompt)
  const ranges = wholeRanges(r, batch * length, tokens)
  const { heads, kvHeads, headDim } = config
  return attention(r, q, repeatRows(r, k, batch), repeatRows(r, v, batch), ranges, {
    batch,
    length,
    keys: tokens,
    prefix: tokens,
    heads,
    kvHeads,
    headDim,
    scale,
    softCap,
  })
}

async function setUp(context: SetUp<LlamaAdapterSettings>): Promise<Hooks> {
  const { base, settings, seed } = context
  const { hidden } = base.config
  const tokens = settings.tokens
  const place = placeOf(base)
  const layers = layersOf(settings, base).map((layer) => ({
    layer,
    site: place.site(layer),
    key: `base_model.model.${place.site(layer)}.adaption`,
  }))
  const tensors = declare(
    context,
    layers.flatMap(({ key }) => [
      {
        name: `${key}_prompt`,
        shape: [1, tokens, hidden],
        decay: true,
        fresh: () => normal(randomSource(seed, `${key}_prompt`), tokens * hidden, 1),
      },
      { name: `${key}_gate`, shape: [1], decay: false, fresh: () => new Float32Array(1) },
    ]),
  )
  const adaptedOf = ({ key }: { key: string }): Adapted => ({
    prompt: reshaped(tensors.get(`${key}_prompt`)!, [tokens, hidden]),
    gate: tensors.get(`${key}_gate`)!,
  })
  const byLayer = new Map(layers.map((l) => [l.layer, adaptedOf(l)]))
  const bySite = new Map(layers.map(({ layer, site }) => [site, byLayer.get(layer)!]))
  return {
    attention(forward, layer, attended) {
      const adapted = byLayer.get(layer)
      if (!adapted) return attended.y
      adapted.seen = attendPrompt(forward, attended, adapted.prompt)
      return place.behindOutput ? attended.y : addGated(forward.r, attended.y, adapted.seen, adapted.gate)
    },
    sublayer(r, site, h) {
      const adapted = bySite.get(site)
      return adapted?.seen && place.behindOutput ? addGated(r, h, adapted.seen, adapted.gate) : h
    },
  }
}

function fromConfig(config: Config, base: Base): LlamaAdapterSettings {
  const { module } = placeOf(base)
  if (config.target_modules && config.target_modules !== module)
    throw new UnsupportedError(
      say`adapter_config.json: expected target_modules to be ${module} for this model, got ${String(config.target_modules)}. Use the adapter with the model that it was trained on.`,
    )
  return { tokens: Number(config.adapter_len), layers: Number(config.adapter_layers) }
}

export const llamaAdapter = defineMethod({
  name: 'llama-adapter',
  label: 'LLaMA-Adapter',
  summary:
    'Trains prompts in the top layers, and gates that let them in gradually from zero. Choose it to keep most of what the model already does.',
  paper: 'Zhang et al. 2023, arXiv 2303.16199',
  fields,
  training: { learningRate: 3e-2 },
  bases: [],
  peftType: 'ADAPTION_PROMPT',
  setUp,
  toConfig: (settings, base) => ({
    peft_type: 'ADAPTION_PROMPT',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base.name,
    inference_mode: true,
    target_modules: placeOf(base).module,
    adapter_len: settings.tokens,
    adapter_layers: layersOf(settings, base).length,
  }),
  configKeys: {
    ...commonKeys('ADAPTION_PROMPT'),
    target_modules: text,
    adapter_len: required(count),
    adapter_layers: required(count),
  },
  fromConfig,
})
