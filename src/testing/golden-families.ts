// The goldens of each family, in ../shared/oracle and in e2e/interop/goldens. A new family gets a line here, and all tests over
// families then include it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FamilyName, filesOf } from '../formats/families/registry'

interface Goldens {
  /** Folders of ../shared/oracle: whole models, with logits and a greedy continuation by transformers. The first is the plainest. */
  models?: readonly string[]
  /** Folders of e2e/interop/goldens, where a clone has them. */
  kept?: readonly string[]
  /** How far logits may be from transformers'. */
  within: number
  /** Cases of ../shared/oracle/methods that are run because the family differs in structure from the others. */
  methods?: readonly string[]
  /** Whether the gradient of every tensor is compared with the slope of the loss, because no golden trains all of them. */
  everyGradient?: boolean
  /** The tokens of this comparison, if they are not the golden's. */
  gradientTokens?: number[]
  /**
   * The family that stands for this one in tests that take minutes over all families (the contract suite, files written and read back,
   * llama.cpp): its blocks are made of the same pieces. Absent: it is tested there itself.
   */
  like?: FamilyName
}

const goldens: Readonly<Record<FamilyName, Goldens>> = {
  llama: {
    models: ['llama', 'llama_tied', 'llama3_rope', 'llama_linear', 'llama_yarn', 'mistral'],
    kept: ['tiny_llama', 'tiny_mistral3_pictures'],
    within: 1e-4,
  },
  qwen2: { models: ['qwen2'], kept: ['tiny_qwen2_5_vl'], within: 1e-4 },
  qwen3: { models: ['qwen3'], kept: ['tiny_qwen3'], within: 1e-4, methods: ['lora_qwen3'], everyGradient: true },
  gemma: { models: ['gemma'], within: 3e-4, methods: ['lora_gemma'], everyGradient: true, like: 'gemma2' },
  gemma2: { models: ['gemma2'], kept: ['tiny_gemma2'], within: 2e-4, everyGradient: true },
  gemma3: { models: ['gemma3'], kept: ['tiny_gemma3_pictures'], within: 2e-4, methods: ['lora_gemma3'], everyGradient: true },
  gpt2: {
    models: ['gpt2'],
    kept: ['tiny_gpt2', 'tiny_gpt2_gelu'],
    within: 2e-4,
    methods: ['lora_gpt2', 'prompt_tuning_gpt2', 'ia3_gpt2'],
    everyGradient: true,
  },
  olmo2: { models: ['olmo2'], kept: ['tiny_olmo2', 'tiny_olmo3'], within: 1e-4, methods: ['lora_olmo2'], everyGradient: true },
  smollm3: { models: ['smollm3'], within: 2e-4, methods: ['lora_smollm3'], everyGradient: true, like: 'llama' },
  phi3: {
    models: ['phi3', 'phi3_longrope', 'phi3_longrope_short', 'phi3_partial'],
    within: 2e-4,
    methods: ['lora_phi3_partial'],
    everyGradient: true,
  },
  phi2: { models: ['phi'], within: 1e-4, methods: ['lora_phi'], everyGradient: true, like: 'gptneox' },
  granite: { models: ['granite'], within: 2e-4, methods: ['lora_granite'], everyGradient: true, like: 'llama' },
  gptneox: { models: ['gpt_neox'], within: 1e-4, methods: ['lora_gpt_neox'], everyGradient: true },
  stablelm: { models: ['stablelm'], within: 1e-4, methods: ['lora_stablelm'], everyGradient: true, like: 'gptneox' },
  opt: { models: ['opt'], within: 1e-4, methods: ['lora_opt'], everyGradient: true, like: 'gpt2' },
  starcoder2: { kept: ['tiny_starcoder2'], within: 1e-4, everyGradient: true, like: 'gptneox' },
  olmo: { kept: ['tiny_olmo'], within: 1e-4, everyGradient: true, like: 'llama' },
  exaone4: { kept: ['tiny_exaone4'], within: 1e-4, everyGradient: true, like: 'olmo2' },
  ernie4_5: { kept: ['tiny_ernie4_5'], within: 1e-4, everyGradient: true, like: 'llama' },
  seed_oss: { kept: ['tiny_seed_oss'], within: 1e-4, everyGradient: true, like: 'qwen2' },
  'hunyuan-dense': { kept: ['tiny_hunyuan'], within: 1e-4, everyGradient: true, like: 'qwen3' },
  glm4: { kept: ['tiny_glm4'], within: 1e-4, everyGradient: true, like: 'gemma2' },
  'command-r': { kept: ['tiny_cohere'], within: 1e-4, everyGradient: true, like: 'gptneox' },
  cohere2: { kept: ['tiny_cohere2'], within: 1e-4, everyGradient: true, like: 'gptneox' },
  nemotron: { kept: ['tiny_nemotron'], within: 1e-4, everyGradient: true, like: 'gptneox' },
  apertus: { kept: ['tiny_apertus'], within: 1e-4, everyGradient: true, like: 'gptneox' },
  arcee: { kept: ['tiny_arcee'], within: 1e-4, everyGradient: true, like: 'llama' },
  qwen3moe: {
    models: ['qwen3_moe'],
    within: 1e-4,
    methods: ['lora_qwen3_moe_experts'],
    everyGradient: true,
    // They go to every expert, and no choice is close. Fewer tokens take less time.
    gradientTokens: [64, 57, 42, 41, 62, 64, 94, 84],
  },
  mixtral: {
    models: ['mixtral'],
    within: 1e-4,
    methods: ['lora_mixtral_experts'],
    everyGradient: true,
    // They go to every expert. With the golden's own, one choice is so close that the loss jumps when weights move a little.
    gradientTokens: [91, 16, 79, 92, 49, 74, 3, 77],
    like: 'qwen3moe',
  },
  olmoe: { kept: ['tiny_olmoe'], within: 1e-4, everyGradient: true, like: 'qwen3moe' },
  helium: { kept: ['tiny_helium'], within: 1e-4, everyGradient: true, like: 'llama' },
  ministral3: { kept: ['tiny_ministral3'], within: 1e-4, everyGradient: true, like: 'llama' },
  gptj: { kept: ['tiny_gptj'], within: 1e-4, everyGradient: true, like: 'gptneox' },
  codegen: { kept: ['tiny_codegen'], within: 1e-4, everyGradient: true, like: 'gptneox' },
  starcoder: { kept: ['tiny_starcoder', 'tiny_starcoder_heads'], within: 1e-4, everyGradient: true, like: 'gpt2' },
  falcon: { kept: ['tiny_falcon_new', 'tiny_falcon', 'tiny_falcon_serial'], within: 1e-4, everyGradient: true, like: 'gptneox' },
  persimmon: { kept: ['tiny_persimmon'], within: 1e-4, everyGradient: true, like: 'gptneox' },
}

const all = Object.values(goldens)

/** LoRA on small models of the families that have no case of their own, by PEFT: the number of trained tensors, and the losses of a few steps. */
export const { cases: loraFamilies } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../e2e/interop/goldens/methods/lora_families.json'), 'utf8'),
) as { cases: Readonly<Record<string, { tensors: number; losses: number[] }>> }
const plainest = ({ models = [], kept = [] }: Goldens) => (models[0] ?? kept[0])!

/** The families that tests over all families go through, because they take minutes. */
export const testedFamilies = Object.entries(goldens).flatMap(([family, { like }]) => (like ? [] : [family]))

/** The plainest model of each of these. */
export const plainModels = all.filter(({ like }) => !like).map(plainest)

/** What GGUF cannot say: windows of this architecture, other layers without rotation than every fourth, exact GELU, other blocks than usual. */
const notInGguf = ['mistral', 'smollm3', 'tiny_gpt2_gelu', 'tiny_starcoder_heads', 'tiny_falcon_new', 'tiny_falcon_serial']

const named = (kind: 'kept' | 'models') =>
  Object.entries(goldens).flatMap(([family, { within, [kind]: names = [] }]) =>
    names.map((name) => ({ name, within, gguf: filesOf(family).noGguf === undefined && !notInGguf.includes(name) })),
  )

/** Every model that a clone has, with the bound for its logits, and whether GGUF can say what it is. */
export const keptModels = named('kept')

/** Every model of ../shared/oracle, in the same way. */
export const goldenModels = named('models')

/** Models that llama.cpp runs after they are written as GGUF, which takes seconds each: one or two of each kind. */
export const llamaCppModels = [...all.filter(({ like }) => !like).map(plainest), 'llama_tied', 'llama3_rope', 'llama_yarn']

/** Cases of methods on families that differ in structure from Llama; `like`: on those that are made of the pieces of another. */
export const familyCases = all.filter(({ like }) => !like).flatMap(({ methods = [] }) => methods)
export const likeCases = all.filter(({ like }) => like).flatMap(({ methods = [] }) => methods)

/** Models whose every tensor's gradient is checked, and the tokens if they are not the golden's. */
export const gradientModels = all
  .filter(({ everyGradient }) => everyGradient)
  .map((golden): [name: string, tokens: number[] | undefined] => [plainest(golden), golden.gradientTokens])

/** What is compared for a family: models by their logits, cases of methods by their training, and the family that stands for it elsewhere. */
export function checksOf(family: string): {
  logits: readonly string[]
  adapters: readonly string[]
  everyGradient: boolean
  like?: string
} {
  const { models = [], kept = [], methods = [], everyGradient = false, like } = goldens[family as FamilyName]
  const logits = [...models, ...kept]
  const adapters = logits.some((name) => name in loraFamilies) ? [...methods, 'lora_families'] : methods
  return { logits, adapters, everyGradient, like }
}
