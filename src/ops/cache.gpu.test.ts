import { describe, expect, it } from 'vitest'
import { Recorder } from '../tensor/recorder'
import { assertClose } from '../testing/closeness'
import { testGpus } from '../testing/device'
import { packHalves, unpackHalves } from '../testing/halves'
import { normals } from '../testing/random'
import { cacheWriteReference } from '../testing/reference/cache'
import { held, runRecorded } from '../testing/run-recorded'
import { tapeKernels } from './add'
import { cacheWrite } from './cache'

const gpus = testGpus()
/** The error of a half is at most 2^-11 of the value, or 2^-24 near 0. Drivers may round up or down. */
const rounded = { rtol: 2 ** -10, atol: 2 ** -24 }

async function written(x: Float32Array<ArrayBuffer>, before: Float32Array, at: readonly number[], longest: number, width: number) {
  const tensors = {
    at: held('at', [at.length], new Uint32Array(at)),
    x: held('x', [x.length / width, width], x),
    cache: held('cache', [at.length * longest, width / 2], packHalves(before)),
  }
  const { gpu } = gpus[0]
  const r = new Recorder(gpu.profile, tapeKernels)
  cacheWrite(r, tensors.at.tensor, tensors.x.tensor, tensors.cache.tensor)
  const read = await runRecorded(gpu, r.launches, Object.values(tensors), 'apart')
  const floats = read(tensors.cache.tensor)
  return unpackHalves(new Uint32Array(floats.buffer, floats.byteOffset, floats.length))
}

describe('cacheWrite', () => {
  for (const [longest, tokens, at, width] of [
    [5, 1, [0], 4],
    [70, 1, [69, 3], 12],
    [70, 65, [5], 68],
    [9, 3, [0, 6, 4], 8],
  ] as const)
    it(`${tokens} rows of ${width} at ${at.join(', ')} of ${longest}`, async () => {
      const [x, before] = [normals(60, at.length * tokens * width), normals(61, at.length * longest * width)]
      const got = await written(x, before, at, longest, width)
      assertClose('cache', got, cacheWriteReference(unpackHalves(packHalves(before)), x, at, width), rounded)
    })

  it('stores values that halves cannot hold as the largest half', async () => {
    const got = await written(Float32Array.of(1e6, -1e6, 65504, 300.1), new Float32Array(4), [0], 1, 4)
    expect([...got.subarray(0, 3)]).toEqual([65504, -65504, 65504])
    assertClose('300.1', [got[3]], [300.1], rounded)
  })
})
