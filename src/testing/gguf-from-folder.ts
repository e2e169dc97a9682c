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

/** How gguf-py converts a family's models. */
interface Conversion {
  names: readonly Rename[]
  /** Rows of q and k are reordered in pairs. */
  paired?: boolean
  /** 1 is added to the weights of norms. */
  fromOne?: boolean
  /** Settings of config.json that are copied unchanged. */
  settings?: Readonly<Record<string, string>>
  /** Layer norms and learned positions, without the metadata for grouped heads and rotation. */
  absolute?: boolean
}

const windows = {
  sliding_window: 'attention.sliding_window',
  sliding_window_pattern: 'attention.sliding_window_pattern',
  attn_logit_softcapping: 'attn_logit_softcapping',
  final_logit_softcapping: 'final_logit_softcapping',
}
const conversions: Readonly<Record<FamilyName, Conversion>> = {
  llama: { names: ofLlama, paired: true },
  qwen2: { names: ofLlama },
  qwen3: { names: ofLlama },
  gemma2: { names: withNormsBehind, fromOne: true, settings: windows },
  gemma3: { names: withNormsBehind, fromOne: true, settings: windows },
  gpt2: { names: ofGpt2, absolute: true },
  olmo2: { names: withNormsBehind },
}

function conversionOf({ config: { family }, name }: ModelFile): Conversion {
  checkFamily(name, family)
  return conversions[family]
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

async function tensorOf(model: ModelFile, entry: TensorEntry): Promise<GgufTensorData> {
  const { names, paired, fromOne } = conversionOf(model)
  const matrix = entry.shape.length === 2
  const count = entry.shape.reduce((a, b) => a * b, 1)
  let values: Float32Array = weightFormat(entry.format).decode(await entry.readRows(0, matrix ? entry.shape[0] : 1), count)
  if (paired && /\.[qk]_proj\./.test(entry.name)) values = pairedRows(values, model.config.headDim, matrix ? entry.shape[1] : 1)
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
  const { absolute, settings = {} } = conversionOf(model)
  const { family, raw } = config
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
  if (absolute) {
    put('attention.layer_norm_epsilon', 'f32', config.normEpsilon)
    return metadata
  }
  put('attention.head_count_kv', 'u32', config.kvHeads)
  put('attention.key_length', 'u32', config.headDim)
  put('attention.value_length', 'u32', config.headDim)
  put('attention.layer_norm_rms_epsilon', 'f32', config.normEpsilon)
  put('rope.freq_base', 'f32', config.ropeTheta)
  for (const [key, to] of Object.entries(settings)) put(to, key.startsWith('sliding_window') ? 'u32' : 'f32', raw[key])
  return metadata
}

/** The file's bytes, with `more` metadata (such as a vocabulary). Rotary factors are not written. */
export async function ggufOf(model: ModelFile, more: Readonly<Record<string, GgufEntry>> = {}): Promise<Uint8Array<ArrayBuffer>> {
  const tensors: GgufTensorData[] = []
  for (const entry of model.tensors.values()) tensors.push(await tensorOf(model, entry))
  return writeGguf({ ...metadataOf(model), ...more }, tensors)
}

/** Metadata of a vocabulary of `size` made-up tokens that llama.cpp accepts, for models that get only ids. */
export function someVocabulary(size: number): Record<string, GgufEntry> {
  // llama.cpp looks for the line feed as byte-level BPE writes it.
  const tokens = Array.from({ length: size }, (_, id) => (id === 3 ? 'Ċ' : `t${id}`))
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
