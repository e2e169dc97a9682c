import { expect, test } from 'vitest'
import { say } from '../config/phrase'
import { createFakeEngine } from '../testing/fake-engine'
import { readyStudio, until } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'
import type { EngineApi, Result, WayToFit } from '../worker/api'

test('ways to fit that are found for former settings are not shown', async () => {
  const engine = createFakeEngine({ beatMs: 0 })
  let fits = true
  const answers: ((ways: Result<WayToFit[]>) => void)[] = []
  const estimate: EngineApi['estimate'] = async (config) => {
    const found = await engine.estimate(config)
    return fits || !found.ok ? found : { ok: true, value: { ...found.value, problem: say`too large`, roomBytes: 1 } }
  }
  const { setup } = await readyStudio(memoryKeeping(), {
    ...engine,
    estimate,
    waysToFit: () => new Promise((resolve) => answers.push(resolve)),
  })
  fits = false
  setup.setTrainingValue('batchSize', 2)
  await until(() => answers.length === 1)
  const found: Result<WayToFit[]> = { ok: true, value: [{ words: say`a way`, price: say`free`, bytes: 1, change: {} }] }
  setup.setTrainingValue('batchSize', 3)
  answers[0](found)
  await until(() => answers.length === 2)
  expect(setup.store.getState().ways).toBeUndefined()
  answers[1](found)
  await until(() => setup.store.getState().ways?.length === 1)
})
