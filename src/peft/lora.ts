// LoRA (Hu 2021, arXiv 2106.09685, section 4.1): y = W x + s · B A x, A [r, in], B [out, r], B zero at the start;
// s = alpha / r, or alpha / √r with rsLoRA (Kalajdzievski 2023, arXiv 2312.03732).
import { UnsupportedError } from '../config/errors'
import type { Field, Settings } from '../config/field'
import type { Hooks, Site } from '../models/hooks'
import { dropout } from '../ops/dropout'
import { matmul } from '../ops/matmul'
import { trainableWeight } from '../ops/weight'
import type { Tensor } from '../tensor/tensor'
import { type Fresh, declare } from './initial'
import type { Base, Method, SetUp } from './method'
import { randomSource, uniform } from './random'
import { listed, patternLookup, patternRecord, patternText, targetSites } from './targets'

export const loraFields: readonly Field[] = [
  { key: 'r', type: 'number', label: 'Rank', help: 'Width of the low-rank update. More can learn more and costs more.', default: 8, min: 1, max: 512, integer: true },
  { key: 'alpha', type: 'number', label: 'Alpha', help: 'The update is scaled by alpha / rank.', default: 16, min: 0.001, max: 4096 },
  { key: 'dropout', type: 'number', label: 'Dropout', help: 'Share of the inputs of the update that is dropped while training.', default: 0, min: 0, max: 0.9 },
  { key: 'targetModules', type: 'text', label: 'Target modules', help: 'all-linear, or PEFT module names with commas: q_proj, v_proj.', default: 'all-linear', maxLength: 100_000 },
  { key: 'rsLora', type: 'boolean', label: 'Rank-stabilised', help: 'Scales by alpha / √rank instead: steadier at high ranks.', default: false, advanced: true },
  { key: 'rankPattern', type: 'text', label: 'Ranks by module', help: 'Ranks that differ, such as down_proj=4.', default: '', advanced: true },
  { key: 'alphaPattern', type: 'text', label: 'Alphas by module', help: 'Alphas that differ, such as v_proj=32.', default: '', advanced: true },
]

export interface LoraSite {
  site: string
  rank: number
  alpha: number
  scale: number
  /** Keys of A and B in the adapter's file. */
  a: string
  b: string
  out: number
  in: number
}

/** Every adapted layer with its rank and scale. */
export function loraSites(base: Base, settings: Settings): LoraSite[] {
  const rankOf = patternLookup('ranks by module', String(settings.rankPattern))
  const alphaOf = patternLookup('alphas by module', String(settings.alphaPattern))
  return targetSites(base, String(settings.targetModules)).map((site) => {
    const rank = rankOf(site) ?? Number(settings.r)
    const alpha = alphaOf(site) ?? Number(settings.alpha)
    const [out, inputs] = base.sites.get(site)!
    const key = `base_model.model.${site}`
    return { site, rank, alpha, scale: alpha / (settings.rsLora ? Math.sqrt(rank) : rank), a: `${key}.lora_A.weight`, b: `${key}.lora_B.weight`, out, in: inputs }
  })
}

/** A as PEFT starts it: Kaiming uniform with a = √5, which is U(−1/√in, 1/√in); B zero (peft lora/layer.py reset_lora_parameters). */
function specs(sites: readonly LoraSite[], seed: number): Fresh[] {
  return sites.flatMap((s) => [
    { name: s.a, shape: [s.rank, s.in], decay: true, fresh: () => uniform(randomSource(seed, s.a), s.rank * s.in, -1 / Math.sqrt(s.in), 1 / Math.sqrt(s.in)) },
    { name: s.b, shape: [s.out, s.rank], decay: true, fresh: () => new Float32Array(s.out * s.rank) },
  ])
}

async function setUp(context: SetUp): Promise<Hooks> {
  const sites = loraSites(context.base, context.settings)
  const tensors = declare(context, specs(sites, context.seed))
  const rate = context.parameters.training ? Number(context.settings.dropout) : 0
  const bySite = new Map(sites.map((s, index) => [s.site, { ...s, index, A: tensors.get(s.a)!, B: tensors.get(s.b)! }]))
  return {
    linear(r, site: Site, x: Tensor, y: Tensor) {
      const lora = bySite.get(site.name)
      if (!lora) return y
      const input = rate > 0 ? dropout(r, x, rate, lora.index, context.stepState) : x
      const down = matmul(r, input, trainableWeight(lora.A), { label: `${site.name} A x` })
      return matmul(r, down, trainableWeight(lora.B), { scale: lora.scale, into: y })
    },
  }
}

function toConfig(settings: Settings, base: Base): Record<string, unknown> {
  const modules = listed(String(settings.targetModules))
  const allLinear = modules.length === 1 && modules[0] === 'all-linear'
  return {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base.name,
    inference_mode: true,
    r: settings.r,
    lora_alpha: settings.alpha,
    lora_dropout: settings.dropout,
    target_modules: allLinear ? [...new Set(base.family.linears.map((m) => m.split('.').pop()!))] : modules,
    rank_pattern: patternRecord(String(settings.rankPattern)),
    alpha_pattern: patternRecord(String(settings.alphaPattern)),
    use_rslora: settings.rsLora,
    use_dora: false,
    bias: 'none',
    fan_in_fan_out: false,
    init_lora_weights: true,
    modules_to_save: null,
  }
}

function fromConfig(config: Readonly<Record<string, unknown>>): Settings {
  const unsupported = ['use_dora', 'modules_to_save', 'layers_to_transform', 'trainable_token_indices', 'lora_bias', 'target_parameters', 'exclude_modules'].filter((key) => {
    const value = config[key]
    return Array.isArray(value) ? value.length > 0 : Boolean(value)
  })
  if (config.bias !== undefined && config.bias !== 'none') unsupported.push('bias')
  if (unsupported.length) throw new UnsupportedError(`adapter_config.json: expected a plain LoRA, got one with ${unsupported.join(', ')}. Use an adapter without them.`)
  const targets = config.target_modules
  if (typeof targets === 'string' && targets !== 'all-linear') throw new UnsupportedError('adapter_config.json: expected target_modules as a list, got a regular expression. List the modules.')
  return {
    r: Number(config.r ?? 8),
    alpha: Number(config.lora_alpha ?? 8),
    dropout: Number(config.lora_dropout ?? 0),
    targetModules: Array.isArray(targets) ? [...targets].sort().join(', ') : 'all-linear',
    rsLora: Boolean(config.use_rslora),
    rankPattern: patternText(config.rank_pattern),
    alphaPattern: patternText(config.alpha_pattern),
  }
}

export const lora: Method = {
  name: 'lora',
  label: 'LoRA',
  summary: 'A low-rank update beside each chosen linear layer; the base stays frozen.',
  paper: 'Hu et al. 2021, arXiv 2106.09685',
  fields: loraFields,
  training: { learningRate: 1e-3 },
  bases: [],
  peftType: 'LORA',
  gguf: true,
  setUp,
  toConfig,
  fromConfig,
}
