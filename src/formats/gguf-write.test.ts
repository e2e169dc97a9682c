import { gguf } from '@huggingface/gguf'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readGgufHeader } from './gguf'
import { ggufName, ggufOrder, hfName, inGgufOrder } from './gguf-names'
import { writeGguf } from './gguf-write'
import { MemorySource } from './memory-source'

const values = (count: number, value: number) => new Uint8Array(new Float32Array(count).fill(value).buffer)
const file = writeGguf({ 'general.architecture': { type: 'text', value: 'llama' }, 'a.number': { type: 'f32', value: 16 } }, [
  { name: 'a', dimensions: [5], type: 0, bytes: values(5, 1) },
  { name: 'b', dimensions: [3, 2], type: 0, bytes: values(6, 2) },
])

it('a written file is read back, each tensor at its place', async () => {
  const source = new MemorySource('a.gguf', file)
  const { metadata, tensors, version } = await readGgufHeader(source)
  expect(version).toBe(3)
  expect({ ...metadata }).toEqual({ 'general.architecture': 'llama', 'a.number': 16 })
  const b = tensors.get('b')!
  expect([[...tensors.keys()], b.dimensions, b.type]).toEqual([['a', 'b'], [3, 2], 0])
  expect(await source.read(b.offset, b.sizeBytes!)).toEqual(values(6, 2))
})

it('another reader reads it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gguf-'))
  try {
    writeFileSync(join(folder, 'a.gguf'), file)
    const { metadata, tensorInfos } = await gguf(join(folder, 'a.gguf'), { allowLocalFile: true })
    expect(metadata['general.architecture' as never]).toBe('llama')
    expect(metadata['a.number' as never]).toBe(16)
    expect(tensorInfos.map((t) => [t.name, t.shape.map(Number)])[1]).toEqual(['b', [3, 2]])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('refuses bytes that do not match', () => {
  expect(() => writeGguf({}, [{ name: 'a', dimensions: [3], type: 0, bytes: new Uint8Array(8) }])).toThrow('expected 12 bytes, got 8')
})

it('names and the order of q and k rows are converted both ways', () => {
  expect(hfName('llama', 'blk.10.attn_k.bias')).toBe('model.layers.10.self_attn.k_proj.bias')
  expect(ggufName('llama', 'model.norm.weight')).toBe('output_norm.weight')
  expect([
    hfName('llama', 'rope_freqs.weight'),
    hfName('llama', 'blk.1.attn_qkv.weight'),
    hfName('llama', 'blk..attn_q.weight'),
    ggufName('llama', 'x'),
  ]).toEqual([undefined, undefined, undefined, undefined])
  // Two heads of four: Hugging Face rows (0 1 | 2 3) of a head lie as pairs (0 2 | 1 3).
  const [sizes, numbers] = [
    { layers: 1, hidden: 8, intermediate: 8, heads: 2, kvHeads: 2, headDim: 4, vocab: 8, context: 8 },
    { normEpsilon: 1e-5, ropeTheta: 1e4, tied: true, hiddenAct: 'silu', raw: {} },
  ]
  const orderOf = (family: string, name: string) => ggufOrder({ family, ...sizes, ...numbers }, name)
  const order = orderOf('llama', 'model.layers.0.self_attn.k_proj.weight')!
  const rows = (count: number) => Array.from({ length: count }, (_, row) => row)
  expect(rows(8).map(order.row)).toEqual([0, 2, 1, 3, 4, 6, 5, 7])
  expect(orderOf('llama', 'model.layers.0.self_attn.v_proj.weight')).toBeUndefined()
  // Queries, keys and values of the first head, then those of the second: GGUF has all queries first.
  const joined = orderOf('gptneox', 'gpt_neox.layers.0.attention.query_key_value.bias')!
  expect(rows(6).map((unit) => joined.row(4 * unit) / 4)).toEqual([0, 2, 4, 1, 3, 5])
  expect([...inGgufOrder(Float32Array.of(0, 10, 1, 11, 2, 12, 3, 13), 2, order)]).toEqual([0, 10, 2, 12, 1, 11, 3, 13])
})
