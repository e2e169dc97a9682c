// Seed-OSS: Llama's architecture with biases on q, k and v (transformers modeling_seed_oss.py).
import { seedOss as files } from '../formats/families/seed_oss'
import { allModules, decoderFamily } from './decoder-family'

/** The switch for each module's bias. Without it, q, k and v have one (configuration_seed_oss.py). */
function hasBias(raw: Readonly<Record<string, unknown>>, module: string): boolean {
  if (!('model_type' in raw)) return true
  if (module.startsWith('mlp.')) return raw.mlp_bias === true
  return module.endsWith('o_proj') ? raw.attention_out_bias === true : raw.attention_bias !== false
}

export const seedOss = decoderFamily({ files, biased: ({ raw }) => allModules.filter((module) => hasBias(raw, module)) })
