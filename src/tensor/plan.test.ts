import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planArena } from './plan'
import type { Launch } from './recorder'
import { type ArenaSpace, type Tensor, alignment, slotTensor } from './tensor'

const chunk = 4096

function arenaTensor(label: string, sizeBytes: number, shared?: ArenaSpace): Tensor {
  return {
    label,
    shape: [sizeBytes / 4],
    dtype: 'f32',
    requiresGrad: false,
    offset: 0,
    space: shared ?? { kind: 'arena', sizeBytes, chunk: 0, offset: -1 },
  }
}

function launch(tensors: readonly Tensor[]): Launch {
  return { kernel: { file: 'none' }, tensors, params: {}, workgroups: [1, 1, 1], flops: 0 }
}

/** Random lists: sizes up to a chunk, every launch uses some of them; views of a place count as the place. */
const lists = fc
  .record({
    words: fc.array(fc.integer({ min: 1, max: chunk / 4 }), { minLength: 1, maxLength: 30 }),
    uses: fc.array(fc.array(fc.nat(29), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 40 }),
  })
  .map(({ words, uses }) => {
    const tensors = words.map((n, i) => arenaTensor(`${i}`, n * 4))
    const elsewhere = slotTensor({ label: 'slot', purpose: 'inputs', sizeBytes: 4 }, [1])
    return uses.map((used) =>
      launch([
        elsewhere,
        ...used
          .map((i) => tensors[i % tensors.length])
          .map((t, i) => (i % 2 ? t : arenaTensor(`view of ${t.label}`, 4, t.space as ArenaSpace))),
      ]),
    )
  })

interface Life {
  space: ArenaSpace
  first: number
  last: number
}

/** Written again here, plainly: from the first launch that names a place to the last. */
function livesOf(launches: readonly Launch[]): Life[] {
  const spaces = new Set(launches.flatMap((l) => l.tensors.flatMap(({ space }) => (space.kind === 'arena' ? [space] : []))))
  return [...spaces].map((space) => {
    const at = launches.flatMap((l, i) => (l.tensors.some((t) => t.space === space) ? [i] : []))
    return { space, first: Math.min(...at), last: Math.max(...at) }
  })
}

const padded = (bytes: number) => Math.ceil(bytes / alignment) * alignment

describe('planArena', () => {
  it('never lets two tensors that live at the same time overlap', () => {
    fc.assert(
      fc.property(lists, fc.constantFrom(chunk, 3 * chunk, 2 ** 31), (launches, limit) => {
        planArena(launches, limit)
        const lives = livesOf(launches)
        lives.forEach((a, i) =>
          lives.slice(i + 1).forEach((b) => {
            const together = a.first <= b.last && b.first <= a.last && a.space.chunk === b.space.chunk
            const overlap = a.space.offset < b.space.offset + b.space.sizeBytes && b.space.offset < a.space.offset + a.space.sizeBytes
            expect(together && overlap).toBe(false)
          }),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('aligns every place and keeps it inside its chunk, and no chunk exceeds the limit', () => {
    fc.assert(
      fc.property(lists, fc.constantFrom(chunk, chunk + 300, 2 ** 31), (launches, limit) => {
        const { chunkBytes } = planArena(launches, limit)
        for (const bytes of chunkBytes) expect(bytes).toBeLessThanOrEqual(limit)
        for (const { space } of livesOf(launches)) {
          expect(space.offset % alignment).toBe(0)
          expect(space.offset).toBeGreaterThanOrEqual(0)
          expect(space.offset + space.sizeBytes).toBeLessThanOrEqual(chunkBytes[space.chunk])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('takes at least what is in use at once and at most the sum of all', () => {
    fc.assert(
      fc.property(lists, (launches) => {
        const total = planArena(launches, 2 ** 31).chunkBytes.reduce((a, b) => a + b, 0)
        const lives = livesOf(launches)
        const sum = (of: readonly Life[]) => of.reduce((bytes, { space }) => bytes + padded(space.sizeBytes), 0)
        expect(total).toBeLessThanOrEqual(sum(lives))
        expect(total).toBeGreaterThanOrEqual(Math.max(...launches.map((_, at) => sum(lives.filter((l) => l.first <= at && at <= l.last)))))
      }),
      { numRuns: 300 },
    )
  })

  it('reuses the place of a dead tensor', () => {
    const [a, b, c] = [arenaTensor('a', 1024), arenaTensor('b', 1024), arenaTensor('c', 1024)]
    expect(planArena([launch([a, b]), launch([b, c])], 2 ** 31)).toEqual({ chunkBytes: [2048] })
    expect((c.space as ArenaSpace).offset).toBe((a.space as ArenaSpace).offset)
  })

  it('gives the same places each time', () => {
    fc.assert(
      fc.property(lists, (launches) => {
        const places = () => {
          planArena(launches, chunk)
          return livesOf(launches).map(({ space }) => [space.chunk, space.offset])
        }
        expect(places()).toEqual(places())
      }),
    )
  })

  it('needs nothing for launches that use only slots', () => {
    expect(planArena([], 2 ** 31)).toEqual({ chunkBytes: [] })
  })
})
