// adapter_config.json of LoRA, QLoRA and DoRA, as PEFT writes and reads it.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import {
  type ConfigKeys,
  type KeyRule,
  anything,
  byModule,
  commonKeys,
  count,
  flag,
  layers,
  modules,
  names,
  only,
  positive,
  share,
  text,
  tokenIds,
} from './config-keys'
import { withGrownRows } from './grown-tables'
import { type Loaded, asNames, loadedTargets } from './loaded-targets'
import { type RankSettings, type TargetSettings, embeddingModule, headModule, loraParts, targetNames } from './lora-sites'
import type { Base } from './method'
import { savedNames } from './saved-modules'
import { listed, patternRecord, patternText } from './targets'
import { type TableSettings, type TokenSettings, tokenIndices, tokenSettings } from './token-rows'

/** Starting values that do not change the base. Others (PiSSA, OLoRA, CorDA, LoftQ, LoRA-GA) subtract something from it first. */
const plainStarts = ['gaussian', 'eva', 'orthogonal', 'mica']
const start: KeyRule = {
  type: say`true, false or the name of an initialisation`,
  is: (v) => typeof v === 'boolean' || typeof v === 'string',
  done: (v) => typeof v === 'boolean' || plainStarts.includes(String(v).toLowerCase()),
  advice: say`These starting values belong to a changed base. Convert the adapter with PEFT (save_pretrained with path_initial_model_for_weight_conversion), or merge it with PEFT and use the merged model.`,
}

/** Keys of PEFT 0.21's LoraConfig that are read, or that do not affect the result unless a refused key is set. */
export const loraKeys = (dora: boolean): ConfigKeys => ({
  ...commonKeys('LORA'),
  r: count,
  lora_alpha: positive,
  lora_dropout: share,
  target_modules: modules,
  exclude_modules: modules,
  layers_to_transform: layers,
  layers_pattern: modules,
  rank_pattern: byModule(count),
  alpha_pattern: byModule(positive),
  use_rslora: flag,
  use_dora: only(flag, dora),
  bias: only(text, 'none'),
  fan_in_fan_out: flag,
  init_lora_weights: start,
  modules_to_save: dora ? { ...names, done: () => false } : names,
  trainable_token_indices: tokenIds,
  ensure_weight_tying: flag,
  eva_config: anything,
  loftq_config: anything,
  corda_config: anything,
  lora_ga_config: anything,
  megatron_core: anything,
  qalora_group_size: anything,
  // From PEFT before 0.3, and rates of ms-swift and LLaMA-Factory, which matter only in training.
  merge_weights: anything,
  lora_dtype: anything,
  lorap_lr_ratio: anything,
  lorap_emb_lr: anything,
})

/** Names for all linear layers. The experts of a model may have layers of the same names, which are not among them. */
function allLinear(base: Base): string[] {
  const modules = [...base.sites.keys()]
  return base.named.size
    ? listed(asNames(new Set(modules), [...modules, ...base.named.keys()]))
    : [...new Set(base.family.linears.map((m) => m.split('.').pop()!))]
}

function targetModules(settings: TargetSettings, base: Base): string[] {
  const { linear, embedding, head } = targetNames(base, settings)
  const names = linear.length === 1 && linear[0] === 'all-linear' ? allLinear(base) : linear
  return [...names, ...(embedding ? [embeddingModule(base).split('.').pop()!] : []), ...(head ? [headModule] : [])]
}

export function loraConfig(settings: RankSettings & TableSettings, base: Base, dora: boolean): Record<string, unknown> {
  const saved = savedNames(base, settings)
  const tokens = tokenIndices(base, settings)
  return {
    peft_type: 'LORA',
    // PEFT has no type for pictures.
    task_type: base.family.files.task ? null : 'CAUSAL_LM',
    base_model_name_or_path: base.name,
    inference_mode: true,
    r: settings.r,
    lora_alpha: settings.alpha,
    lora_dropout: settings.dropout,
    target_modules: targetModules(settings, base),
    rank_pattern: patternRecord(settings.rankPattern),
    alpha_pattern: patternRecord(settings.alphaPattern),
    use_rslora: settings.rsLora,
    use_dora: dora,
    bias: 'none',
    fan_in_fan_out: base.family.files.transposed !== undefined,
    init_lora_weights: true,
    modules_to_save: saved.length ? saved : null,
    ...(tokens && { trainable_token_indices: tokens }),
  }
}

/** Settings that LoRA and DoRA share. @throws FormatError, UnsupportedError if the configuration does not fit the file */
export function loraSettings(loaded: Loaded): RankSettings & TokenSettings {
  const { config, base } = loaded
  const sites = [...base.sites.keys(), ...base.named.keys(), embeddingModule(base), headModule]
  const settings = {
    r: Number(config.r ?? 8),
    alpha: Number(config.lora_alpha ?? 8),
    dropout: Number(config.lora_dropout ?? 0),
    targetModules: loadedTargets(loaded, sites, loraParts),
    rsLora: Boolean(config.use_rslora),
    plusRatio: 1,
    rankPattern: patternText(config.rank_pattern, 'rank_pattern', sites),
    alphaPattern: patternText(config.alpha_pattern, 'alpha_pattern', sites),
    ...tokenSettings(config, base),
  }
  const { embedding, head } = targetNames(base, settings)
  if (config.ensure_weight_tying && base.config.tied && (embedding || head || config.modules_to_save !== undefined))
    throw new UnsupportedError(
      say`adapter_config.json: expected separate updates of embedding and head, got ensure_weight_tying = true. Use an adapter without it.`,
    )
  return withGrownRows(settings, loaded.tensors, base)
}
