// Matrices of experts are the same from each kind of file: one tensor for each, transformers 5's joined tensors, and GGUF's.
import { describe, expect, it } from 'vitest'
import { planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { ggufOf } from '../testing/gguf-from-folder'
import { MemorySource } from './memory-source'
import type { ModelFile } from './model-file'
import { openModel } from './open-model'
import type { WeightFormatId } from './quant/format-id'
import { weightFormat } from './quant/registry'
import { type TensorData, writeSafetensors } from './safetensors'

const [count, inner, hidden] = [3, 24, 32]

const configs = {
  qwen3moe: {
    model_type: 'qwen3_moe',
    moe_intermediate_size: inner,
    num_experts: count,
    num_experts_per_tok: 2,
    norm_topk_prob: true,
    head_dim: 16,
  },
  mixtral: { model_type: 'mixtral', num_local_experts: count, num_experts_per_tok: 2 },
} as const

/** Names in a layer's files: the router and its experts, by expert and joined (transformers 5, modeling_mixtral.py and modeling_qwen3_moe.py). */
const names = {
  qwen3moe: { router: 'mlp.gate', experts: 'mlp.experts', gate: 'gate_proj', up: 'up_proj', down: 'down_proj' },
  mixtral: { router: 'block_sparse_moe.gate', experts: 'block_sparse_moe.experts', gate: 'w1', up: 'w3', down: 'w2' },
} as const

function configOf(family: keyof typeof configs): Record<string, unknown> {
  return {
    ...configs[family],
    num_hidden_layers: 2,
    hidden_size: hidden,
    intermediate_size: family === 'mixtral' ? inner : 48,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    vocab_size: 16,
    max_position_embeddings: 64,
    rms_norm_eps: 1e-5,
    hidden_act: 'silu',
    tie_word_embeddings: false,
  }
}

async function valuesOf({ tensors }: ModelFile): Promise<Map<string, number[]>> {
  const all = new Map<string, number[]>()
  for (const [name, { shape, format, readRows }] of tensors) {
    const rows = shape.length > 1 ? shape[0]! : 1
    const size = shape.reduce((a, b) => a * b, 1)
    all.set(name, [...weightFormat(format).decode(await readRows(0, rows), size)])
  }
  return all
}

async function tensorsOf(family: keyof typeof configs): Promise<Map<string, TensorData>> {
  const raw = configOf(family)
  const model = randomModel('random', {
    family,
    layers: 2,
    hidden,
    intermediate: raw.intermediate_size as number,
    heads: 2,
    kvHeads: 1,
    headDim: 16,
    vocab: 16,
    context: 64,
    tied: false,
    raw,
  })
  const values = await valuesOf(model)
  return new Map(
    [...model.tensors]
      .filter(([name]) => !name.endsWith('.bias'))
      .map(([name, { shape }]) => [name, { name, shape: [...shape], data: Float32Array.from(values.get(name)!) }]),
  )
}

const folderOf = (family: keyof typeof configs, tensors: readonly TensorData[]): Promise<ModelFile> =>
  openModel([
    new MemorySource('config.json', new TextEncoder().encode(JSON.stringify(configOf(family)))),
    new MemorySource('model.safetensors', writeSafetensors(tensors)),
  ])

/** As transformers 5 has them in memory: [E, 2 · inner, hidden], in each expert the gate's rows before those of up, and [E, hidden, inner]. */
function joined(family: keyof typeof configs, tensors: ReadonlyMap<string, TensorData>): TensorData[] {
  const { router, experts, gate, up, down } = names[family]
  const others = [...tensors.values()].filter(({ name }) => !name.includes('.experts.'))
  const renamed = others.map((one) => ({ ...one, name: one.name.replace(`${router}.weight`, 'mlp.gate.weight') }))
  const of = (layer: number, wanted: readonly string[]) =>
    Float32Array.from(
      Array.from({ length: count }, (_, e) =>
        wanted.flatMap((matrix) => [...(tensors.get(`model.layers.${layer}.${experts}.${e}.${matrix}.weight`)!.data as Float32Array)]),
      ).flat(),
    )
  return [
    ...renamed,
    ...[0, 1].flatMap((layer) => [
      { name: `model.layers.${layer}.mlp.experts.gate_up_proj`, shape: [count, 2 * inner, hidden], data: of(layer, [gate, up]) },
      { name: `model.layers.${layer}.mlp.experts.down_proj`, shape: [count, hidden, inner], data: of(layer, [down]) },
    ]),
  ]
}

describe.each(['qwen3moe', 'mixtral'] as const)('matrices of experts of %s', (family) => {
  it('are those of single experts from joined tensors and from GGUF', async () => {
    const tensors = await tensorsOf(family)
    const single = await folderOf(family, [...tensors.values()])
    expect([...single.tensors.keys()].filter((name) => name.includes('.experts.'))).toHaveLength(2 * 3 * count)
    const want = await valuesOf(single)
    for (const [name, { data }] of tensors) expect(want.get(name), name).toEqual([...(data as Float32Array)])
    expect(new Map([...(await valuesOf(await folderOf(family, joined(family, tensors))))].toSorted())).toEqual(
      new Map([...want].toSorted()),
    )
    const gguf = await openModel([new MemorySource('m.gguf', await ggufOf(single))])
    expect(gguf.config.family).toBe(family)
    expect(new Map([...(await valuesOf(gguf))].toSorted())).toEqual(new Map([...want].toSorted()))
  })

  it('of another number than the configuration says are refused by name', async () => {
    const tensors = joined(family, await tensorsOf(family))
    const short = tensors.map((one) =>
      one.name.endsWith('.1.mlp.experts.down_proj')
        ? { ...one, shape: [2, hidden, inner], data: (one.data as Float32Array).slice(0, 2 * hidden * inner) }
        : one,
    )
    await expect(folderOf(family, short)).rejects.toThrow(
      `model.layers.1.mlp.experts.down_proj: expected the matrices of 3 experts, got [2, ${hidden}, ${inner}]`,
    )
  })

  it('of two number formats, or quantised before, are refused by name', async () => {
    const model = await folderOf(family, [...(await tensorsOf(family)).values()])
    const { experts, down } = names[family]
    const inFormat = (wanted: string, format: WeightFormatId): ModelFile => ({
      ...model,
      tensors: new Map([...model.tensors].map(([name, entry]) => [name, name.includes(wanted) ? { ...entry, format } : entry])),
    })
    expect(() => planBase(inFormat(`layers.1.${experts}.2.${down}.`, 'f16'), 'native', 2 ** 27)).toThrow(
      `expected all experts of a block in one number format, got f32, f16 from model.layers.1.${experts}.0.${down}.weight on.`,
    )
    expect(() => planBase(inFormat(`.${experts}.`, 'nf4'), 'native', 2 ** 27)).toThrow(
      /expected experts that were not quantised before, or in GGUF, got nf4 in model\.layers\.0\./,
    )
  })
})
