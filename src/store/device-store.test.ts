// The three ways of having no WebGPU.
import { describe, expect, it } from 'vitest'
import { saying } from '../testing/saying'
import { unzipBlob } from '../storage/unzip'
import { createFakeEngine } from '../testing/fake-engine'
import { makeStudio } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'
import { createStudio } from './studio'

describe('the device', () => {
  it('tells the three ways of having no WebGPU apart', async () => {
    const studio = makeStudio()
    await studio.device.check({ secure: false, hasWebGpu: false })
    expect(studio.device.store.getState().problem).toBe('insecure')
    await studio.device.check({ secure: true, hasWebGpu: false })
    expect(studio.device.store.getState().problem).toBe('browser')
    const bare = createStudio({
      engine: createFakeEngine({ beatMs: 0, withoutAdapter: true }),
      keeping: memoryKeeping(),
      unzip: unzipBlob,
      fetchDemoFile: async () => new File([], ''),
    })
    await bare.device.check({ secure: true, hasWebGpu: true })
    expect(bare.device.store.getState()).toMatchObject({ problem: 'adapter', error: saying('WebGPU adapter') })
  })
})
