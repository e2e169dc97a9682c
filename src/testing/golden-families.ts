// The goldens of each family, in ../shared/oracle and in e2e/interop/goldens. A new family gets a line here, and all tests over
// families then include it.
import type { FamilyName } from '../formats/families/registry'

interface Goldens {
  /** Folders of ../shared/oracle: whole models, with logits and a greedy continuation by transformers. The first is the plainest. */
  models: readonly [string, ...string[]]
  /** Folders of e2e/interop/goldens, where a clone has them. */
  kept?: readonly string[]
  /** How far logits may be from transformers'. */
  within: number
  /** Cases of ../shared/oracle/methods that are run because the family differs in structure from the others. */
  methods: readonly string[]
  /** Whether the gradient of every tensor is compared with the slope of the loss, because no golden trains all of them. */
  everyGradient: boolean
}

const goldens: Readonly<Record<FamilyName, Goldens>> = {
  llama: { models: ['llama', 'llama_tied', 'llama3_rope'], kept: ['tiny_llama'], within: 1e-4, methods: [], everyGradient: false },
  qwen2: { models: ['qwen2'], within: 1e-4, methods: [], everyGradient: false },
  qwen3: { models: ['qwen3'], kept: ['tiny_qwen3'], within: 1e-4, methods: ['lora_qwen3'], everyGradient: true },
  gemma2: { models: ['gemma2'], within: 2e-4, methods: [], everyGradient: true },
  gemma3: { models: ['gemma3'], within: 2e-4, methods: ['lora_gemma3'], everyGradient: true },
  gpt2: {
    models: ['gpt2'],
    kept: ['tiny_gpt2'],
    within: 2e-4,
    methods: ['lora_gpt2', 'prompt_tuning_gpt2', 'ia3_gpt2'],
    everyGradient: true,
  },
  olmo2: { models: ['olmo2'], kept: ['tiny_olmo2'], within: 1e-4, methods: ['lora_olmo2'], everyGradient: true },
}

const all = Object.values(goldens)

/** The plainest model of each family. */
export const plainModels = all.map(({ models }) => models[0])

/** Every model that a clone has, with the bound for its logits. */
export const keptModels = all.flatMap(({ kept = [], within }) => kept.map((name) => ({ name, within })))

/** Every model of ../shared/oracle with the bound for its logits. */
export const goldenModels = all.flatMap(({ models, within }) => models.map((name) => ({ name, within })))

/** Cases of methods on families that differ in structure from Llama. */
export const familyCases = all.flatMap(({ methods }) => methods)

/** Models whose every tensor's gradient is checked. */
export const gradientModels = all.filter(({ everyGradient }) => everyGradient).map(({ models }) => models[0])
