// The model families. A new one is a file and a line.
import { UnsupportedError } from '../config/errors'
import type { ModelFile } from '../formats/model-file'
import type { Family } from './family'
import { gemma2 } from './gemma2'
import { gemma3 } from './gemma3'
import { gpt2 } from './gpt2'
import { llama } from './llama'
import { qwen2 } from './qwen2'
import { qwen3 } from './qwen3'

export const families: readonly Family[] = [llama, qwen2, qwen3, gemma2, gemma3, gpt2]

/** The family of a model. @throws UnsupportedError naming what is supported. */
export function familyOf(model: Pick<ModelFile, 'config' | 'name'>): Family {
  const family = families.find((f) => f.name === model.config.family)
  if (!family)
    throw new UnsupportedError(
      `${model.name}: expected a model of a family that TabTune runs (${families.map((f) => f.name).join(', ')}), got ${model.config.family}. Choose another model.`,
    )
  return family
}
