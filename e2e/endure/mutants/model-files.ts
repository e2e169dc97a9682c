// Small whole models and adapters, as the files that a person would drop.
import { type GgufEntry, type GgufTensorData, writeGguf } from '../../../src/formats/gguf-write'
import { MemorySource } from '../../../src/formats/memory-source'
import { planBase } from '../../../src/models/base-model'
import { randomModel } from '../../../src/models/random-model'
import { writeSafetensors } from '../../../src/formats/safetensors'
import { methodBase } from '../../../src/peft/base'
import type { Base } from '../../../src/peft/method'
import { loraFolder } from '../../../src/testing/lora-file'
import { normals } from '../../../src/testing/random'

type Bytes = Uint8Array<ArrayBuffer>

/** Letters, and what they merge to. */
const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789.,! Ġ▁']
const merges = [['t', 'h'], ['th', 'e'], ['a', 'n'], ['an', 'd'], ['Ġ', 'a'], ['Ġ', 'the'], ['▁', 'a'], ['i', 'n']] as const // prettier-ignore
const tokens = ['<unk>', '<s>', '</s>', ...letters, ...merges.map((pair) => pair.join(''))]
/** V, rows of the embedding. */
export const vocab = 64
const byText = Object.fromEntries(tokens.map((token, id) => [token, id]))
const added = ['<unk>', '<s>', '</s>'].map((content, id) => ({
  id,
  content,
  special: true,
  normalized: false,
  single_word: false,
  lstrip: false,
  rstrip: id === 1,
}))
const template = {
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
  special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
}
const bpe = {
  type: 'BPE',
  unk_token: '<unk>',
  fuse_unk: true,
  byte_fallback: false,
  vocab: byText,
  merges: merges.map((pair) => pair.join(' ')),
}
const pattern = String.raw`'s|'t| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`

/** A tokenizer.json of each kind of model and part. */
export const tokenizerJsons: readonly Record<string, unknown>[] = [
  {
    version: '1.0', added_tokens: added, normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Lowercase' }] },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { Regex: `(?:${pattern})` }, behavior: 'Isolated', invert: false }, { type: 'Digits', individual_digits: true }, { type: 'ByteLevel', add_prefix_space: false, use_regex: false }] },
    decoder: { type: 'ByteLevel', add_prefix_space: true }, post_processor: template, model: bpe,
  },
  {
    added_tokens: added, normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, { type: 'Replace', pattern: { String: ' ' }, content: '▁' }] },
    pre_tokenizer: null, post_processor: null,
    decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: '▁' }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }] },
    model: { ...bpe, byte_fallback: true, merges },
  },
  {
    added_tokens: added, normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' }, decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    post_processor: { type: 'BertProcessing', sep: ['</s>', 2], cls: ['<s>', 1] },
    model: { type: 'WordPiece', unk_token: '<unk>', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: byText },
  },
  {
    added_tokens: added, normalizer: { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first' }, decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first' },
    post_processor: { type: 'Sequence', processors: [template] },
    model: { type: 'Unigram', unk_id: 0, byte_fallback: false, vocab: tokens.map((token, id) => [token, -id]) },
  },
] // prettier-ignore

export const configJson = {
  architectures: ['LlamaForCausalLM'], model_type: 'llama', num_hidden_layers: 1, hidden_size: 32, intermediate_size: 32,
  num_attention_heads: 4, num_key_value_heads: 2, head_dim: 8, vocab_size: vocab, max_position_embeddings: 64, rms_norm_eps: 1e-5,
  hidden_act: 'silu', tie_word_embeddings: true, bos_token_id: 1, eos_token_id: [2], torch_dtype: 'float32',
  rope_parameters: { rope_type: 'llama3', rope_theta: 10000, factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 32 },
} // prettier-ignore

const file = (name: string, json: unknown): MemorySource => new MemorySource(name, new TextEncoder().encode(JSON.stringify(json)))

/** The other small files of a folder, by name. */
export const sideJsons: Readonly<Record<string, unknown>> = {
  'config.json': configJson,
  'generation_config.json': { bos_token_id: 1, eos_token_id: [2], pad_token_id: 0 },
  'tokenizer_config.json': {
    bos_token: '<s>', eos_token: { content: '</s>' }, unk_token: '<unk>', add_bos_token: true, tokenizer_class: 'LlamaTokenizerFast',
    added_tokens_decoder: { 0: { content: '<unk>', special: true } }, chat_template: "{% for m in messages %}{{ m['content'] }}{% endfor %}",
  },
  'special_tokens_map.json': { bos_token: '<s>', eos_token: '</s>' },
  'model.safetensors.index.json': { metadata: { total_size: 1 }, weight_map: { 'model.norm.weight': 'part.safetensors' } },
  'tabtune.json': { method: 'full', asking: { form: 'line', ends: [2] } },
} // prettier-ignore

const shapes: readonly (readonly [hf: string, gguf: string, ...number[]])[] = [
  ['model.embed_tokens', 'token_embd', vocab, 32],
  ['model.norm', 'output_norm', 32],
  ['model.layers.0.input_layernorm', 'blk.0.attn_norm', 32],
  ['model.layers.0.post_attention_layernorm', 'blk.0.ffn_norm', 32],
  ['model.layers.0.self_attn.q_proj', 'blk.0.attn_q', 32, 32],
  ['model.layers.0.self_attn.k_proj', 'blk.0.attn_k', 16, 32],
  ['model.layers.0.self_attn.v_proj', 'blk.0.attn_v', 16, 32],
  ['model.layers.0.self_attn.o_proj', 'blk.0.attn_output', 32, 32],
  ['model.layers.0.mlp.gate_proj', 'blk.0.ffn_gate', 32, 32],
  ['model.layers.0.mlp.up_proj', 'blk.0.ffn_up', 32, 32],
  ['model.layers.0.mlp.down_proj', 'blk.0.ffn_down', 32, 32],
]

export function weightsFile(): Bytes {
  return writeSafetensors(
    shapes.map(([name, , ...shape], i) => ({
      name: `${name}.weight`,
      shape,
      data: normals(
        i,
        shape.reduce((a, b) => a * b, 1),
        0.1,
      ),
    })),
  )
}

/** The folder of a model; `changed` files take the place of its own. */
export function modelFolder(changed: Readonly<Record<string, Bytes>>): MemorySource[] {
  const own = { ...sideJsons, 'tokenizer.json': tokenizerJsons[0] }
  const names = new Set([...Object.keys(own), 'model.safetensors', ...Object.keys(changed)])
  // With a whole file of weights, the index is not read.
  const isIndexed = changed['model.safetensors.index.json'] !== undefined
  const weights = isIndexed ? 'part.safetensors' : 'model.safetensors'
  names.delete('model.safetensors')
  if (!isIndexed) names.delete('model.safetensors.index.json')
  return [
    ...[...names].map((name) => (changed[name] ? new MemorySource(name, changed[name]) : file(name, own[name as keyof typeof own]))),
    new MemorySource(weights, changed['model.safetensors'] ?? weightsFile()),
  ]
}

/** A GGUF file with a tokenizer of each kind, and tensors in F32, Q8_0 and Q4_0. */
export function ggufFile(model: 'llama' | 'gpt2'): Bytes {
  const metadata: Record<string, GgufEntry> = {
    'general.architecture': { type: 'text', value: 'llama' },
    'general.name': { type: 'text', value: 'small' },
    'general.alignment': { type: 'u32', value: 32 },
    'llama.block_count': { type: 'u32', value: 1 },
    'llama.embedding_length': { type: 'u32', value: 32 },
    'llama.feed_forward_length': { type: 'u32', value: 32 },
    'llama.attention.head_count': { type: 'u32', value: 4 },
    'llama.attention.head_count_kv': { type: 'u32', value: 2 },
    'llama.context_length': { type: 'u32', value: 64 },
    'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
    'llama.rope.freq_base': { type: 'f32', value: 10_000 },
    'llama.rope.scaling.type': { type: 'text', value: 'linear' },
    'llama.rope.scaling.factor': { type: 'f32', value: 2 },
    'tokenizer.ggml.model': { type: 'text', value: model },
    'tokenizer.ggml.pre': { type: 'text', value: 'llama-bpe' },
    'tokenizer.ggml.tokens': { type: 'texts', value: [...tokens, '<0x41>'] },
    'tokenizer.ggml.scores': { type: 'f32s', value: [...tokens, ''].map((_, i) => -i) },
    'tokenizer.ggml.token_type': { type: 'i32s', value: [...tokens.map((_, i) => (i === 0 ? 2 : i < 3 ? 3 : 1)), 6] },
    'tokenizer.ggml.merges': { type: 'texts', value: merges.map((pair) => pair.join(' ')) },
    'tokenizer.ggml.bos_token_id': { type: 'u32', value: 1 },
    'tokenizer.ggml.eos_token_id': { type: 'u32', value: 2 },
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
    'tokenizer.chat_template': {
      type: 'text',
      value: String((sideJsons['tokenizer_config.json'] as { chat_template: string }).chat_template),
    },
  }
  const tensors = shapes.map(([, name, ...shape], i): GgufTensorData => {
    const count = shape.reduce((a, b) => a * b, 1)
    const type = shape.length === 1 ? 0 : [0, 8, 2][i % 3]!
    const bytes = type ? new Uint8Array((count / 32) * (type === 8 ? 34 : 18)).fill(1) : new Uint8Array(normals(i, count, 0.1).buffer)
    return { name: `${name}.weight`, dimensions: [...shape].reverse(), type, bytes }
  })
  return writeGguf(metadata, tensors)
}

/** The base of the adapters. */
export function adapterBase(): Base {
  const shape = { family: 'llama', layers: 1, hidden: 32, intermediate: 48, heads: 2, vocab: 40, context: 64 }
  return methodBase(planBase(randomModel('random', shape), 'f32', 2 ** 27), undefined)
}

/** Settings of adapter_config.json of which each is read. */
export const adapterConfigs: readonly Record<string, unknown>[] = [
  { r: 2, lora_alpha: 4, target_modules: ['q_proj', 'v_proj'], modules_to_save: [], bias: 'none', use_rslora: false },
  { r: 4, target_modules: '.*\\.self_attn\\.(q|v)_proj', rank_pattern: { '.*q_proj': 2, v_proj: 2 }, alpha_pattern: { 'layers.0.*': 8 } },
  { r: 2, target_modules: ['q_proj', 'v_proj'], layers_to_transform: [0], layers_pattern: 'layers', exclude_modules: ['down_proj'] },
]

/** An adapter's folder: LoRA on q and v. */
export function adapterFolder(base: Base, config: Record<string, unknown>): MemorySource[] {
  const site = (name: string) => `model.layers.0.self_attn.${name}`
  return loraFolder(base, { config, modules: { [site('q_proj')]: 2, [site('v_proj')]: 2 } })
}
