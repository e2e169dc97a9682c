// adapter_config.json of the LoRA family, as PEFT writes and reads it.
import { UnsupportedError } from '../config/errors'
import type { Settings } from '../config/field'
import { embeddingModule, headModule, targetNames } from './lora-sites'
import type { Base } from './method'
import { tokenIndices, tokenSettings } from './token-rows'
import { listed, patternRecord, patternText } from './targets'

function targetModules(settings: Settings, base: Base): string[] {
  const { linear, embedding, head } = targetNames(base, settings)
  const names =
    linear.length === 1 && linear[0] === 'all-linear' ? [...new Set(base.family.linears.map((m) => m.split('.').pop()!))] : linear
  return [...names, ...(embedding ? [embeddingModule(base).split('.').pop()!] : []), ...(head ? [headModule] : [])]
}

export function loraConfig(settings: Settings, base: Base, dora: boolean): Record<string, unknown> {
  const saved = listed(String(settings.modulesToSave ?? ''))
  const tokens = tokenIndices(base, settings)
  return {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base.name,
    inference_mode: true,
    r: settings.r,
    lora_alpha: settings.alpha,
    lora_dropout: settings.dropout,
    target_modules: targetModules(settings, base),
    rank_pattern: patternRecord(String(settings.rankPattern)),
    alpha_pattern: patternRecord(String(settings.alphaPattern)),
    use_rslora: settings.rsLora,
    use_dora: dora,
    bias: 'none',
    fan_in_fan_out: base.family.fanInFanOut ?? false,
    init_lora_weights: true,
    modules_to_save: saved.length ? saved : null,
    ...(tokens && { trainable_token_indices: tokens }),
  }
}

/** Settings that LoRA and DoRA share. @throws UnsupportedError for what we do not do; `refused` are keys that the method does not do either */
export function loraSettings(config: Readonly<Record<string, unknown>>, base: Base, refused: readonly string[] = []): Settings {
  const unsupported = ['layers_to_transform', 'lora_bias', 'target_parameters', 'exclude_modules', ...refused].filter((key) => {
    const value = config[key]
    return Array.isArray(value) ? value.length > 0 : Boolean(value)
  })
  if (config.bias !== undefined && config.bias !== 'none') unsupported.push('bias')
  if (unsupported.length)
    throw new UnsupportedError(
      `adapter_config.json: expected a plain LoRA, got one with ${unsupported.join(', ')}. Use an adapter without them.`,
    )
  const targets = config.target_modules
  if (typeof targets === 'string' && targets !== 'all-linear')
    throw new UnsupportedError('adapter_config.json: expected target_modules as a list, got a regular expression. List the modules.')
  return {
    r: Number(config.r ?? 8),
    alpha: Number(config.lora_alpha ?? 8),
    dropout: Number(config.lora_dropout ?? 0),
    targetModules: Array.isArray(targets) ? [...targets].sort().join(', ') : 'all-linear',
    rsLora: Boolean(config.use_rslora),
    plusRatio: 1,
    rankPattern: patternText(config.rank_pattern),
    alphaPattern: patternText(config.alpha_pattern),
    ...tokenSettings(config, base),
  }
}
