// Models that are not served are refused by their real reason: the family first, then what its files ask for, then its sizes.
import { describe, expect, it } from 'vitest'
import type { GgufEntry } from '../formats/gguf-write'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import { writeSafetensors } from '../formats/safetensors'
import { smallGguf } from '../formats/testing/small-models'
import { planBase } from './base-model'

const json = (name: string, value: unknown) => new MemorySource(name, new TextEncoder().encode(JSON.stringify(value)))
const text = (name: string) => new MemorySource(name, new TextEncoder().encode('hello'))
const small = {
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  num_hidden_layers: 1,
  hidden_size: 8,
  intermediate_size: 16,
  num_attention_heads: 2,
  num_key_value_heads: 2,
  vocab_size: 4,
}

const zeros = (...shape: number[]) => new Float32Array(shape.reduce((a, b) => a * b, 1))
const shapes: Readonly<Record<string, number[]>> = {
  'model.embed_tokens.weight': [4, 8],
  'model.layers.0.input_layernorm.weight': [8],
  'model.layers.0.post_attention_layernorm.weight': [8],
  'model.layers.0.self_attn.q_proj.weight': [8, 8],
  'model.layers.0.self_attn.k_proj.weight': [8, 8],
  'model.layers.0.self_attn.v_proj.weight': [8, 8],
  'model.layers.0.self_attn.o_proj.weight': [8, 8],
  'model.layers.0.mlp.gate_proj.weight': [16, 8],
  'model.layers.0.mlp.up_proj.weight': [16, 8],
  'model.layers.0.mlp.down_proj.weight': [8, 16],
  'model.norm.weight': [8],
  'lm_head.weight': [4, 8],
}

/** A whole small Llama with `config` changed, and tensors added, changed or (undefined) left out. */
function folder(config: object, tensors: Readonly<Record<string, number[] | undefined>> = {}): MemorySource[] {
  const all = Object.entries({ ...shapes, ...tensors }).flatMap(([name, shape]) => (shape ? [{ name, shape, data: zeros(...shape) }] : []))
  return [json('config.json', { ...small, ...config }), new MemorySource('model.safetensors', writeSafetensors(all))]
}

/** As `inspect` does it. */
async function inspected(sources: readonly MemorySource[]): Promise<void> {
  planBase(await openModel(sources), 'native', 2 ** 31)
}

const expectRefusal = (sources: readonly MemorySource[], message: RegExp) => expect(inspected(sources)).rejects.toThrow(message)

it('the unchanged model is accepted', () => expect(inspected(folder({}))).resolves.toBeUndefined())

describe('the family is checked first', () => {
  it.each([
    ['MPT, whose sizes have names of their own', { model_type: 'mpt', architectures: ['MptForCausalLM'], hidden_size: undefined }, 'mpt'],
    ['Phi with experts', { model_type: 'phimoe', partial_rotary_factor: 0.5 }, 'phimoe'],
    ['DeiT with a distillation token', { model_type: 'deit', architectures: ['DeiTForImageClassification'] }, 'deit'],
    ['an encoder', { model_type: 'bert', architectures: ['BertModel'] }, 'bert'],
    ['a scaling that is not served', { model_type: 'gpt_oss', rope_scaling: { rope_type: 'yarn', factor: 32 } }, 'gpt_oss'],
    ['quantised weights', { model_type: 'deepseek_v3', quantization_config: { quant_method: 'gptq', bits: 4 } }, 'deepseek_v3'],
  ])('%s', async (_, config, family) => {
    const message = new RegExp(
      `^config.json: expected a model of a family that TabTune runs \\(Llama, .*\\), got ${family}(, which [^.]+)?\\. Choose`,
    )
    await expectRefusal(folder(config), message)
    await expectRefusal([json('config.json', { ...small, ...config }), text('pytorch_model.bin')], message)
  })

  it('a config.json without a family', () => expectRefusal(folder({ model_type: undefined }), /got a file that does not name its family\./))

  it('a GGUF file, before its types of tensors', async () => {
    const bytes = smallGguf({ 'general.architecture': { type: 'text', value: 'qwen2moe' } }, [
      { name: 'blk.0.x.weight', dimensions: [256, 1], type: 16, bytes: new Uint8Array(66) },
    ])
    await expectRefusal(
      [new MemorySource('m.gguf', bytes)],
      /^m\.gguf: expected a model of a family .* got qwen2moe, which has experts\. Choose another model\.$/,
    )
  })
})

describe('settings that change the formula', () => {
  it.each([
    ['gemma3_text', { use_bidirectional_attention: true }, /use_bidirectional_attention: expected false, 0 or nothing, got true/],
    ['gemma2', { attention_bias: true }, /attention_bias: expected false/],
    ['gemma3_text', { rope_parameters: { sliding_attention: { rope_type: 'linear', factor: 2 } } }, /for sliding_attention, got linear/],
    ['gpt2', { add_cross_attention: true, n_embd: 8, n_layer: 1, n_head: 2 }, /add_cross_attention/],
    [
      'llama',
      { residual_multiplier: 0.2, embedding_multiplier: 12 },
      /embedding_multiplier: expected 1 .*; residual_multiplier: .* got 0\.2/,
    ],
    ['llama', { attn_logit_softcapping: 50 }, /attn_logit_softcapping/],
    ['llama', { attention_multiplier: 0.1 }, /attention_multiplier: expected 1 \/ √\(size of the heads\)/],
    ['llama', { num_local_experts: 8 }, /num_local_experts: expected false, 0 or nothing, got 8/],
    ['llama', { layer_types: ['sliding_attention'] }, /layer_types/],
    ['qwen2', { layer_types: ['linear_attention'] }, /layer_types: .*got \["linear_attention"\]/],
    ['qwen3', { layer_types: [] }, /layer_types/],
    ['qwen3', { is_causal: false }, /is_causal/],
    ['llama', { partial_rotary_factor: 0.5 }, /partial_rotary_factor 0\.5/],
    ['llama', { rope_parameters: { rope_type: 'proportional', factor: 2 } }, /got proportional/],
    ['llama', { rope_parameters: { rope_type: 'yarn', factor: 'four' } }, /positive number for factor .* got "four"/],
    [
      'phi3',
      { rope_scaling: { type: 'longrope', short_factor: [1], long_factor: [1, 2] } },
      /expected 2 positive numbers for short_factor/,
    ],
    ['phi3', { partial_rotary_factor: 0.2 }, /expected an even part of 4 numbers of a head, got 0\.2/],
    ['opt', { ffn_dim: 16, do_layer_norm_before: false }, /do_layer_norm_before: expected true or nothing, got false/],
    ['stablelm', { use_parallel_residual: true, partial_rotary_factor: 0.5 }, /use_parallel_residual: expected false/],
  ])('%s with %j', (model_type, config, message) => expectRefusal(folder({ model_type, ...config }), message))

  it.each([
    { use_bidirectional_attention: false, num_experts: 0, logit_scale: 1, attention_multiplier: 0.5 },
    { pretraining_tp: 2, sliding_window: 4096, attention_dropout: 0.1, some_note: { of: 'the publisher' }, num_local_experts: null },
    { layer_types: ['full_attention'], is_causal: true, is_decoder: true, use_cache: false },
  ])('%j changes nothing', (config) => expect(inspected(folder(config))).resolves.toBeUndefined())

  const u32 = (value: number): GgufEntry => ({ type: 'u32', value })
  it.each([
    ['expert_used_count', u32(2), /llama\.expert_used_count: expected false, 0 or nothing, got 2/],
    ['attention.scale', { type: 'f32', value: 0.5 }, /attention\.scale: expected 1 \/ √/],
    ['logit_scale', { type: 'f32', value: 0.0625 }, /logit_scale: expected 1 or nothing, got 0\.0625/],
    ['attention.causal', { type: 'bool', value: false }, /attention\.causal: expected true/],
    ['attention.value_length', u32(8), /attention\.value_length: expected the size of the heads, got 8/],
    ['rope.dimension_count', u32(8), /rope\.dimension_count: expected the size of the heads, got 8/],
    ['pooling_type', u32(3), /pooling_type: .* got 3\. This model makes embeddings or scores and writes no text/],
    ['classifier.output_labels', { type: 'texts', value: ['yes', 'no'] }, /classifier\.output_labels/],
    ['final_logit_softcapping', { type: 'f32', value: 30 }, /final_logit_softcapping/],
    ['rope.scaling.attn_factor', { type: 'f32', value: 1.19 }, /attn_factor/],
    ['rope.scaling.type', { type: 'text', value: 'longrope' }, /got longrope/],
  ] as const)('GGUF with %s', (key, value, message) =>
    expectRefusal([new MemorySource('m.gguf', smallGguf({ [`llama.${key}`]: value }))], message),
  )

  it('GGUF with windows of a family that has none', () => {
    const sizes = [
      'block_count',
      'embedding_length',
      'feed_forward_length',
      'attention.head_count',
      'context_length',
      'attention.sliding_window',
    ]
    const epsilon: GgufEntry = { type: 'f32', value: 1e-5 }
    const metadata = Object.fromEntries(sizes.map((key) => [`gemma.${key}`, u32(key.endsWith('head_count') ? 2 : 8)]))
    const architecture: GgufEntry = { type: 'text', value: 'gemma' }
    const bytes = smallGguf({ 'general.architecture': architecture, 'gemma.attention.layer_norm_rms_epsilon': epsilon, ...metadata })
    const message = /^m\.gguf: gemma\.attention\.sliding_window: expected false, 0 or nothing, got 8\. /
    return expectRefusal([new MemorySource('m.gguf', bytes)], message)
  })

  it('GGUF keys that change nothing are ignored', () =>
    expect(
      openModel([
        new MemorySource(
          'm.gguf',
          smallGguf({
            'llama.expert_count': u32(0),
            'llama.pooling_type': u32(0),
            'llama.attention.value_length': u32(16),
            'llama.attention.sliding_window': u32(4096),
            'llama.rope.scaling.finetuned': { type: 'bool', value: false },
            'general.quantized_by': { type: 'text', value: 'someone' },
          }),
        ),
      ]),
    ).resolves.toBeDefined())
})

describe('tensors that a family does not compute with', () => {
  it.each([
    [{ 'model.layers.0.self_attn.sinks': [2] }, {}, /got a file that also has model\.layers\.0\.self_attn\.sinks/],
    [{ 'lm_head.bias': [4] }, {}, /lm_head\.bias/],
    [{ 'model.layers.0.mlp.up_proj.bias': [16] }, { mlp_bias: false }, /mlp\.up_proj\.bias/],
    [{ 'model.layers.0.self_attn.q_proj.bias': [8] }, {}, /self_attn\.q_proj\.bias/],
    [
      { 'model.layers.0.mlp.gate_proj.weight': undefined, 'model.layers.0.mlp.experts.0.w1.weight': [16, 8] },
      {},
      /gate_proj\.weight is missing, and with model\.layers\.0\.mlp\.experts\.0\.w1\.weight instead/,
    ],
  ])('%j', (tensors, config, message) => expectRefusal(folder(config, tensors), message))

  it.each(['token_embd_norm.weight', 'output_norm.bias', 'position_embd.weight', 'cls.output.weight'])('GGUF with %s', async (name) => {
    const file = (more: string[]) => [
      new MemorySource(
        'm.gguf',
        smallGguf(
          {},
          more.map((tensor) => ({ name: tensor, dimensions: [32], type: 0, bytes: new Uint8Array(128) })),
        ),
      ),
    ]
    const shown = name === 'output_norm.bias' ? 'model.norm.bias' : name
    await expectRefusal(file([name]), new RegExp(`with ${shown.replaceAll('.', '\\.')}`))
    // What reads pictures, and rotary factors of scalings that the file does not name.
    await expectRefusal(file(['v.patch_embd.weight', 'mm.0.weight', 'rope_factors_long.weight']), /is missing; (?!.* instead)/)
  })

  it('old buffers, layers that config.json leaves out and value heads are ignored', () =>
    expect(
      inspected(
        folder(
          {},
          {
            'model.layers.0.self_attn.rotary_emb.inv_freq': [2],
            'model.layers.1.mlp.up_proj.weight': [16, 8],
            'v_head.summary.weight': [1, 8],
          },
        ),
      ),
    ).resolves.toBeUndefined())
})

describe('heads', () => {
  const headless = { 'lm_head.weight': undefined }
  it.each([
    [
      'LlamaForSequenceClassification',
      { ...headless, 'score.weight': [2, 8] },
      /got LlamaForSequenceClassification, a head that classifies/,
    ],
    ['LlamaForRewardModel', {}, /got LlamaForRewardModel, a head that classifies/],
    ['LlavaForConditionalGeneration', {}, /a language model inside a larger model\. Choose its text-only version/],
    ['LlamaModel', headless, /got a file without a head \(lm_head\.weight\).* Embedding models are saved like this/],
  ])('%s', (architecture, tensors, message) => expectRefusal(folder({ architectures: [architecture] }, tensors), message))

  it('is named before sizes that such a config.json leaves to its class', () =>
    expectRefusal(
      folder({
        model_type: 'gemma3',
        architectures: ['Gemma9ForConditionalGeneration'],
        hidden_size: undefined,
        text_config: { model_type: 'gemma3_text', hidden_size: 8, intermediate_size: 16, num_hidden_layers: 1 },
      }),
      /got Gemma9ForConditionalGeneration, a language model inside a larger model/,
    ))

  it('a classifying head that config.json does not name', () =>
    expectRefusal(folder({ architectures: undefined }, { ...headless, 'score.weight': [2, 8] }), /got score\.weight, which classifies/))

  it('a bare model whose head is its embedding is accepted, with names that lack “model.”', async () => {
    const bare = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name.replace(/^model\./, ''), shape]))
    const none = Object.fromEntries(Object.keys(shapes).map((name) => [name, undefined]))
    const sources = folder({ architectures: ['LlamaModel'], tie_word_embeddings: true }, { ...none, ...bare, ...headless })
    await expect(inspected(sources)).resolves.toBeUndefined()
  })
})

describe('quantisations', () => {
  const q = 'model.layers.0.self_attn.q_proj'
  const by = (config: Record<string, unknown>) => ({ quantization_config: config })
  it.each([
    [
      by({ quant_method: 'mxfp4' }),
      {},
      /config\.json: expected no quantisation, or one by bitsandbytes, GPTQ.*, got mxfp4\. Choose this model without/,
    ],
    [{}, { [`${q}.scales`]: [8, 1], [`${q}.biases`]: [8, 1] }, /got weights of MLX whose settings config\.json does not have/],
    [{}, { [`${q}.qweight`]: [1, 8], [`${q}.scales`]: [1, 8] }, /got weights of GPTQ or AWQ whose settings config\.json does not have/],
    [
      { quantization: { group_size: 64, bits: 4 } },
      { [`${q}.scales`]: [8, 1] },
      /q_proj\.weight: expected I32 or U32 of … × …, got F32 of 8 × 8/,
    ],
    [{ quantization: { group_size: 64, bits: 7 } }, { [`${q}.scales`]: [8, 1] }, /q_proj, bits: expected 2, 3, 4, 5, 6, 8, got 7/],
    [
      { quantization: { group_size: 16, bits: 4, mode: 'nvfp4' } },
      { [`${q}.scales`]: [8, 1] },
      /expected MLX's mode affine or mxfp4, got nvfp4/,
    ],
    [by({ quant_method: 'gptq', bits: 3 }), {}, /GPTQ, bits: expected 2, 4, 8, got 3\. Choose this model without quantisation/],
    [by({ quant_method: 'gptq', checkpoint_format: 'marlin' }), {}, /checkpoint_format: expected gptq or gptq_v2, got marlin/],
    [by({ quant_method: 'awq', version: 'gemv' }), {}, /AWQ, version: expected gemm, got gemv/],
    [
      by({ quant_method: 'gptq', bits: 4 }),
      { [`${q}.qweight`]: [1, 8] },
      /q_proj\.qweight: expected I32 or U32 of … × …, got F32 of 1 × 8/,
    ],
    [by({ quant_method: 'fp8' }), { [`${q}.SCB`]: [8] }, /also has .*q_proj\.SCB/],
    [{}, { [`${q}.SCB`]: [8] }, /q_proj\.weight: expected I8 of … × …, got F32 of 8 × 8/],
    [
      by({ quant_method: 'compressed-tensors', sparsity_config: { format: 'sparse-24-bitmask' } }),
      {},
      /expected pack-quantized, int-quantized or float-quantized weights, got sparse-24-bitmask/,
    ],
    [
      by({ quant_method: 'compressed-tensors', transform_config: { config_groups: { R4: {} } } }),
      {},
      /transform_config: expected no transforms, which also change activations, got R4\./,
    ],
  ])('%j', (config, tensors, message) => expectRefusal(folder(config, tensors), message))

  it('a folder that names one, but has plain weights, is accepted', () =>
    expect(inspected(folder(by({ quant_method: 'gptq', bits: 4 }), {}))).resolves.toBeUndefined())
})

describe('files that are not a complete model', () => {
  const gguf = (extra: Record<string, GgufEntry>, name = 'm.gguf') => new MemorySource(name, smallGguf(extra))
  it.each([
    [
      'a part of a GGUF',
      [gguf({ 'split.count': { type: 'u32', value: 3 }, 'split.no': { type: 'u32', value: 1 } })],
      /expected all 3 parts of the model, got none named m-00001-of-00003\.gguf/,
    ],
    [
      'whole GGUF files that are named as parts',
      [gguf({}, 'm-00001-of-00002.gguf'), gguf({}, 'm-00002-of-00002.gguf')],
      /^m-00002-of-00002\.gguf: expected each part once, got part 1 a second time/,
    ],
    [
      'what sees pictures',
      [gguf({ 'general.type': { type: 'text', value: 'mmproj' } })],
      /got the encoder of pictures or sound of one \(mmproj\)/,
    ],
    [
      'the same in older files',
      [gguf({ 'general.architecture': { type: 'text', value: 'clip' } })],
      /got the encoder of pictures or sound of one \(mmproj\)/,
    ],
    [
      'an adapter in GGUF',
      [gguf({ 'general.type': { type: 'text', value: 'adapter' } })],
      /Load its base model here, then import the adapter/,
    ],
    ['two models', [gguf({}), gguf({}, 'n.gguf')], /expected one GGUF file, got 2/],
    ['config.json alone', [json('config.json', small)], /expected weights \(safetensors\) beside config\.json, got none/],
    ['weights of TensorFlow', [json('config.json', small), text('tf_model.h5')], /got weights of TensorFlow/],
    [
      'PyTorch',
      [json('config.json', small), text('pytorch_model-00001-of-00002.bin')],
      /got a zip or PyTorch file, which can run any program .*\.save_pretrained\('NEW_FOLDER'\)/,
    ],
    [
      'a LoRA adapter',
      [json('adapter_config.json', {}), new MemorySource('adapter_model.safetensors', new Uint8Array(9))],
      /expected a base model, got an adapter\. Load its base model here, then import the adapter/,
    ],
  ])('%s', (_, sources, message) => expectRefusal(sources, message))
})
