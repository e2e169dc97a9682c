// What the models of each family compute. A new family is a file, and a line here. formats/families/registry.ts describes their files.
import { type AnyFamilyName, type FamilyName, checkFamily } from '../formats/families/registry'
import type { ModelFile } from '../formats/model-file'
import type { Family } from './family'
import { apertus } from './apertus'
import { arcee } from './arcee'
import { clip } from './clip-model'
import { codegen } from './codegen'
import { cohere2 } from './cohere2'
import { commandR } from './command-r'
import { ernie4_5 } from './ernie4_5'
import { exaone4 } from './exaone4'
import { falcon } from './falcon'
import { gemma } from './gemma'
import { gemma2 } from './gemma2'
import { gemma3 } from './gemma3'
import { glm4 } from './glm4'
import { gpt2 } from './gpt2'
import { gptj } from './gptj'
import { gptneox } from './gptneox'
import { granite } from './granite'
import { helium } from './helium'
import { hunyuanDense } from './hunyuan-dense'
import { llama } from './llama'
import { ministral3 } from './ministral3'
import { mixtral } from './mixtral'
import { nemotron } from './nemotron'
import { olmo } from './olmo'
import { olmo2 } from './olmo2'
import { olmoe } from './olmoe'
import { opt } from './opt'
import { persimmon } from './persimmon'
import { phi2 } from './phi2'
import { phi3 } from './phi3'
import { qwen2 } from './qwen2'
import { qwen3 } from './qwen3'
import { qwen3moe } from './qwen3moe'
import { seedOss } from './seed_oss'
import { smollm3 } from './smollm3'
import { stablelm } from './stablelm'
import { starcoder } from './starcoder'
import { starcoder2 } from './starcoder2'
import { vit } from './vit'

const textByName: Readonly<Record<FamilyName, Family>> = {
  llama,
  qwen2,
  qwen3,
  gemma,
  gemma2,
  gemma3,
  gpt2,
  olmo2,
  smollm3,
  phi3,
  phi2,
  granite,
  gptneox,
  stablelm,
  opt,
  starcoder2,
  olmo,
  exaone4,
  ernie4_5,
  seed_oss: seedOss,
  'hunyuan-dense': hunyuanDense,
  glm4,
  'command-r': commandR,
  cohere2,
  nemotron,
  apertus,
  arcee,
  helium,
  ministral3,
  gptj,
  codegen,
  starcoder,
  falcon,
  persimmon,
  mixtral,
  qwen3moe,
  olmoe,
}

const byName: Readonly<Record<AnyFamilyName, Family>> = { ...textByName, vit, 'clip-model': clip }

/** The families that write text. */
export const families: readonly Family[] = Object.values(textByName)

/** The family of a model. @throws UnsupportedError naming the supported ones */
export function familyOf({ config, name }: Pick<ModelFile, 'config' | 'name'>): Family {
  const { family } = config
  checkFamily(name, family)
  return byName[family]
}
