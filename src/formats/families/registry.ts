// The files of the model families. A new family is a file and a line here; src/models/registry.ts lists the forward passes.
import type { Kind } from '../../config/task'
import { UnsupportedError } from '../../config/errors'
import { type Phrase, say } from '../../config/phrase'
import type { FamilyFiles } from './family-files'
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

/** Families that write text. */
const textByName = {
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
} as const satisfies Readonly<Record<string, FamilyFiles>>

/** Families that see pictures. */
const picturesByName = { vit, 'clip-model': clip } as const satisfies Readonly<Record<string, FamilyFiles>>

const byName = { ...textByName, ...picturesByName }

/** A family that writes text. */
export type FamilyName = keyof typeof textByName
/** A family whose forward pass is in src/models. */
export type AnyFamilyName = keyof typeof byName

/** The families that write text. */
export const families: readonly FamilyFiles[] = Object.values(textByName)
export const pictureFamilies: readonly FamilyFiles[] = Object.values(picturesByName)

/** Names of families in which a router chooses experts for each token, as transformers and GGUF end them. */
const withExperts = (family: string) => (/moe|mixtral|gpt[-_]oss|deepseek/i.test(family) ? say`, which has experts` : '')

/** What else TabTune does not compute, by names of families. */
const others: readonly (readonly [RegExp, Phrase])[] = [
  [
    /mamba|jamba|rwkv|falcon[-_]?h1|nemotron[-_]h|qwen3[-_]next|qwen3[-_]?5|qwen35|lfm2|kimi|hybrid/i,
    say`, whose layers are not all attention`,
  ],
  [/^(bloom|mpt)$/i, say`, which marks positions by slopes (ALiBi)`],
  [/minicpm3/i, say`, which compresses keys and values (MLA)`],
  [/^deit$/i, say`, which has a distillation token (DeiT models without one have model_type vit)`],
]
const reasonOf = (family: string) => others.find(([names]) => names.test(family))?.[1] ?? withExperts(family)

/** Checks that TabTune runs `family`. This is the first check of a file. @throws UnsupportedError naming the families that it runs */
export function checkFamily(where: string, family: string): asserts family is AnyFamilyName {
  if (Object.hasOwn(byName, family)) return
  const got = family ? family.slice(0, 40) : say`a file that does not name its family`
  throw new UnsupportedError(
    say`${where}: expected a model of a family that TabTune runs (${families.map(({ label }) => label).join(', ')}), got ${got}${reasonOf(family)}. Choose another model.`,
  )
}

/** Everything about the files of `family`. @throws UnsupportedError for a family that does not run here */
export function filesOf(family: string): FamilyFiles {
  checkFamily('model', family)
  return byName[family]
}

/** The rows of models of a family. A family of another program has text, as far as we know. */
export const kindOfFamily = (family: string): Kind => (Object.hasOwn(byName, family) && filesOf(family).task ? 'pictures' : 'text')

/** The family of config.json's `model_type`; the type itself if no family has it. */
export function familyOfType(modelType: string): string {
  return Object.values<FamilyFiles>(byName).find(({ modelTypes }) => modelTypes.includes(modelType))?.name ?? modelType
}

/** Whether the models of a family see pictures. */
export const isPictureFamily = (family: string): boolean => Object.hasOwn(picturesByName, family)

/** `general.architecture` of a family's GGUF files. */
export function architectureOf(family: string): string {
  return filesOf(family).inGguf?.architecture ?? family
}

/** The family of a GGUF file; the name of its architecture if no family has it. */
export function familyOfGguf(metadata: Readonly<Record<string, unknown>>): string {
  const architecture = String(metadata['general.architecture'] ?? '')
  return families.find(({ inGguf }) => inGguf?.architecture === architecture && inGguf.is(metadata))?.name ?? architecture
}
