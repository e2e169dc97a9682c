// The base is checked when a person asks, and what was found is about the model that was checked.
import { expect, it } from 'vitest'
import type { BaseCheck } from '../config/base-check'
import { asWritten } from '../config/phrase'
import { makeStudio, modelFiles, readyStudio, until } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'

const found: BaseCheck = { sum: 'ab', tensors: 2, sizeBytes: 8, timeMs: 3, changed: ['a'], putBack: 1, reloaded: false }

it('says what was found until another model is opened', async () => {
  const studio = makeStudio({ checkBase: async () => ({ ok: true, value: found }) })
  await studio.openModel(modelFiles)
  await studio.baseCheck.start()
  expect(studio.baseCheck.store.getState()).toMatchObject({ check: found, trainedSince: false })
  await studio.openModel(modelFiles)
  expect(studio.baseCheck.store.getState().check).toBeUndefined()
})

it('a check of a model that was replaced meanwhile is not shown', async () => {
  let answer = (): void => undefined
  const studio = makeStudio({
    checkBase: () => new Promise((resolve) => (answer = () => resolve({ ok: true, value: found }))),
  })
  await studio.openModel(modelFiles)
  const checking = studio.baseCheck.start()
  await studio.openModel(modelFiles)
  answer()
  await checking
  expect(studio.baseCheck.store.getState().check).toBeUndefined()
})

it('says that a run has trained since, and why a check failed', async () => {
  let failing = false
  const studio = await readyStudio(memoryKeeping(), {
    checkBase: async () =>
      failing ? { ok: false, error: { kind: 'DeviceError', phrase: asWritten('no device') } } : { ok: true, value: found },
  })
  await studio.baseCheck.start()
  studio.start()
  await until(() => studio.runs.store.getState().runs[0]?.status === 'finished')
  expect(studio.baseCheck.store.getState()).toMatchObject({ check: found, trainedSince: true })
  failing = true
  await studio.baseCheck.start()
  expect(studio.baseCheck.store.getState().check).toBeUndefined()
  expect(studio.tasks.store.getState().failed).toEqual({ task: { kind: 'checking' }, reason: asWritten('no device') })
})
