// What transformers' configuration classes assume where config.json is silent, and what GGUF leaves to the reader.

import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'

export interface FamilyDefaults {
  /** PretrainedConfig ties embeddings unless the family says otherwise; here only files that do not say. */
  tied?: boolean
  context?: number
  epsilon?: number
  headDim?: number
  ropeTheta?: number
  /** What the family's feed-forward computes; another one is refused. */
  activation: string
}

const gemma = { tied: true, headDim: 256, activation: 'gelu_pytorch_tanh' } as const

const defaults = {
  llama: { activation: 'silu' },
  qwen2: { context: 32_768, activation: 'silu' },
  qwen3: { context: 32_768, headDim: 128, activation: 'silu' },
  gemma2: { ...gemma, context: 8192 },
  gemma3: { ...gemma, context: 131_072, ropeTheta: 1_000_000 },
  gpt2: { tied: true, context: 1024, epsilon: 1e-5, activation: 'gelu_new' },
} as const satisfies Readonly<Record<string, FamilyDefaults>>

/** A family whose forward pass is in src/models. */
export type FamilyName = keyof typeof defaults

/** Checks that `family` is one that runs here; this is the first check of a file. @throws UnsupportedError naming those that do */
export function checkFamily(where: string, family: string): asserts family is FamilyName {
  if (Object.hasOwn(defaults, family)) return
  const got = family ? family.slice(0, 40) : 'a file that names none'
  throw new UnsupportedError(
    say`${where}: expected a model of a family that TabTune runs (${Object.keys(defaults).join(', ')}), got ${got}. Choose another model.`,
  )
}

export function familyDefaults(family: FamilyName): FamilyDefaults {
  return defaults[family]
}

/** transformers' other names of the same function (activations.py). */
const synonyms: Readonly<Record<string, string>> = { gelu_new: 'gelu_pytorch_tanh', gelu_fast: 'gelu_pytorch_tanh', swish: 'silu' }
const plainName = (activation: string) => synonyms[activation] ?? activation

/** Whether two names stand for one activation function. */
export function sameActivation(a: string, b: string): boolean {
  return plainName(a) === plainName(b)
}
