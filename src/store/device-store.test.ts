// The three ways of having no WebGPU, and a device that is lost.
import { describe, expect, it } from 'vitest'
import { asWritten } from '../config/phrase'
import { saying } from '../testing/saying'
import { unzipBlob } from '../storage/unzip'
import { WorkbenchHost } from '../worker/workbench-host'
import { createFakeEngine } from '../testing/fake-engine'
import { makeStudio, missingOf, modelFiles, readyStudio, until } from '../testing/fake-studio'
import type { DeviceNews } from '../worker/api'
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
      workbench: new WorkbenchHost(),
      fetchDemoFile: async () => new File([], ''),
    })
    await bare.device.check({ secure: true, hasWebGpu: true })
    expect(bare.device.store.getState()).toMatchObject({ problem: 'adapter', error: saying('WebGPU adapter') })
  })
})

describe('a lost device', () => {
  const error = { kind: 'DeviceLost', phrase: asWritten('graphics device: lost.') } as const

  async function watched() {
    let tell: (news: DeviceNews) => void = () => undefined
    const studio = await readyStudio(memoryKeeping(), {
      watch(onNews) {
        tell = onNews
        return new Promise(() => undefined)
      },
    })
    return { studio, tell: (news: DeviceNews) => tell(news) }
  }

  it('is shown as recovering until it is back, with its model', async () => {
    const { studio, tell } = await watched()
    const { report } = studio.model.store.getState()
    const device = studio.device.store.getState().report!
    tell({ type: 'recovering' })
    expect(studio.device.store.getState().recovering).toEqual({})
    tell({ type: 'recovering', leftMs: 120_000 })
    expect(studio.device.store.getState().recovering).toEqual({ leftMs: 120_000 })
    tell({ type: 'recovered', report: { ...device, name: 'another' } })
    expect(studio.device.store.getState()).toMatchObject({ status: 'ready', recovering: undefined, report: { name: 'another' } })
    expect(studio.model.store.getState().report).toBe(report)
    expect(missingOf(studio)).toBeUndefined()
  })

  it('takes the model with it if its files cannot be read again; one click loads it', async () => {
    const { studio, tell } = await watched()
    tell({ type: 'recovering' })
    tell({ type: 'dropped', error, report: studio.device.store.getState().report! })
    expect(studio.device.store.getState()).toMatchObject({ status: 'ready', recovering: undefined })
    expect(studio.model.store.getState()).toMatchObject({ report: undefined, error: error.phrase, files: modelFiles })
    expect(missingOf(studio)).toBe('model')
    await studio.openModel(studio.model.store.getState().files)
    await until(() => missingOf(studio) === undefined)
  })

  it('that does not come back says so, and asking again is offered', async () => {
    const { studio, tell } = await watched()
    tell({ type: 'gone', error })
    expect(studio.device.store.getState()).toMatchObject({ status: 'refused', problem: 'adapter', error: error.phrase })
    expect(studio.model.store.getState().report).toBeUndefined()
    await studio.device.check({ secure: true, hasWebGpu: true })
    expect(studio.device.store.getState().status).toBe('ready')
  })
})
