// What happens around a run.
import { describe, expect, it } from 'vitest'
import { asWritten } from '../config/phrase'
import { createFakeEngine } from '../testing/fake-engine'
import { missingOf, modelFiles, readyStudio, until } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'

describe('after a run', () => {
  it('offers the model again when the device was lost under a run', async () => {
    const fake = createFakeEngine({ beatMs: 0 })
    let lost = false
    const gone = {
      ok: false,
      error: { kind: 'DeviceError', phrase: asWritten('device: expected it to stay, got lost. Load the model again.') },
    } as const
    const studio = await readyStudio(memoryKeeping(), {
      ...fake,
      train: async () => {
        lost = true
        return gone
      },
      device: async () => (lost ? gone : fake.device()),
    })
    await studio.queue.done(studio.start() ?? '')
    await until(() => studio.model.store.getState().report === undefined)
    expect(studio.model.store.getState()).toMatchObject({ error: gone.error.phrase, files: modelFiles })
    expect(missingOf(studio)).toBe('model')
    lost = false
    await studio.openModel(studio.model.store.getState().files)
    await until(() => missingOf(studio) === undefined)
  })
})
