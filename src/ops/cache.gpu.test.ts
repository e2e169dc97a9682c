import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { cacheWriteReference } from '../testing/reference/cache'
import { cacheWrite } from './cache'

const gpus = testGpus()

describe('cacheWrite', () => {
  for (const [longest, tokens, at, width] of [
    [5, 1, 0, 4],
    [70, 1, 69, 12],
    [70, 65, 5, 68],
  ])
    it(`${tokens} rows of ${width} at ${at} of ${longest}`, () =>
      checkOp(gpus, {
        inputs: {
          at: { shape: [1], values: new Uint32Array([at]) },
          x: { shape: [tokens, width], values: normals(60, tokens * width) },
          cache: { shape: [longest, width], values: normals(61, longest * width) },
        },
        record(r, { at, x, cache }) {
          cacheWrite(r, at, x, cache)
          return cache
        },
        reference: ({ x, cache }) => cacheWriteReference(cache, x, at, width),
      }))
})
