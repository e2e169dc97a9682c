import { describe, expect, it } from 'vitest'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { packedPieces } from '../formats/load-weights'
import type { TensorEntry } from '../formats/model-file'
import type { WeightFormatId } from '../formats/quant/format-id'
import { weightFormat } from '../formats/quant/registry'
import type { Gpu } from '../gpu/gpu'
import type { Weight } from '../ops/weight'
import { slotTensor } from '../tensor/tensor'
import { fillMatrices } from './fill-matrices'

const [rows, cols] = [1024, 4096]
const pattern = Float32Array.from({ length: (rows + 16) * cols }, (_, i) => ((i * 37) % 1001) - 500)

/** Matrices of F32, of two pieces and absmax each in NF4, and a queue that writes into arrays; reads take a turn of the event loop. */
function setup(count: number, format: WeightFormatId, damaged = -1) {
  const seen = { reading: 0, readingAtOnce: 0, writes: 0, bytes: 0, written: 0, arrived: 0, mostUnderWay: 0 }
  const held = new Map<string, Uint8Array>()
  const entries = new Map<string, TensorEntry>()
  const weights: Weight[] = []
  for (let i = 0; i < count; i++) {
    const name = `layer ${i}`
    const sizeBytes = weightFormat(format).gpuBytes(rows, cols)
    const slot = { label: name, purpose: 'weights' as const, sizeBytes, buffer: { label: name } as GPUBuffer }
    held.set(name, new Uint8Array(sizeBytes))
    weights.push({
      name,
      shape: [rows, cols],
      format,
      reader: [],
      parts: [{ firstRow: 0, rows, tensor: slotTensor(slot, [sizeBytes / 4], 'u32') }],
    })
    entries.set(name, {
      name,
      shape: [rows, cols],
      format: 'f32',
      sizeBytes: rows * cols * 4,
      async readRows(first, rowCount) {
        seen.readingAtOnce = Math.max(seen.readingAtOnce, ++seen.reading)
        await new Promise((resolve) => setTimeout(resolve))
        seen.reading--
        if (i === damaged && first > 0) throw new FormatError(say`${name}: damaged`)
        return new Uint8Array(pattern.slice((first + i) * cols, (first + i + rowCount) * cols).buffer)
      },
    })
  }
  const queue = {
    writeBuffer({ label }: GPUBuffer, offset: number, bytes: Uint8Array) {
      held.get(label)!.set(bytes, offset)
      seen.writes++
      seen.written += bytes.length
      seen.mostUnderWay = Math.max(seen.mostUnderWay, seen.written - seen.arrived)
    },
    async onSubmittedWorkDone() {
      const { written } = seen
      await new Promise((resolve) => setTimeout(resolve, 40))
      seen.arrived = written
    },
  }
  const gpu = { device: { queue }, check: () => undefined, answered: (answer: Promise<unknown>) => answer } as unknown as Gpu
  return { gpu, weights, entries, held, seen }
}

describe('filling matrices', () => {
  it('reads one matrix ahead while another is converted, and writes the same as without reading ahead', async () => {
    const { gpu, weights, entries, held, seen } = setup(5, 'nf4')
    await fillMatrices(gpu, weights, entries, ({ bytes }) => void (seen.bytes += bytes.length))
    expect(seen.readingAtOnce).toBe(2)
    expect(seen.bytes).toBe(5 * weightFormat('nf4').gpuBytes(rows, cols))
    for (const [name, entry] of entries) {
      const alone = new Uint8Array(held.get(name)!.length)
      for await (const piece of packedPieces(entry, { rowStart: 0, rows, cols }, 'nf4')) alone.set(piece.bytes, piece.offset)
      expect(Buffer.compare(held.get(name)!, alone), name).toBe(0)
    }
  })

  it('bounds the bytes under way to the GPU, whatever the number of matrices', async () => {
    const { gpu, weights, entries, seen } = setup(16, 'f32')
    await fillMatrices(gpu, weights, entries, ({ bytes }) => void (seen.bytes += bytes.length))
    expect(seen.bytes).toBe(16 * rows * cols * 4)
    expect(seen.mostUnderWay).toBeLessThanOrEqual(64 * 2 ** 20)
  })

  it('throws the first error once nothing is under way', async () => {
    const { gpu, weights, entries, seen } = setup(6, 'nf4', 2)
    await expect(fillMatrices(gpu, weights, entries)).rejects.toThrow('layer 2: damaged')
    const { writes, reading } = seen
    expect(reading).toBe(0)
    expect(writes).toBeLessThan(4 * 3)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(seen.writes).toBe(writes)
  })

  it('stops when asked', async () => {
    const { gpu, weights, entries, seen } = setup(6, 'nf4')
    const stop = new AbortController()
    const run = fillMatrices(gpu, weights, entries, () => stop.abort(), stop.signal)
    await expect(run).rejects.toMatchObject({ kind: 'Cancelled' })
    expect(seen.writes).toBeLessThanOrEqual(3)
  })
})
