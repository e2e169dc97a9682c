// A weight that is NaN or infinite is named while it is loaded, in every format of the registry and on the way to every other.
import { describe, expect, it } from 'vitest'
import { packedPieces } from './load-weights'
import type { TensorEntry } from './model-file'
import { weightFormat, weightFormats } from './quant/registry'
import { numbers } from './testing/shared'

const [rows, cols] = [64, 512]
const targets = ['native', 'f32', 'f16', 'bf16', 'q8_0', 'q4_0', 'nf4', 'nf4-dq', 'fp4'] as const

/** Bytes of a row of zeros, and of all rows of formats that are taken as a whole. */
const sizes = ({ blockWeights, blockBytes, gpuBytes }: (typeof weightFormats)[number]) =>
  blockBytes
    ? { row: (cols / blockWeights) * blockBytes, all: (cols / blockWeights) * blockBytes * rows }
    : { row: 0, all: gpuBytes(rows, cols) }

function entryOf(format: (typeof weightFormats)[number], bytes: Uint8Array<ArrayBuffer>): TensorEntry {
  const { row } = sizes(format)
  const name = 'model.layers.1.self_attn.q_proj.weight'
  const readRows = async (start: number, count: number) => (row ? bytes.slice(start * row, (start + count) * row) : bytes)
  return { name, shape: [rows, cols], format: format.id, sizeBytes: bytes.length, readRows }
}

async function load(entry: TensorEntry, target: (typeof targets)[number], rowStart = 0): Promise<void> {
  for await (const _ of packedPieces(entry, { rowStart, rows: rows - rowStart, cols }, target));
}

describe.each(weightFormats.map((format) => [format.id, format] as const))('%s', (id, format) => {
  it('finds the first weight that is not finite', () => {
    const random = numbers(5)
    const wrong = { none: 0, some: 0 }
    const { all } = sizes(format)
    // Few enough rows that many are wholly finite.
    const count = format.blockBytes ? Math.max(format.blockWeights, 64) : rows * cols
    for (let trial = 0; trial < (format.blockBytes ? 400 : 6); trial++) {
      const size = format.blockBytes ? (count / format.blockWeights) * format.blockBytes : all
      // Bytes of zeros with a few at random: exponents of ones are rare among them, and not too rare.
      const bytes = new Uint8Array(size)
      for (let i = 0; i < 1 + random(40); i++) bytes[random(size)] = random(3) ? random(256) : 0x7f
      // Only the last exponents of a byte make MXFP4 infinite.
      if (id === 'mxfp4') bytes[17 * random(2)] = 248 + random(8)
      const first = format.decode(bytes, count).findIndex((v) => !Number.isFinite(v))
      const found = format.oddWeight(bytes, count)
      wrong[found ? 'some' : 'none']++
      const block = format.blockWeights
      expect(found && Math.floor(found.at / block), `trial ${trial}`).toBe(first < 0 ? undefined : Math.floor(first / block))
      expect(found === undefined || !Number.isFinite(found.value)).toBe(true)
    }
    if (format.blockBytes) expect(Math.min(wrong.none, wrong.some)).toBeGreaterThan(0)
  })

  it('is refused by name and row on the way to every format', async () => {
    const zeros = new Uint8Array(sizes(format).all)
    const whole = format.blockBytes === 0
    const possible = targets.filter((target) => !whole || target === 'native')
    for (const target of possible) await load(entryOf(format, zeros), target)
    for (const [poison, what] of [
      [0xff, 'NaN'],
      [undefined, 'Infinity'],
    ] as const) {
      // prettier-ignore
      const bytes = zeros.slice()
      // Rows of formats that are taken as a whole: the last word is an absmax of NF4, or in the first words of its double form.
      if (whole)
        new DataView(bytes.buffer).setUint32(id !== 'nf4-dq' ? bytes.length - 4 : 1028, poison ? poison * 0x01010101 : 0x7f800000, true)
      else spoil(bytes.subarray(41 * sizes(format).row, 42 * sizes(format).row), poison)
      // Infinity times the map's 0.
      const said = id === 'nf4-dq' ? 'NaN' : what
      const row = id === 'nf4-dq' ? 0 : whole ? rows - 1 : 41
      for (const target of possible)
        await expect(load(entryOf(format, bytes), target), `${target} ${said}`).rejects.toThrow(
          new RegExp(`^model\\.layers\\.1\\.self_attn\\.q_proj\\.weight, row ${row}: expected finite weights, got ${said} `),
        )
      if (!whole) await expect(load(entryOf(format, bytes), 'native', 32)).rejects.toThrow(`, row 41: expected finite weights, got ${said}`)
    }
  })

  /** Makes a row's numbers NaN (all its bytes alike) or one of them infinite. */
  function spoil(row: Uint8Array, poison: number | undefined): void {
    if (poison !== undefined) row.fill(poison)
    else if (id === 'f32') row.set([0, 0, 0x80, 0x7f], 8)
    else if (id === 'bf16') row.set([0x80, 0x7f], 6)
    else if (id === 'f16') row.set([0, 0x7c], 6)
    else if (id === 'mxfp4') row.set([254, 0x77])
    else if (id.startsWith('int')) row.set([0, 0, 0x80, 0x7f], format.blockBytes - 8)
    else row.set([0, 0x7c], ({ q2_k: 80, q3_k: 108, q6_k: 208 } as Partial<Record<typeof id, number>>)[id] ?? 0)
  }

  it('is also found as the last of an odd number of weights', () => {
    if (format.blockWeights > 1) return
    for (const count of [1, 3, 5]) {
      const bytes = new Uint8Array(count * format.blockBytes)
      expect(format.oddWeight(bytes, count)).toBeUndefined()
      bytes.fill(0xff, (count - 1) * format.blockBytes)
      expect(format.oddWeight(bytes, count)).toEqual({ at: count - 1, value: NaN })
    }
  })
})

it('a vector too', () => {
  const { oddWeight } = weightFormat('f32')
  expect(oddWeight.call(weightFormat('f32'), new Uint8Array(Float32Array.of(1, -Infinity).buffer), 2)).toEqual({ at: 1, value: -Infinity })
})
