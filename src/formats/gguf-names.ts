// GGUF tensor names and the publisher's (llama.cpp gguf-py, tensor_mapping.py), and the rows that Llama-family files reorder.

/** GGUF name ↔ Hugging Face name, without `.weight` and `.bias`; {n} stands for the layer. */
const decoderNames: readonly (readonly [gguf: string, hf: string])[] = [
  ['token_embd', 'model.embed_tokens'],
  ['output_norm', 'model.norm'],
  ['output', 'lm_head'],
  ['blk.{n}.attn_norm', 'model.layers.{n}.input_layernorm'],
  ['blk.{n}.attn_q', 'model.layers.{n}.self_attn.q_proj'],
  ['blk.{n}.attn_k', 'model.layers.{n}.self_attn.k_proj'],
  ['blk.{n}.attn_v', 'model.layers.{n}.self_attn.v_proj'],
  ['blk.{n}.attn_output', 'model.layers.{n}.self_attn.o_proj'],
  ['blk.{n}.attn_q_norm', 'model.layers.{n}.self_attn.q_norm'],
  ['blk.{n}.attn_k_norm', 'model.layers.{n}.self_attn.k_norm'],
  ['blk.{n}.ffn_norm', 'model.layers.{n}.post_attention_layernorm'],
  ['blk.{n}.ffn_gate', 'model.layers.{n}.mlp.gate_proj'],
  ['blk.{n}.ffn_up', 'model.layers.{n}.mlp.up_proj'],
  ['blk.{n}.ffn_down', 'model.layers.{n}.mlp.down_proj'],
]

/** Gemma 2 and 3 have a norm before and one behind each sub-layer. */
const gemmaNames: typeof decoderNames = [
  ...decoderNames.filter(([gguf]) => gguf !== 'blk.{n}.ffn_norm'),
  ['blk.{n}.post_attention_norm', 'model.layers.{n}.post_attention_layernorm'],
  ['blk.{n}.ffn_norm', 'model.layers.{n}.pre_feedforward_layernorm'],
  ['blk.{n}.post_ffw_norm', 'model.layers.{n}.post_feedforward_layernorm'],
]

const gpt2Names: typeof decoderNames = [
  ['token_embd', 'transformer.wte'],
  ['position_embd', 'transformer.wpe'],
  ['output_norm', 'transformer.ln_f'],
  ['output', 'lm_head'],
  ['blk.{n}.attn_norm', 'transformer.h.{n}.ln_1'],
  ['blk.{n}.attn_qkv', 'transformer.h.{n}.attn.c_attn'],
  ['blk.{n}.attn_output', 'transformer.h.{n}.attn.c_proj'],
  ['blk.{n}.ffn_norm', 'transformer.h.{n}.ln_2'],
  ['blk.{n}.ffn_up', 'transformer.h.{n}.mlp.c_fc'],
  ['blk.{n}.ffn_down', 'transformer.h.{n}.mlp.c_proj'],
]

const both = (names: typeof decoderNames) => ({ toHf: new Map(names), toGguf: new Map(names.map(([gguf, hf]) => [hf, gguf])) })
const usual = both(decoderNames)
const gemma = both(gemmaNames)
const byFamily: ReadonlyMap<string, typeof usual> = new Map([
  ['gemma2', gemma],
  ['gemma3', gemma],
  ['gpt2', both(gpt2Names)],
])
const namesOf = (family: string) => byFamily.get(family) ?? usual

function rename(names: ReadonlyMap<string, string>, name: string): string | undefined {
  const [, stem = '', ending = ''] = /^(.*?)(\.weight|\.bias)?$/s.exec(name) ?? []
  const layer = /\.(\d+)\./.exec(stem)?.[1]
  const found = names.get(layer === undefined ? stem : stem.replace(`.${layer}.`, '.{n}.'))
  return found === undefined ? undefined : (layer === undefined ? found : found.replace('{n}', layer)) + ending
}

/** `blk.0.attn_q.weight` → `model.layers.0.self_attn.q_proj.weight`; undefined for a tensor that Hugging Face does not have. */
export function hfName(family: string, gguf: string): string | undefined {
  return rename(namesOf(family).toHf, gguf)
}

/** `model.layers.0.self_attn.q_proj.weight` → `blk.0.attn_q.weight`; also for module names without ending. */
export function ggufName(family: string, hf: string): string | undefined {
  return rename(namesOf(family).toGguf, hf)
}

/** Architectures whose GGUF files reorder the rows of q and k for rotary pairs (2j, 2j + 1) instead of (j, j + D/2). */
export function hasPermutedRotary(architecture: string): boolean {
  return ['llama', 'mistral3', 'smollm3', 'arcee', 'granite'].includes(architecture)
}

/** Whether GGUF files hold the tensor with 1 added: Gemma's norms, whose weights count from 1 (gguf-py conversion of all Gemmas). */
export function hasOneAdded(architecture: string, hf: string): boolean {
  return /^gemma[23]?$/.test(architecture) && hf.endsWith('norm.weight')
}

/** The GGUF row that holds Hugging Face row `row` of q or k: h·D + s·D/2 + j lies at h·D + 2j + s. */
export function permutedRow(row: number, headDim: number): number {
  const within = row % headDim
  const half = headDim / 2
  return row - within + (within < half ? 2 * within : 2 * (within - half) + 1)
}

/** A matrix [H·D, cols] from Hugging Face row order to that of Llama-family GGUF files. */
export function permuteRows(values: Float32Array, cols: number, heads: number): Float32Array<ArrayBuffer> {
  const rows = values.length / cols
  const out = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) out.set(values.subarray(row * cols, (row + 1) * cols), permutedRow(row, rows / heads) * cols)
  return out
}
