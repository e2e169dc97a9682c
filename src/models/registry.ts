// What the models of each family compute. A new family is a file, and a line here. formats/families/registry.ts describes their files.
import { type FamilyName, checkFamily } from '../formats/families/registry'
import type { ModelFile } from '../formats/model-file'
import type { Family } from './family'
import { gemma2 } from './gemma2'
import { gemma3 } from './gemma3'
import { gpt2 } from './gpt2'
import { llama } from './llama'
import { olmo2 } from './olmo2'
import { qwen2 } from './qwen2'
import { qwen3 } from './qwen3'

const byName: Readonly<Record<FamilyName, Family>> = { llama, qwen2, qwen3, gemma2, gemma3, gpt2, olmo2 }

export const families: readonly Family[] = Object.values(byName)

/** The family of a model. @throws UnsupportedError naming the supported ones */
export function familyOf({ config, name }: Pick<ModelFile, 'config' | 'name'>): Family {
  const { family } = config
  checkFamily(name, family)
  return byName[family]
}
