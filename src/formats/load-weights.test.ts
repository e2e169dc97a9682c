// Streaming: bounded memory on files larger than it, and every target exact.
import { describe, expect, it } from 'vitest'
import { packedPieces } from './load-weights'
import type { TensorEntry } from './model-file'
import type { WeightFormatId } from './quant/format-id'
import { quantiser, weightFormat } from './quant/registry'
import { numbers } from './testing/shared'

/** A tensor of any size whose bytes are made when they are read. */
function synthetic(format: WeightFormatId, rows: number, cols: number, fill: (bytes: Uint8Array, rowStart: number) => void = () => {}) {
  const { blockWeights, blockBytes } = weightFormat(format)
  const rowBytes = (cols / blockWeights) * blockBytes
  const seen = { largestRead: 0 }
  const entry: TensorEntry = {
    name: 'model.big.weight',
    shape: [rows, cols],
    format,
    sizeBytes: rows * rowBytes,
    async readRows(rowStart, rowCount) {
      const bytes = new Uint8Array(rowCount * rowBytes)
      seen.largestRead = Math.max(seen.largestRead, bytes.length)
      fill(bytes, rowStart)
      return bytes
    },
  }
  return { entry, seen }
}

/** Peak of JavaScript's array memory above where it began, while all pieces are taken. */
async function peakBytes(entry: TensorEntry, target: WeightFormatId | 'native'): Promise<{ peak: number; total: number }> {
  const base = process.memoryUsage().arrayBuffers
  let peak = 0
  let total = 0
  for await (const piece of packedPieces(entry, { rowStart: 0, rows: entry.shape[0]!, cols: entry.shape[1]! }, target)) {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - base)
    total += piece.bytes.length
    // Garbage counts, so give the collector a turn, as the queue does.
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { peak, total }
}

describe('memory', () => {
  it('4 GiB as stored pass through less than 256 MB', async () => {
    const { entry, seen } = synthetic('f16', 524_288, 4096)
    const { peak, total } = await peakBytes(entry, 'native')
    expect(total).toBe(2 ** 32)
    expect(seen.largestRead).toBeLessThanOrEqual(16 << 20)
    expect(peak).toBeLessThan(256e6)
  }, 120_000)

  it.each(['nf4', 'nf4-dq', 'f32'] as const)(
    '32 M weights become %s in less than 256 MB',
    async (target) => {
      const { entry, seen } = synthetic('bf16', 8192, 4096, (bytes) => bytes.fill(0x3c))
      const { peak, total } = await peakBytes(entry, target)
      expect(total).toBe(weightFormat(target).gpuBytes(8192, 4096))
      expect(seen.largestRead).toBeLessThanOrEqual(16 << 20)
      expect(peak).toBeLessThan(256e6)
    },
    120_000,
  )
})

describe('targets', () => {
  const random = numbers(11)
  const values = Float32Array.from({ length: 1000 * 5000 }, () => (random(2001) - 1000) / 1000)
  const fill = (bytes: Uint8Array, rowStart: number) => bytes.set(new Uint8Array(values.buffer, rowStart * 5000 * 4, bytes.length))
  const { entry } = synthetic('f32', 1000, 5000, fill)

  it.each(['nf4', 'nf4-dq'] as const)('%s in pieces is %s at once', async (target) => {
    const part = { rowStart: 32, rows: 968, cols: 5000 }
    const whole = quantiser(target).start(part.rows, part.cols)
    whole.add(values.subarray(32 * 5000))
    const bytes = new Uint8Array(weightFormat(target).gpuBytes(part.rows, part.cols))
    let pieces = 0
    for await (const piece of packedPieces(entry, part, target)) {
      bytes.set(piece.bytes, piece.offset)
      pieces++
    }
    expect(pieces).toBeGreaterThan(3)
    expect(Buffer.compare(bytes, whole.finish())).toBe(0)
  })

  it('stops when asked', async () => {
    const stop = new AbortController()
    const run = async () => {
      for await (const _ of packedPieces(entry, { rowStart: 0, rows: 1000, cols: 5000 }, 'f16', stop.signal)) stop.abort()
    }
    await expect(run()).rejects.toMatchObject({ kind: 'Cancelled' })
  })

  it('names the weight that does not fit 16 bits, and a format that cannot be made', async () => {
    const large = synthetic('f32', 64, 32, (bytes) => new Float32Array(bytes.buffer).fill(70_000)).entry
    const take = async (target: WeightFormatId) => {
      for await (const _ of packedPieces(large, { rowStart: 0, rows: 64, cols: 32 }, target));
    }
    await expect(take('f16')).rejects.toThrow('model.big.weight: expected weights up to 65504 for 16-bit floats, got 70000')
    await expect(take('q4_1')).rejects.toThrow(
      'expected its stored format, f32, f16, bf16, q8_0, q4_0, nf4, nf4-dq or fp4 on the GPU, got q4_1',
    )
  })
})
