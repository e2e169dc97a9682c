// What llama.cpp's loader takes GGUF metadata to mean: scalings of rotary frequencies, and numbers that a file lists for every layer.
import { describe, expect, it } from 'vitest'
import type { GgufEntry } from './gguf-write'
import { MemorySource } from './memory-source'
import type { ModelConfig } from './model-file'
import { openModel } from './open-model'
import { smallGguf } from './testing/small-models'

type Changes = Record<string, GgufEntry>
const f32 = (value: number): GgufEntry => ({ type: 'f32', value })
const i32s = (...value: number[]): GgufEntry => ({ type: 'i32s', value })
const text = (value: string): GgufEntry => ({ type: 'text', value })

async function configOf(changes: Changes, factors?: readonly number[]): Promise<ModelConfig> {
  const keys = Object.fromEntries(Object.entries(changes).map(([key, value]) => [`llama.${key}`, value]))
  const tensors = factors
    ? [{ name: 'rope_freqs.weight', dimensions: [factors.length], type: 0, bytes: new Uint8Array(Float32Array.from(factors).buffer) }]
    : []
  return (await openModel([new MemorySource('m.gguf', smallGguf(keys, tensors))])).config
}

describe('rotary scaling', () => {
  const scaled = (factor: number) => new Array<number>(8).fill(factor)
  it.each([
    ['a factor without a type is linear', { 'rope.scaling.factor': f32(2) }, scaled(2)],
    ['a factor with its type', { 'rope.scaling.factor': f32(8), 'rope.scaling.type': text('linear') }, scaled(8)],
    ['the old key', { 'rope.scale_linear': f32(4) }, scaled(4)],
    ['the old key with a type', { 'rope.scale_linear': f32(4), 'rope.scaling.type': text('linear') }, scaled(4)],
    ['the new key before the old one', { 'rope.scaling.factor': f32(2), 'rope.scale_linear': f32(4) }, scaled(2)],
    ['none, whatever the factor', { 'rope.scaling.factor': f32(2), 'rope.scaling.type': text('none') }, undefined],
    ['a factor of 1', { 'rope.scaling.factor': f32(1) }, undefined],
    ['a factor of 0, which stands for none', { 'rope.scale_linear': f32(0) }, undefined],
    ['neither', {}, undefined],
  ] as [string, Changes, number[] | undefined][])('%s', async (_, changes, factors) => {
    expect((await configOf(changes)).ropeFactors).toEqual(factors)
  })

  it('factors for single frequencies, alone and with a common factor', async () => {
    const own = [1, 1, 1.5, 2, 4, 8, 8, 8]
    expect((await configOf({}, own)).ropeFactors).toEqual(own)
    expect((await configOf({ 'rope.scaling.factor': f32(2) }, own)).ropeFactors).toEqual(own.map((f) => 2 * f))
  })

  it.each([NaN, 0, -1, Infinity])('a factor of %d for one frequency', (odd) =>
    expect(configOf({}, [1, 1, odd, 2, 4, 8, 8, 8])).rejects.toThrow(`rope_freqs.weight: expected factors above 0, got ${odd}.`),
  )

  it('a factor that is not a number from 0, and an unsupported scaling', async () => {
    await expect(configOf({ 'rope.scaling.factor': f32(-2) })).rejects.toThrow(/rope\.scaling\.factor: expected a number from 0, got -2/)
    await expect(configOf({ 'rope.scaling.type': text('longrope') }, new Array(8).fill(1))).rejects.toThrow(/got longrope/)
  })
})

describe('numbers for every layer', () => {
  const layers = (count: number): Changes => ({ block_count: { type: 'u32', value: count } })
  it('become one number if they are equal', async () => {
    const lists = { 'attention.head_count': i32s(4, 4), 'attention.head_count_kv': i32s(2, 2), feed_forward_length: i32s(48, 48) }
    expect(await configOf({ ...layers(2), ...lists })).toMatchObject({ heads: 4, kvHeads: 2, headDim: 8, intermediate: 48 })
  })

  it.each([
    ['attention.head_count', [4, 2]],
    ['attention.head_count_kv', [2, 1]],
    ['feed_forward_length', [64, 48]],
  ] as const)('%s is refused by its name where they differ', async (key, values) => {
    await expect(configOf({ ...layers(2), [key]: i32s(...values) })).rejects.toThrow(
      `m.gguf, llama.${key}: expected the same number for all layers, got ${values.join(', ')}. TabTune runs models whose layers`,
    )
  })
})

it("the epsilon of another kind of norm is not the model's", () => {
  const given = { 'attention.layer_norm_epsilon': f32(0.5) }
  const bytes = smallGguf({ 'llama.attention.layer_norm_epsilon': f32(0.5) })
  return Promise.all([
    expect(configOf(given)).resolves.toMatchObject({ normEpsilon: Math.fround(1e-5) }),
    expect(openModel([new MemorySource('m.gguf', renamed(bytes, 'layer_norm_rms_epsilon', 'layer_norm_xxx_epsilon'))])).rejects.toThrow(
      'm.gguf: attention.layer_norm_rms_epsilon: expected a positive number (1e-30 to 1e30), got nothing.',
    ),
  ])
})

/** The file with a key called otherwise, of the same length. */
function renamed(bytes: Uint8Array<ArrayBuffer>, from: string, to: string): Uint8Array<ArrayBuffer> {
  const at = new TextDecoder('latin1').decode(bytes).indexOf(from)
  const out = bytes.slice()
  out.set(new TextEncoder().encode(to), at)
  return out
}
