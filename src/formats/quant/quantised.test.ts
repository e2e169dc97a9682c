// What a base becomes while loading, against the programs that define the formats (e2e/interop/make_quantised.py).
import { expect, it } from 'vitest'
import { packedPieces } from '../load-weights'
import type { TensorEntry } from '../model-file'
import { floats, keptTensors } from '../testing/shared'
import type { WeightFormatId } from './format-id'
import { weightFormat } from './registry'

const { bytes } = await keptTensors('quantised.safetensors')
const weight = floats(bytes.get('weight')!)
const [rows, cols] = [12, 64]
const entry: TensorEntry = {
  name: 'w',
  shape: [rows, cols],
  format: 'f32',
  sizeBytes: weight.byteLength,
  readRows: async (start, count) => new Uint8Array(weight.slice(start * cols, (start + count) * cols).buffer),
}

/** The bytes of the GPU buffer that `weight` becomes. */
async function loaded(target: WeightFormatId): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(weightFormat(target).gpuBytes(rows, cols))
  for await (const piece of packedPieces(entry, { rowStart: 0, rows, cols }, target as 'fp4')) out.set(piece.bytes, piece.offset)
  return out
}

it.each(['q8_0', 'q4_0'] as const)('%s has the bytes that gguf-py writes', async (id) => {
  const format = weightFormat(id)
  expect(format.encode!(weight)).toEqual(bytes.get(id))
  expect(await loaded(id)).toEqual(format.pack(bytes.get(id)!, { rows, cols }, 0, rows).reduce(joined, new Uint8Array(0)))
})

function joined(before: Uint8Array<ArrayBuffer>, { offset, bytes: more }: { offset: number; bytes: Uint8Array<ArrayBuffer> }) {
  const all = new Uint8Array(offset + more.length)
  all.set(before)
  all.set(more, offset)
  return all
}

it("fp4 has the values of bitsandbytes' blocks", async () => {
  const values = weightFormat('fp4').decode(await loaded('fp4'), rows * cols)
  // 0 and -0 are the same weight.
  expect(values.map((v) => v || 0)).toEqual(floats(bytes.get('fp4')!).map((v) => v || 0))
})

it('a block that a half cannot scale is refused by name', async () => {
  const large: TensorEntry = { ...entry, readRows: async () => new Uint8Array(weight.map((v) => v * 1e9).buffer) }
  const load = async () => {
    for await (const _ of packedPieces(large, { rowStart: 0, rows, cols }, 'q8_0'));
  }
  await expect(load()).rejects.toThrow(/^w: expected weights that Q8_0 can hold, got one of size .*Choose the base precision nf4 or f32/)
})
