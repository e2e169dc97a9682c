import { gguf } from '@huggingface/gguf'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readGgufHeader } from './gguf'
import { ggufName, hfName, permuteRows, permutedRow } from './gguf-names'
import { writeGguf, writeLoraGguf } from './gguf-write'
import { MemorySource } from './memory-source'

const sites = ['model.layers.0.self_attn.q_proj', 'model.layers.11.mlp.down_proj', 'lm_head']
const pairs = sites.map((site, i) => ({ site, rank: 2, in: 3, out: 4, a: new Float32Array(6).fill(i), b: new Float32Array(8).fill(-i) }))
const file = writeLoraGguf({ family: 'llama', name: 'an adapter', alpha: 16, pairs })

it("a LoRA adapter has llama.cpp's keys, names, dimensions and values", async () => {
  const source = new MemorySource('a.gguf', file)
  const { metadata, tensors, version } = await readGgufHeader(source)
  expect(version).toBe(3)
  expect({ ...metadata }).toEqual({
    'general.type': 'adapter',
    'general.architecture': 'llama',
    'general.name': 'an adapter',
    'adapter.type': 'lora',
    'adapter.lora.alpha': 16,
  })
  expect([...tensors.keys()]).toEqual(
    ['blk.0.attn_q', 'blk.11.ffn_down', 'output'].flatMap((name) => [`${name}.weight.lora_a`, `${name}.weight.lora_b`]),
  )
  const b = tensors.get('blk.11.ffn_down.weight.lora_b')!
  expect([tensors.get('output.weight.lora_a')!.dimensions, b.dimensions, b.type]).toEqual([[3, 2], [2, 4], 0])
  expect(new Float32Array((await source.read(b.offset, b.sizeBytes!)).buffer)).toEqual(pairs[1]!.b)
})

it('another reader reads it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gguf-'))
  try {
    writeFileSync(join(folder, 'a.gguf'), file)
    const { metadata, tensorInfos } = await gguf(join(folder, 'a.gguf'), { allowLocalFile: true })
    expect(metadata['general.architecture' as never]).toBe('llama')
    expect(metadata['adapter.lora.alpha' as never]).toBe(16)
    expect(tensorInfos.map((t) => [t.name, t.shape.map(Number)])[0]).toEqual(['blk.0.attn_q.weight.lora_a', [3, 2]])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('refuses what llama.cpp has no name for, and bytes that do not match', () => {
  expect(() => writeLoraGguf({ family: 'llama', name: '', alpha: 1, pairs: [{ ...pairs[0]!, site: 'model.unheard_of' }] })).toThrow(
    'got model.unheard_of',
  )
  expect(() => writeGguf({}, [{ name: 'a', dimensions: [3], type: 0, bytes: new Uint8Array(8) }])).toThrow('expected 12 bytes, got 8')
})

it('names go both ways, q and k rows too', () => {
  expect(hfName('llama', 'blk.10.attn_k.bias')).toBe('model.layers.10.self_attn.k_proj.bias')
  expect(ggufName('llama', 'model.norm.weight')).toBe('output_norm.weight')
  expect([
    hfName('llama', 'rope_freqs.weight'),
    hfName('llama', 'blk.1.attn_qkv.weight'),
    hfName('llama', 'blk..attn_q.weight'),
    ggufName('llama', 'x'),
  ]).toEqual([undefined, undefined, undefined, undefined])
  // Two heads of four: Hugging Face rows (0 1 | 2 3) of a head lie as pairs (0 2 | 1 3).
  expect([0, 1, 2, 3, 4, 5, 6, 7].map((row) => permutedRow(row, 4))).toEqual([0, 2, 1, 3, 4, 6, 5, 7])
  expect([...permuteRows(Float32Array.of(0, 10, 1, 11, 2, 12, 3, 13), 2, 1)]).toEqual([0, 10, 2, 12, 1, 11, 3, 13])
})
