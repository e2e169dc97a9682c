// adapter.gguf as llama.cpp's --lora reads it: keys, names, dimensions, order of rows, and scales that differ.
import { expect, it } from 'vitest'
import { defaults, typedSettings } from '../config/field'
import { readGgufHeader } from '../formats/gguf'
import { ggufOrder, inGgufOrder } from '../formats/gguf-names'
import { MemorySource } from '../formats/memory-source'
import { randomModel } from '../models/random-model'
import { planModel } from './loaded-model'
import { lora } from './lora'
import { loraGguf } from './lora-gguf'
import { loraSites, rankFields } from './lora-sites'

const shape = { family: 'llama', layers: 2, hidden: 64, intermediate: 96, heads: 2, vocab: 64, context: 64 }
const { base } = planModel(randomModel('random', shape), 'f32', 2 ** 27)
const given = { r: 2, alpha: 4, targetModules: 'q_proj, down_proj', alphaPattern: 'down_proj=6' }
const settings = typedSettings('lora', rankFields, { ...defaults(lora.fields), ...given })
const counting = (count: number) => Float32Array.from({ length: count }, (_, i) => i)
const tensors = new Map(
  loraSites(base, settings).flatMap((s) => [
    [s.a, { shape: [s.rank, s.in], values: counting(s.rank * s.in) }] as const,
    [s.b, { shape: [s.out, s.rank], values: counting(s.out * s.rank) }] as const,
  ]),
)

it("has llama.cpp's keys, names, dimensions and values", async () => {
  const [file] = loraGguf('lora', tensors, settings, base)
  expect(file.path).toBe('adapter.gguf')
  const source = new MemorySource(file.path, file.bytes)
  const { metadata, tensors: written } = await readGgufHeader(source)
  expect({ ...metadata }).toEqual({
    'general.type': 'adapter',
    'general.architecture': 'llama',
    'general.name': 'random lora',
    'adapter.type': 'lora',
    'adapter.lora.alpha': 4,
  })
  expect([...written.keys()]).toEqual(
    [0, 1].flatMap((n) => ['attn_q', 'ffn_down'].flatMap((name) => ['a', 'b'].map((half) => `blk.${n}.${name}.weight.lora_${half}`))),
  )
  const valuesOf = async (name: string) => {
    const { offset, sizeBytes, dimensions } = written.get(name)!
    return { dimensions, values: [...new Float32Array((await source.read(offset, sizeBytes!)).slice().buffer)] }
  }
  expect(await valuesOf('blk.0.ffn_down.weight.lora_a')).toEqual({ dimensions: [96, 2], values: [...counting(192)] })
  // The rows of q are paired as in GGUF. A layer's own alpha is multiplied into B.
  expect(await valuesOf('blk.1.attn_q.weight.lora_b')).toEqual({
    dimensions: [2, 64],
    values: [...inGgufOrder(counting(128), 2, ggufOrder(base.config, 'model.layers.1.self_attn.q_proj')!)],
  })
  expect(await valuesOf('blk.1.ffn_down.weight.lora_b')).toEqual({ dimensions: [2, 64], values: Array.from(counting(128), (v) => 1.5 * v) })
})

it('holds 16-bit values in the types that ggml numbers 1 and 30', async () => {
  for (const [dtype, type, first] of [
    ['f16', 1, [0x0000, 0x3c00, 0x4000]],
    ['bf16', 30, [0x0000, 0x3f80, 0x4000]],
  ] as const) {
    const [file] = loraGguf('lora', tensors, settings, base, dtype)
    const source = new MemorySource(file.path, file.bytes)
    const { tensors: written } = await readGgufHeader(source)
    const { type: found, offset, sizeBytes } = written.get('blk.0.ffn_down.weight.lora_a')!
    expect([found, sizeBytes]).toEqual([type, 2 * 192])
    expect([...new Uint16Array((await source.read(offset, 6)).slice().buffer)]).toEqual(first)
  }
  const large = new Map([...tensors].map(([name, { shape, values }]) => [name, { shape, values: values.map(() => 70000) }] as const))
  expect(() => loraGguf('lora', large, settings, base, 'f16')).toThrow('expected values up to 65504 for F16, got larger ones')
})

it('is not written if llama.cpp does not support it', () => {
  const whole = new Map([...tensors, ['base_model.model.lm_head.weight', { shape: [64, 64], values: counting(4096) }]])
  expect(loraGguf('lora', whole, settings, base)).toEqual([])
  const tied = { ...base, config: { ...base.config, tied: true } }
  expect(loraGguf('lora', tensors, { ...settings, targetModules: 'q_proj, lm_head' }, tied)).toEqual([])
  expect(loraGguf('lora', tensors, settings, tied)).toHaveLength(1)
})
