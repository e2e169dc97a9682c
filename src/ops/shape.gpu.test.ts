import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { add } from './add'
import { scale } from './scale'
import { reshape, splitColumns } from './shape'
import { softCapInto } from './soft-cap'

const gpus = testGpus()

describe('splitColumns', () => {
  for (const [rows, widths] of [
    [1, [4, 8]],
    [65, [16, 16, 16]],
    [63, [68, 4, 20]],
    [5, [6, 6, 6]],
    [9, [4, 1, 6]],
  ] as [number, number[]][])
    it(`${rows} rows of ${widths.join(' + ')}, added up again`, async () => {
      const width = widths.reduce((a, b) => a + b)
      const narrow = Math.min(...widths)
      const pieces = [...new Array(width / narrow).keys()]
      await checkOp(gpus, {
        inputs: { x: { shape: [rows, width], values: normals(50, rows * width), gradient: 'activation' } },
        // Each part is cut again to the narrowest width and each piece scaled by its own number, so that a misplaced piece is noticed.
        record: (r, { x }) =>
          splitColumns(r, x, widths)
            .flatMap((part) => splitColumns(r, part, new Array<number>(part.shape[1] / narrow).fill(narrow)))
            .map((piece, i) => scale(r, piece, i + 2))
            .reduce((a, b) => add(r, a, b)),
        reference: ({ x }) =>
          Float64Array.from({ length: rows * narrow }, (_, i) =>
            pieces.reduce((sum, piece) => sum + (piece + 2) * x[Math.floor(i / narrow) * width + piece * narrow + (i % narrow)], 0),
          ),
      })
    })
})

describe('reshape', () => {
  it('a gradient that two tensors share is not changed through the reshaped one', async () => {
    const [rows, width] = [6, 8]
    await checkOp(gpus, {
      inputs: {
        a: { shape: [rows, width], values: normals(51, rows * width), gradient: 'activation' },
        b: { shape: [rows, width], values: normals(52, rows * width), gradient: 'activation' },
      },
      // y = a + 3 b, where b goes through another shape and its gradient is scaled in place.
      record: (r, { a, b }) => {
        const [mine] = splitColumns(r, b, [width])
        return add(r, a, reshape(r, scale(r, reshape(r, mine, [rows * 2, width / 2]), 3), [rows, width]))
      },
      reference: ({ a, b }) => a.map((v, i) => v + 3 * b[i]),
    })
  })
})

describe('softCapInto', () => {
  for (const [cap, deviation] of [
    [30, 20],
    [0.5, 1],
    [50, 0.02],
    [1, 300],
  ])
    it(`cap ${cap} over values around ${deviation}`, () =>
      checkOp(gpus, {
        inputs: { x: { shape: [5, 68], values: normals(53, 5 * 68, deviation) } },
        record(r, { x }) {
          softCapInto(r, x, cap)
          return x
        },
        reference: ({ x }) => x.map((z) => cap * Math.tanh(z / cap)),
      }))
})
