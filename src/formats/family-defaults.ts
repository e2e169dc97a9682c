// What transformers' configuration classes assume where config.json is silent, and what GGUF leaves to the reader.

export interface FamilyDefaults {
  /** PretrainedConfig ties embeddings unless the family says otherwise; here only files that do not say. */
  tied?: boolean
  context?: number
  epsilon?: number
  headDim?: number
  ropeTheta?: number
  /** What the family's feed-forward computes; another one is refused. */
  activation?: string
}

const gemma = { tied: true, headDim: 256, activation: 'gelu_pytorch_tanh' } as const

const defaults: Readonly<Record<string, FamilyDefaults>> = {
  llama: { activation: 'silu' },
  qwen2: { context: 32_768, activation: 'silu' },
  qwen3: { context: 32_768, headDim: 128, activation: 'silu' },
  gemma: { ...gemma, context: 8192 },
  gemma2: { ...gemma, context: 8192 },
  gemma3: { ...gemma, context: 131_072, ropeTheta: 1_000_000 },
  gpt2: { tied: true, context: 1024, epsilon: 1e-5, activation: 'gelu_new' },
}

export function familyDefaults(family: string): FamilyDefaults {
  return Object.hasOwn(defaults, family) ? defaults[family]! : {}
}

/** transformers' other names of the same function (activations.py). */
const synonyms: Readonly<Record<string, string>> = { gelu_new: 'gelu_pytorch_tanh', gelu_fast: 'gelu_pytorch_tanh', swish: 'silu' }
const plainName = (activation: string) => synonyms[activation] ?? activation

/** Whether two names stand for one activation function. */
export function sameActivation(a: string, b: string): boolean {
  return plainName(a) === plainName(b)
}
