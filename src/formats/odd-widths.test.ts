// NF4 of matrices whose rows are no multiple of a block: as in bitsandbytes, blocks of 64 run over the flattened matrix, and the last
// one may be short.
import { describe, expect, it } from 'vitest'
import { packedPieces } from './load-weights'
import { MemorySource } from './memory-source'
import type { ModelFile, TensorEntry } from './model-file'
import { openModel } from './open-model'
import { nf4Values } from './quant/nf4-code'
import { weightFormat } from './quant/registry'
import { writeSafetensors } from './safetensors'
import { numbers } from './testing/shared'

const random = numbers(23)
const values = (count: number) => Float32Array.from({ length: count }, () => random(2001) / 1000 - 1)

/** Codes and absmax by the definition: the nearest of sixteen values to w / absmax. */
function quantised(weights: Float32Array): { codes: number[]; absmax: Float32Array } {
  const absmax = Float32Array.from({ length: Math.ceil(weights.length / 64) }, (_, block) =>
    Math.max(...weights.subarray(block * 64, block * 64 + 64).map(Math.abs)),
  )
  const nearest = (x: number) => nf4Values.reduce((best, v, q) => (Math.abs(x - v) < Math.abs(x - nf4Values[best]!) ? q : best), 0)
  return { absmax, codes: [...weights].map((w, i) => nearest(w / absmax[i >> 6]!)) }
}

const decoded = ({ codes, absmax }: ReturnType<typeof quantised>) => codes.map((q, i) => Math.fround(nf4Values[q]! * absmax[i >> 6]!))

async function held(entry: TensorEntry, rows: number, cols: number): Promise<number[]> {
  const format = weightFormat('nf4')
  const bytes = new Uint8Array(format.gpuBytes(rows, cols))
  for await (const piece of packedPieces(entry, { rowStart: 0, rows, cols }, 'nf4')) bytes.set(piece.bytes, piece.offset)
  return [...format.decode(bytes, rows * cols)]
}

describe.each([
  [37, 18],
  [5, 37],
  [130, 49],
])('%d × %d', (rows, cols) => {
  const weights = values(rows * cols)

  it('quantised while loading', async () => {
    const readRows = async (first: number, count: number) => new Uint8Array(weights.slice(first * cols, (first + count) * cols).buffer)
    const entry: TensorEntry = { name: 'w', shape: [rows, cols], format: 'f32', sizeBytes: weights.byteLength, readRows }
    expect(await held(entry, rows, cols)).toEqual(decoded(quantised(weights)))
  })

  it('as bitsandbytes saved it', async () => {
    const { codes, absmax } = quantised(weights)
    // Two weights to a byte, the first in the high half; codes of 7 stand for nothing behind the last.
    const packed = Uint8Array.from({ length: Math.ceil(codes.length / 2) }, (_, i) => (codes[2 * i]! << 4) | (codes[2 * i + 1] ?? 7))
    const name = 'model.layers.0.mlp.up_proj.weight'
    const state = { quant_type: 'nf4', blocksize: 64, dtype: 'float32', shape: [rows, cols] }
    const stateBytes = new TextEncoder().encode(JSON.stringify(state))
    const byte = (ending: string, data: Uint8Array<ArrayBuffer>, shape = [data.length]) =>
      ({ name: name + ending, shape, data, dtype: 'U8' }) as const
    const file = writeSafetensors([
      byte('', packed, [packed.length, 1]),
      byte('.quant_state.bitsandbytes__nf4', stateBytes),
      { name: `${name}.absmax`, shape: [absmax.length], data: absmax },
      { name: `${name}.quant_map`, shape: [16], data: Float32Array.from(nf4Values) },
    ])
    const config = {
      model_type: 'llama',
      num_hidden_layers: 1,
      hidden_size: cols,
      intermediate_size: rows,
      num_attention_heads: 1,
      head_dim: 2,
      vocab_size: 4,
    }
    const quantization = { quantization_config: { quant_method: 'bitsandbytes', load_in_4bit: true, bnb_4bit_quant_type: 'nf4' } }
    // What the tensors are is seen without config.json's word too.
    for (const said of [quantization, {}]) {
      const model: ModelFile = await openModel([
        new MemorySource('config.json', new TextEncoder().encode(JSON.stringify({ ...config, ...said }))),
        new MemorySource('model.safetensors', file),
      ])
      const entry = model.tensors.get(name)!
      expect([entry.format, entry.shape]).toEqual(['nf4', [rows, cols]])
      expect(await held(entry, rows, cols)).toEqual(decoded({ codes, absmax }))
    }
  })
})
