// Writes a Hugging Face model as llama.cpp's converter would, as a GGUF file in F32. Names, metadata and orders are written down a second
// time from gguf-py, so that the reader does not share a mistake with the file.
import { type FamilyName, checkFamily } from '../formats/families/registry'
import { type GgufEntry, type GgufTensorData, writeGguf } from '../formats/gguf-write'
import type { ModelFile, TensorEntry } from '../formats/model-file'
import { weightFormat } from '../formats/quant/registry'

type Rename = readonly [pattern: RegExp, to: string]

const ofDecoders: readonly Rename[] = [
  [/^model\.embed_tokens/, 'token_embd'],
  [/^model\.norm/, 'output_norm'],
  [/^lm_head/, 'output'],
  [/^model\.layers\.(\d+)\.self_attn\.([qkv])_proj/, 'blk.$1.attn_$2'],
  [/^model\.layers\.(\d+)\.self_attn\.o_proj/, 'blk.$1.attn_output'],
  [/^model\.layers\.(\d+)\.self_attn\.([qk])_norm/, 'blk.$1.attn_$2_norm'],
  [/^model\.layers\.(\d+)\.mlp\.(gate|up|down)_proj/, 'blk.$1.ffn_$2'],
  [/^model\.layers\.(\d+)\.input_layernorm/, 'blk.$1.attn_norm'],
]
const ofLlama: readonly Rename[] = [...ofDecoders, [/^model\.layers\.(\d+)\.post_attention_layernorm/, 'blk.$1.ffn_norm']]
/** Also norms after each sub-layer. */
const withNormsBehind: readonly Rename[] = [
  ...ofDecoders,
  [/^model\.layers\.(\d+)\.post_attention_layernorm/, 'blk.$1.post_attention_norm'],
  [/^model\.layers\.(\d+)\.pre_feedforward_layernorm/, 'blk.$1.ffn_norm'],
  [/^model\.layers\.(\d+)\.post_feedforward_layernorm/, 'blk.$1.post_ffw_norm'],
]
const ofGpt2: readonly Rename[] = [
  [/^transformer\.wte/, 'token_embd'],
  [/^transformer\.wpe/, 'position_embd'],
  [/^transformer\.ln_f/, 'output_norm'],
  [/^transformer\.h\.(\d+)\.ln_1/, 'blk.$1.attn_norm'],
  [/^transformer\.h\.(\d+)\.ln_2/, 'blk.$1.ffn_norm'],
  [/^transformer\.h\.(\d+)\.attn\.c_attn/, 'blk.$1.attn_qkv'],
  [/^transformer\.h\.(\d+)\.attn\.c_proj/, 'blk.$1.attn_output'],
  [/^transformer\.h\.(\d+)\.mlp\.c_fc/, 'blk.$1.ffn_up'],
  [/^transformer\.h\.(\d+)\.mlp\.c_proj/, 'blk.$1.ffn_down'],
]

/** Of families whose modules have other names than Llama's. */
const otherNames: readonly Rename[] = [
  [/^model\.layers\.(\d+)\.self_attn\.qkv_proj/, 'blk.$1.attn_qkv'],
  [/^model\.layers\.(\d+)\.mlp\.gate_up_proj/, 'blk.$1.ffn_up'],
  [/^model\.layers\.(\d+)\.self_attn\.dense/, 'blk.$1.attn_output'],
  [/^model\.layers\.(\d+)\.mlp\.(fc1|c_fc)/, 'blk.$1.ffn_up'],
  [/^model\.layers\.(\d+)\.mlp\.(fc2|c_proj)/, 'blk.$1.ffn_down'],
  [/^model\.final_layernorm/, 'output_norm'],
  [/^model\.layers\.(\d+)\.self_attn\.query_layernorm/, 'blk.$1.attn_q_norm'],
  [/^model\.layers\.(\d+)\.self_attn\.key_layernorm/, 'blk.$1.attn_k_norm'],
]
const ofOthers: readonly Rename[] = [...otherNames, ...ofLlama]
const ofGlm: readonly Rename[] = [
  [/^model\.layers\.(\d+)\.post_self_attn_layernorm/, 'blk.$1.post_attention_norm'],
  [/^model\.layers\.(\d+)\.post_attention_layernorm/, 'blk.$1.ffn_norm'],
  [/^model\.layers\.(\d+)\.post_mlp_layernorm/, 'blk.$1.post_ffw_norm'],
  ...ofOthers,
]
const ofExperts: readonly Rename[] = [
  [/^model\.layers\.(\d+)\.(?:mlp|block_sparse_moe)\.gate\.weight/, 'blk.$1.ffn_gate_inp.weight'],
  [/^model\.layers\.(\d+)\.(?:mlp|block_sparse_moe)\.experts\.\d+\.(?:w1|gate_proj)/, 'blk.$1.ffn_gate_exps'],
  [/^model\.layers\.(\d+)\.(?:mlp|block_sparse_moe)\.experts\.\d+\.(?:w2|down_proj)/, 'blk.$1.ffn_down_exps'],
  [/^model\.layers\.(\d+)\.(?:mlp|block_sparse_moe)\.experts\.\d+\.(?:w3|up_proj)/, 'blk.$1.ffn_up_exps'],
  ...ofLlama,
]
const ofNeox: readonly Rename[] = [
  [/^gpt_neox\.embed_in/, 'token_embd'],
  [/^gpt_neox\.final_layer_norm/, 'output_norm'],
  [/^embed_out/, 'output'],
  [/^gpt_neox\.layers\.(\d+)\.input_layernorm/, 'blk.$1.attn_norm'],
  [/^gpt_neox\.layers\.(\d+)\.post_attention_layernorm/, 'blk.$1.ffn_norm'],
  [/^gpt_neox\.layers\.(\d+)\.attention\.query_key_value/, 'blk.$1.attn_qkv'],
  [/^gpt_neox\.layers\.(\d+)\.attention\.dense/, 'blk.$1.attn_output'],
  [/^gpt_neox\.layers\.(\d+)\.mlp\.dense_h_to_4h/, 'blk.$1.ffn_up'],
  [/^gpt_neox\.layers\.(\d+)\.mlp\.dense_4h_to_h/, 'blk.$1.ffn_down'],
]

const ofFalcon: readonly Rename[] = [
  [/^transformer\.word_embeddings/, 'token_embd'],
  [/^transformer\.ln_f/, 'output_norm'],
  [/^transformer\.h\.(\d+)\.input_layernorm/, 'blk.$1.attn_norm'],
  [/^transformer\.h\.(\d+)\.self_attention\.query_key_value/, 'blk.$1.attn_qkv'],
  [/^transformer\.h\.(\d+)\.self_attention\.dense/, 'blk.$1.attn_output'],
  [/^transformer\.h\.(\d+)\.mlp\.dense_h_to_4h/, 'blk.$1.ffn_up'],
  [/^transformer\.h\.(\d+)\.mlp\.dense_4h_to_h/, 'blk.$1.ffn_down'],
]

/** How gguf-py converts a family's models. */
interface Conversion {
  names: readonly Rename[]
  /** `general.architecture`, if it is not the family's name. */
  architecture?: string
  /** Rows of q and k are reordered in pairs. */
  paired?: boolean
  /** 1 is added to the weights of norms. */
  fromOne?: boolean
  /** Settings of config.json that are copied unchanged. */
  settings?: Readonly<Record<string, string>>
  /** The epsilon is that of layer norms. */
  layered?: boolean
  /** The share of a head that is rotated, if the file does not say. */
  partial?: number
  /** Rows of queries, keys and values are put in order from heads. */
  joined?: boolean
  /** Layer norms and learned positions, without the metadata for grouped heads and rotation. */
  absolute?: boolean
  /** All queries share one key and one value. */
  oneKey?: boolean
}

const windows = {
  sliding_window: 'attention.sliding_window',
  sliding_window_pattern: 'attention.sliding_window_pattern',
  attn_logit_softcapping: 'attn_logit_softcapping',
  final_logit_softcapping: 'final_logit_softcapping',
}
const multipliers = {
  attention_multiplier: 'attention.scale',
  embedding_multiplier: 'embedding_scale',
  residual_multiplier: 'residual_scale',
  logits_scaling: 'logit_scale',
}
const experts = {
  num_local_experts: 'expert_count',
  num_experts: 'expert_count',
  num_experts_per_tok: 'expert_used_count',
  moe_intermediate_size: 'expert_feed_forward_length',
}
const conversions: Readonly<Record<FamilyName, Conversion | undefined>> = {
  llama: { names: ofLlama, paired: true },
  qwen2: { names: ofLlama },
  qwen3: { names: ofLlama },
  gemma: { names: ofLlama, fromOne: true },
  gemma2: { names: withNormsBehind, fromOne: true, settings: windows },
  gemma3: { names: withNormsBehind, fromOne: true, settings: windows },
  gpt2: { names: ofGpt2, absolute: true },
  olmo2: { names: withNormsBehind, settings: windows },
  smollm3: { names: ofLlama, paired: true },
  phi3: { names: ofOthers, partial: 1, settings: windows },
  phi2: { names: ofOthers, layered: true, partial: 0.5 },
  granite: { names: ofLlama, paired: true, settings: multipliers },
  gptneox: { names: ofNeox, layered: true, partial: 0.25, joined: true, settings: { use_parallel_residual: 'use_parallel_residual' } },
  stablelm: { names: ofLlama, layered: true, partial: 0.25, settings: { use_parallel_residual: 'use_parallel_residual' } },
  starcoder2: { names: ofOthers, layered: true, settings: windows },
  olmo: { names: ofLlama, paired: true, layered: true },
  exaone4: { names: withNormsBehind, settings: windows },
  ernie4_5: { names: ofLlama },
  seed_oss: { names: withNormsBehind },
  'hunyuan-dense': { names: ofOthers },
  glm4: { names: ofGlm, partial: 0.5 },
  'command-r': { names: ofLlama, layered: true, settings: { logit_scale: 'logit_scale' } },
  cohere2: { names: ofLlama, layered: true, settings: { ...windows, logit_scale: 'logit_scale' } },
  nemotron: { names: ofLlama, layered: true, partial: 0.5, fromOne: true },
  arcee: { names: ofLlama, paired: true },
  starcoder: { names: ofGpt2, absolute: true, oneKey: true },
  falcon: { names: ofFalcon, layered: true, oneKey: true },
  // TabTune writes no GGUF files of these: llama.cpp does not know most of them.
  ministral3: undefined,
  gptj: undefined,
  codegen: undefined,
  persimmon: undefined,
  apertus: undefined,
  mixtral: { names: ofExperts, architecture: 'llama', paired: true, settings: experts },
  qwen3moe: { names: ofExperts, settings: experts },
  olmoe: { names: ofExperts, settings: experts },
  // llama.cpp does not know these.
  opt: undefined,
  helium: undefined,
}

function conversionOf({ config: { family }, name }: ModelFile): Conversion {
  checkFamily(name, family)
  const conversion = conversions[family as FamilyName]
  if (!conversion) throw new Error(`llama.cpp does not know ${family}`)
  return conversion
}

function renamed(names: readonly Rename[], name: string): string {
  const [pattern, to] = names.find(([p]) => p.test(name))!
  return name.replace(pattern, to)
}

/** w.reshape(H, 2, D/2, in).swapaxes(1, 2): LlamaForCausalLM's q and k. */
function pairedRows(values: Float32Array, headDim: number, cols: number): Float32Array {
  const out = new Float32Array(values.length)
  for (let h = 0; h < values.length / cols / headDim; h++)
    for (let half = 0; half < 2; half++)
      for (let j = 0; j < headDim / 2; j++) {
        const [from, to] = [h * headDim + (half * headDim) / 2 + j, h * headDim + 2 * j + half]
        out.set(values.subarray(from * cols, (from + 1) * cols), to * cols)
      }
  return out
}

/** Rows [H, 3, D] as [3, H, D]: GPTNeoXForCausalLM's query_key_value. */
function splitRows(values: Float32Array, headDim: number, cols: number): Float32Array {
  const out = new Float32Array(values.length)
  const heads = values.length / cols / headDim / 3
  for (let h = 0; h < heads; h++)
    for (let part = 0; part < 3; part++) {
      const [from, to] = [(h * 3 + part) * headDim * cols, (part * heads + h) * headDim * cols]
      out.set(values.subarray(from, from + headDim * cols), to)
    }
  return out
}

async function tensorOf(model: ModelFile, entry: TensorEntry): Promise<GgufTensorData> {
  const { names, paired, joined, fromOne } = conversionOf(model)
  const matrix = entry.shape.length === 2
  const count = entry.shape.reduce((a, b) => a * b, 1)
  let values: Float32Array = weightFormat(entry.format).decode(await entry.readRows(0, matrix ? entry.shape[0] : 1), count)
  if (paired && /\.[qk]_proj\./.test(entry.name)) values = pairedRows(values, model.config.headDim, matrix ? entry.shape[1] : 1)
  if (joined && entry.name.includes('query_key_value')) values = splitRows(values, model.config.headDim, matrix ? entry.shape[1] : 1)
  if (fromOne && entry.name.endsWith('norm.weight')) values = values.map((v) => v + 1)
  return {
    name: renamed(names, entry.name),
    dimensions: [...entry.shape].reverse(),
    type: 0,
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  }
}

function metadataOf(model: ModelFile): Record<string, GgufEntry> {
  const { config, name } = model
  const { absolute, oneKey, layered, partial, architecture: family = config.family, settings = {} } = conversionOf(model)
  const { raw } = config
  const metadata: Record<string, GgufEntry> = {
    'general.architecture': { type: 'text', value: family },
    'general.name': { type: 'text', value: name },
  }
  const put = (key: string, type: 'u32' | 'f32', value: unknown) => {
    if (typeof value === 'number') metadata[`${family}.${key}`] = { type, value }
  }
  put('block_count', 'u32', config.layers)
  put('context_length', 'u32', config.context)
  put('embedding_length', 'u32', config.hidden)
  put('feed_forward_length', 'u32', config.intermediate)
  put('attention.head_count', 'u32', config.heads)
  if (oneKey) put('attention.head_count_kv', 'u32', 1)
  if (absolute) {
    put('attention.layer_norm_epsilon', 'f32', config.normEpsilon)
    return metadata
  }
  if (!oneKey) put('attention.head_count_kv', 'u32', config.kvHeads)
  put('attention.key_length', 'u32', config.headDim)
  put('attention.value_length', 'u32', config.headDim)
  put(layered ? 'attention.layer_norm_epsilon' : 'attention.layer_norm_rms_epsilon', 'f32', config.normEpsilon)
  put('rope.freq_base', 'f32', config.ropeTheta)
  if (partial !== undefined) {
    const { partial_rotary_factor: share } = { ...raw, ...(raw.rope_parameters as Record<string, unknown> | undefined) }
    put('rope.dimension_count', 'u32', Math.trunc(Number(share ?? raw.rotary_pct ?? partial) * config.headDim))
  }
  for (const [key, to] of Object.entries(settings)) {
    put(to, key.startsWith('sliding_window') || to.startsWith('expert_') ? 'u32' : 'f32', raw[key])
    if (typeof raw[key] === 'boolean') metadata[`${family}.${to}`] = { type: 'bool', value: raw[key] }
  }
  return metadata
}

/** Metadata and tensors of a rotary scaling, as gguf-py's converter writes them. Llama 3's factors are not written. */
function ropeOf(model: ModelFile): { metadata: Record<string, GgufEntry>; lists: Record<string, number[]> } {
  const { config } = model
  const { raw, headDim, context } = config
  const { architecture: family = config.family } = conversionOf(model)
  const parameters = (raw.rope_scaling ?? raw.rope_parameters ?? {}) as Record<string, unknown>
  const scaling = (parameters.full_attention ?? parameters) as Record<string, number | string | number[]>
  const kind = String(scaling.rope_type ?? scaling.type ?? 'default')
  const original = Number(raw.original_max_position_embeddings ?? scaling.original_max_position_embeddings ?? context)
  const key = (name: string) => `${family}.rope.${name}`
  if (kind === 'dynamic' && scaling.alpha) {
    // HunYuanDense: the base grows once and for all.
    const base = config.ropeTheta * Number(scaling.alpha) ** (headDim / (headDim - 2))
    return { metadata: { [key('freq_base')]: { type: 'f32', value: base } }, lists: {} }
  }
  if (kind === 'linear' || kind === 'yarn')
    return {
      metadata: {
        [key('scaling.type')]: { type: 'text', value: kind },
        [key('scaling.factor')]: { type: 'f32', value: Number(scaling.factor) },
        ...(kind === 'yarn' && { [key('scaling.original_context_length')]: { type: 'u32', value: original } }),
      },
      lists: {},
    }
  if (kind !== 'longrope') return { metadata: {}, lists: {} }
  const factor = Math.sqrt(1 + Math.log(context / original) / Math.log(original))
  return {
    metadata: {
      [key('scaling.attn_factor')]: { type: 'f32', value: factor },
      [key('scaling.original_context_length')]: { type: 'u32', value: original },
    },
    lists: {
      'rope_factors_long.weight': scaling.long_factor as number[],
      'rope_factors_short.weight': scaling.short_factor as number[],
    },
  }
}

/** torch.stack over the tensors of one name: the matrices of a block's experts. */
function stackedByName(tensors: readonly GgufTensorData[]): GgufTensorData[] {
  const byName = new Map<string, GgufTensorData[]>()
  for (const tensor of tensors) byName.set(tensor.name, [...(byName.get(tensor.name) ?? []), tensor])
  return [...byName.values()].map((of) => {
    const [first] = of as [GgufTensorData]
    if (of.length === 1) return first
    const bytes = new Uint8Array(of.length * first.bytes.length)
    of.forEach((one, i) => bytes.set(one.bytes, i * first.bytes.length))
    return { ...first, dimensions: [...first.dimensions, of.length], bytes }
  })
}

/** The file's bytes, with `more` metadata (such as a vocabulary). */
export async function ggufOf(model: ModelFile, more: Readonly<Record<string, GgufEntry>> = {}): Promise<Uint8Array<ArrayBuffer>> {
  const tensors: GgufTensorData[] = []
  for (const entry of model.tensors.values()) tensors.push(await tensorOf(model, entry))
  const { metadata, lists } = ropeOf(model)
  for (const [name, list] of Object.entries(lists))
    tensors.push({ name, dimensions: [list.length], type: 0, bytes: new Uint8Array(Float32Array.from(list).buffer) })
  return writeGguf({ ...metadataOf(model), ...metadata, ...more }, stackedByName(tensors))
}

/** The tokens that llama.cpp looks for in a model with "phi3" in its name. */
export const phi3Tokens = ['<unk>', '<s>', '</s>', '<|endoftext|>']

/** Metadata of a vocabulary of `size` made-up tokens that llama.cpp accepts, the last ones `named`, for models that get only ids. */
export function someVocabulary(size: number, named: readonly string[] = []): Record<string, GgufEntry> {
  // llama.cpp looks for the line feed as byte-level BPE writes it.
  const tokens = Array.from({ length: size }, (_, id) => (id === 3 ? 'Ċ' : (named[id - size + named.length] ?? `t${id}`)))
  return {
    'tokenizer.ggml.model': { type: 'text', value: 'gpt2' },
    'tokenizer.ggml.pre': { type: 'text', value: 'default' },
    'tokenizer.ggml.tokens': { type: 'texts', value: tokens },
    'tokenizer.ggml.token_type': { type: 'i32s', value: tokens.map((_, id) => (id < 3 ? 3 : 1)) },
    'tokenizer.ggml.merges': { type: 'texts', value: ['t 1'] },
    'tokenizer.ggml.bos_token_id': { type: 'u32', value: 1 },
    'tokenizer.ggml.eos_token_id': { type: 'u32', value: 2 },
  }
}
