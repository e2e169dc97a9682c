// The adapter that is kept beside the last one is named by the step that it is from.
import { expect, it } from 'vitest'
import { createFakeEngine } from '../testing/fake-engine'
import { missingOf, readyStudio, until } from '../testing/fake-studio'
import type { EngineApi, TrainEvent } from '../worker/api'
import { memoryKeeping } from './keeping'

it('a best adapter that is older than the best evaluation has its own step', async () => {
  const fake = createFakeEngine({ beatMs: 0 })
  const lowestAt4 = (event: TrainEvent): TrainEvent =>
    event.type === 'eval' ? { ...event, metrics: { ...event.metrics, evalLoss: event.metrics.step === 4 ? 1 : 2 } } : event
  // Storage had no room for the adapter of step 4, so that of step 2 is still there.
  const engine: Partial<EngineApi> = {
    ...fake,
    train: (id, config, onEvent, keeping) => fake.train(id, config, (events) => onEvent(events.map(lowestAt4)), keeping),
    adapterFiles: async (id, kind) => {
      const found = await fake.adapterFiles(id)
      return found.ok && kind === 'best' ? { ok: true, value: { ...found.value, step: 2 } } : found
    },
  }
  const studio = await readyStudio(memoryKeeping(), engine)
  studio.setup.setTrainingValue('evalEvery', 2)
  await until(() => missingOf(studio) === undefined)
  const id = studio.start()!
  await until(() => studio.runs.find(id)?.status === 'finished')
  expect(studio.runs.find(id)).toMatchObject({ bestEval: { step: 4 }, best: { step: 2 } })
})
