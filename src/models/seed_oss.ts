// Seed-OSS: Llama's architecture with biases on q, k and v (transformers modeling_seed_oss.py).
import { seedOss as files } from '../formats/families/seed_oss'
import { isOn } from '../formats/families/setting'
import type { ModelConfig } from '../formats/model-file'
import { allModules, decoderFamily } from './decoder-family'

/** The switch for each module's bias. Without it, q, k and v have one (configuration_seed_oss.py). */
function hasBias(config: ModelConfig, module: string): boolean {
  if (!('model_type' in config.raw)) return true
  if (module.startsWith('mlp.')) return isOn(config, 'mlp_bias', false)
  return module.endsWith('o_proj') ? isOn(config, 'attention_out_bias', false) : isOn(config, 'attention_bias', true)
}

export const seedOss = decoderFamily({ files, biased: (config) => allModules.filter((module) => hasBias(config, module)) })
