import { describe, expect, it } from 'vitest'
import type { Profile } from '../gpu/profile'
import { Recorder } from '../tensor/recorder'
import { count, slotTensor } from '../tensor/tensor'
import { checkOp } from '../testing/check-op'
import { assertSameBits } from '../testing/closeness'
import { type TestGpu, testGpus, testProfiles } from '../testing/device'
import { packHalves, unpackHalves } from '../testing/halves'
import { normals } from '../testing/random'
import { attentionReference } from '../testing/reference/attention'
import { held, runRecorded } from '../testing/run-recorded'
import { tapeKernels } from './add'
import { type AttentionShape, attention } from './attention'

const gpus = testGpus({ 'hardware without tiles': { ...testProfiles.hardware, attention: 'plain' } })

/** Query t of every row sees the prefix and its own document; documents begin at `starts`. */
function causalRanges({ batch, length, prefix = 0 }: AttentionShape, starts: readonly number[] = [0]): Uint32Array<ArrayBuffer> {
  const ranges = new Uint32Array(batch * length * 2)
  for (let m = 0; m < batch * length; m++) {
    const t = m % length
    const start = starts.findLast((s) => s <= t)!
    ranges[2 * m] = start === 0 ? 0 : prefix + start
    ranges[2 * m + 1] = prefix + t + 1
  }
  return ranges
}

function checkAttention(shape: AttentionShape, starts?: readonly number[]): Promise<void> {
  return checkRanges(shape, causalRanges(shape, starts))
}

async function checkRanges(shape: AttentionShape, ranges: Uint32Array<ArrayBuffer>): Promise<void> {
  const { batch, length, keys, heads, kvHeads, headDim } = shape
  const wide = [batch * length, heads * headDim]
  const narrow = [batch * keys, kvHeads * headDim]
  await checkOp(gpus, {
    inputs: {
      q: { shape: wide, values: normals(20, wide[0] * wide[1]), gradient: 'activation' },
      k: { shape: narrow, values: normals(21, narrow[0] * narrow[1]), gradient: 'activation' },
      v: { shape: narrow, values: normals(22, narrow[0] * narrow[1]), gradient: 'activation' },
      ranges: { shape: [batch * length, 2], values: ranges },
    },
    record: (r, { q, k, v, ranges }) => attention(r, q, k, v, ranges, shape),
    reference: ({ q, k, v }) => attentionReference(q, k, v, ranges, shape),
  })
}

/** The keys and values of a cache, rounded to halves. */
function checkCached(shape: AttentionShape): Promise<void> {
  return checkSeen(gpus, { ...shape, halves: true }, causalRanges({ ...shape, prefix: shape.keys - shape.length }))
}

/** Without gradients. */
async function checkSeen(on: readonly TestGpu[], shape: AttentionShape, ranges: Uint32Array<ArrayBuffer>): Promise<void> {
  const { batch, length, keys, heads, kvHeads, headDim, halves } = shape
  const [wide, narrow] = [
    [batch * length, heads * headDim],
    [batch * keys, kvHeads * headDim],
  ]
  const [k, v] = [21, 22].map((seed) => normals(seed, narrow[0] * narrow[1])).map((x) => (halves ? packHalves(x) : x))
  const cache = halves ? [narrow[0], narrow[1] / 2] : narrow
  const read = halves ? unpackHalves : (x: ArrayLike<number>) => Float64Array.from(x)
  await checkOp(on, {
    inputs: {
      q: { shape: wide, values: normals(20, wide[0] * wide[1]) },
      k: { shape: cache, values: k },
      v: { shape: cache, values: v },
      ranges: { shape: [batch * length, 2], values: ranges },
    },
    record: (r, { q, k, v, ranges }) => attention(r, q, k, v, ranges, shape),
    reference: ({ q }) => attentionReference(q, read(k), read(v), ranges, shape),
  })
}

/** The rows of a decoding batch start and end anywhere in a cache: (start, end) for each query. */
async function checkDecoding(shape: AttentionShape, seen: readonly (readonly [number, number])[]): Promise<void> {
  const hardware = gpus.filter(({ gpu }) => gpu.profile.lanes > 1)
  for (const { gpu } of hardware) expect(kernelsOf(gpu.profile, shape)).toEqual(['attention_decode'])
  await checkSeen(hardware.slice(0, 1), shape, Uint32Array.from(seen.flat()))
}

/** The kernels that attention launches, with or without gradients. */
function kernelsOf(profile: Profile, shape: AttentionShape, requiresGrad = false): string[] {
  const { batch, length, keys, heads, kvHeads, headDim, halves } = shape
  const empty = (label: string, shape: number[], dtype: 'f32' | 'u32' = 'f32') =>
    slotTensor({ label, purpose: 'inputs', sizeBytes: 4 }, shape, dtype)
  const q = empty('queries', [batch * length * heads, headDim])
  const [k, v] = ['keys', 'values'].map((label) => empty(label, [batch * keys * kvHeads, headDim], halves ? 'u32' : 'f32'))
  q.requiresGrad = requiresGrad
  const r = new Recorder(profile, tapeKernels)
  attention(r, q, k, v, empty('ranges', [batch * length, 2], 'u32'), shape)
  return r.launches.map((l) => l.kernel.file)
}

describe('attention', () => {
  it('one query', () => checkAttention({ batch: 1, length: 1, keys: 1, heads: 1, kvHeads: 1, headDim: 8 }))
  it('63 queries, heads of 8, two rows', () => checkAttention({ batch: 2, length: 63, keys: 63, heads: 2, kvHeads: 2, headDim: 8 }))
  it('grouped heads of 16', () => checkAttention({ batch: 2, length: 33, keys: 33, heads: 6, kvHeads: 2, headDim: 16 }))
  it('all heads on one key head, of 24', () => checkAttention({ batch: 1, length: 21, keys: 21, heads: 3, kvHeads: 1, headDim: 24 }))
  it('65 queries, heads of 64', () => checkAttention({ batch: 1, length: 65, keys: 65, heads: 2, kvHeads: 1, headDim: 64 }))
  it('another scale', () => checkAttention({ batch: 1, length: 9, keys: 9, heads: 1, kvHeads: 1, headDim: 8, scale: 0.9 }))
  it('packed documents', () => checkAttention({ batch: 2, length: 35, keys: 35, heads: 2, kvHeads: 1, headDim: 8 }, [0, 7, 8, 26]))
  for (const prefix of [1, 4, 7])
    it(`a prefix of ${prefix} keys`, () =>
      checkAttention({ batch: 2, length: 18, keys: 18 + prefix, heads: 2, kvHeads: 1, headDim: 8, prefix }))
  it('a window', () => checkAttention({ batch: 2, length: 33, keys: 33, heads: 2, kvHeads: 1, headDim: 8, window: 5 }))
  it('a window of one', () => checkAttention({ batch: 1, length: 9, keys: 9, heads: 1, kvHeads: 1, headDim: 8, window: 1 }))
  it('a window longer than the row', () => checkAttention({ batch: 1, length: 9, keys: 9, heads: 1, kvHeads: 1, headDim: 8, window: 9 }))
  it('a window over packed documents', () =>
    checkAttention({ batch: 1, length: 35, keys: 35, heads: 2, kvHeads: 2, headDim: 8, window: 6 }, [0, 7, 8, 26]))
  for (const prefix of [1, 6])
    it(`a window behind a prefix of ${prefix}`, () =>
      checkAttention({ batch: 2, length: 18, keys: 18 + prefix, heads: 2, kvHeads: 1, headDim: 8, prefix, window: 4 }))
  it('soft-capped scores, in a window', () =>
    checkAttention({ batch: 1, length: 21, keys: 21, heads: 2, kvHeads: 1, headDim: 24, softCap: 1.5, window: 8 }))
  it('soft-capped scores with their own scale', () =>
    checkAttention({ batch: 1, length: 17, keys: 17, heads: 2, kvHeads: 2, headDim: 8, softCap: 50, scale: 9 }))
  for (const headDim of [2, 6, 20, 36, 100])
    it(`heads of ${headDim}, behind a prefix`, () =>
      checkAttention({ batch: 2, length: 17, keys: 19, heads: 4, kvHeads: 2, headDim, prefix: 2 }))
  it('heads of 80', () => checkAttention({ batch: 1, length: 37, keys: 37, heads: 2, kvHeads: 1, headDim: 80 }))
  it('heads of 128', () => checkAttention({ batch: 1, length: 34, keys: 34, heads: 1, kvHeads: 1, headDim: 128 }))
  it('heads of 256', () => checkAttention({ batch: 1, length: 18, keys: 18, heads: 2, kvHeads: 1, headDim: 256 }))
  it('a few queries, heads of 256', () => checkAttention({ batch: 1, length: 5, keys: 5, heads: 2, kvHeads: 1, headDim: 256 }))
  for (const headDim of [4, 36, 100])
    it(`one query on a cache of heads of ${headDim}`, () => checkCached({ batch: 2, length: 1, keys: 33, heads: 4, kvHeads: 2, headDim }))
  it('one query on a cache of halves', () => checkCached({ batch: 1, length: 1, keys: 33, heads: 4, kvHeads: 2, headDim: 16 }))
  it('several queries on a cache of halves, in a window', () =>
    checkCached({ batch: 2, length: 18, keys: 30, heads: 2, kvHeads: 1, headDim: 24, window: 9 }))
  it('a prefix with packed documents', () =>
    checkAttention({ batch: 1, length: 21, keys: 26, heads: 2, kvHeads: 2, headDim: 8, prefix: 5 }, [0, 10]))
  it('a window that has moved past a long prefix', () =>
    checkAttention({ batch: 2, length: 70, keys: 110, heads: 2, kvHeads: 1, headDim: 8, prefix: 40, window: 12 }))
  it('a window of several tiles', () => checkAttention({ batch: 1, length: 130, keys: 130, heads: 1, kvHeads: 1, headDim: 8, window: 70 }))
  it('packed documents of several tiles', () =>
    checkAttention({ batch: 2, length: 100, keys: 100, heads: 4, kvHeads: 2, headDim: 8 }, [0, 10, 75]))
  it('keys that every query sees', () => {
    const shape = { batch: 2, length: 40, keys: 10, heads: 4, kvHeads: 2, headDim: 8, prefix: 10 }
    return checkRanges(
      shape,
      Uint32Array.from({ length: 160 }, (_, i) => (i % 2) * shape.keys),
    )
  })
  it('queries that see no key', () => {
    const shape = { batch: 1, length: 75, keys: 75, heads: 2, kvHeads: 1, headDim: 8 }
    const ranges = causalRanges(shape)
    for (const t of [0, 5, 31, ...Array.from({ length: 32 }, (_, i) => 32 + i), 74]) ranges.fill(t, 2 * t, 2 * t + 2)
    return checkRanges(shape, ranges)
  })
  it('gives the same bits each time', async () => {
    const shape = { batch: 2, length: 70, keys: 70, heads: 4, kvHeads: 2, headDim: 8 }
    const given = (seed: number, label: string, columns: number) => held(label, [140, columns], normals(seed, 140 * columns))
    const once = async ({ gpu }: TestGpu) => {
      const [q, k, v, dy] = [given(1, 'q', 32), given(2, 'k', 16), given(3, 'v', 16), given(4, 'dy', 32)]
      const ranges = held('ranges', [140, 2], causalRanges(shape))
      const gradients = [q, k, v].map(({ tensor }) => held(`d ${tensor.label}`, tensor.shape, new Float32Array(count(tensor.shape))))
      ;[q, k, v].forEach(({ tensor }, i) => Object.assign(tensor, { requiresGrad: true, grad: gradients[i].tensor }))
      const r = new Recorder(gpu.profile, tapeKernels)
      r.passGrad(attention(r, q.tensor, k.tensor, v.tensor, ranges.tensor, shape), dy.tensor)
      r.backward()
      const read = await runRecorded(gpu, r.launches, [q, k, v, dy, ranges, ...gradients], 'planned')
      return gradients.map(({ tensor }) => read(tensor))
    }
    for (const test of gpus) {
      const first = await once(test)
      for (const [i, again] of (await once(test)).entries()) assertSameBits(`${'qkv'[i]} (${test.name} profile)`, again, first[i])
    }
  })
})

describe('attention while decoding', () => {
  const one = { batch: 1, length: 1, keys: 40, heads: 2, kvHeads: 1, headDim: 8, halves: true }
  it('is chosen for few queries without a gradient if threads of a workgroup share rows', () => {
    const profile = (kind: keyof typeof testProfiles) => ({ ...testProfiles[kind], maxBindingBytes: 2 ** 27, maxBufferBytes: 2 ** 28 })
    for (const length of [1, 7]) expect(kernelsOf(profile('hardware'), { ...one, length })).toEqual(['attention_decode'])
    expect(kernelsOf(profile('hardware'), { ...one, length: 8 })).toEqual(['attention_tiled'])
    expect(kernelsOf(profile('hardware'), { ...one, halves: false }, true)).toEqual(['attention'])
    expect(kernelsOf(profile('software'), one)).toEqual(['attention'])
  })

  // With 1 to 8 threads per key, and 4 to 128 values at once.
  for (const headDim of [8, 16, 20, 24, 64, 80, 128, 256])
    it(`heads of ${headDim}, rows of different lengths`, () =>
      checkDecoding({ ...one, batch: 3, keys: 301, heads: 4, kvHeads: 2, headDim }, [
        [0, 300],
        [3, 260],
        [0, 1],
      ]))
  it('ends at and next to the end of a block of keys', () =>
    checkDecoding({ ...one, batch: 5, keys: 600 }, [
      [0, 255],
      [0, 256],
      [0, 257],
      [88, 600],
      [87, 600],
    ]))
  it('keys in full', () =>
    checkDecoding({ ...one, batch: 2, keys: 270, heads: 6, headDim: 24, halves: false }, [
      [0, 270],
      [9, 17],
    ]))
  it('soft-capped scores, with their own scale', () =>
    checkDecoding({ ...one, keys: 300, headDim: 64, softCap: 1.5, scale: 0.3 }, [[0, 300]]))
  it('several queries per row, windows after a prefix', () =>
    checkDecoding({ ...one, batch: 2, length: 4, keys: 700, prefix: 270, window: 5 }, [
      // Far after the prefix, next to it, across its end, and within it.
      [0, 690],
      [0, 275],
      [0, 273],
      [0, 200],
      // From after the prefix on, from its end on, within it, and with everything hidden except the window.
      [400, 402],
      [268, 300],
      [270, 274],
      [269, 700],
    ]))
  it('a window of several blocks', () => checkDecoding({ ...one, keys: 900, window: 600, prefix: 3 }, [[0, 890]]))
  it('queries that see no key', () =>
    checkDecoding({ ...one, length: 3 }, [
      [0, 0],
      [0, 9],
      [40, 40],
    ]))
  it('scores of thousands', () => checkDecoding({ ...one, keys: 300, headDim: 16, scale: 300 }, [[0, 300]]))
})
