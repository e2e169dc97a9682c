// The first steps of a run are taken with both precisions, and one is chosen with one call.
import { expect, it } from 'vitest'
import { priceOf } from '../config/precision-trial'
import { readyStudio } from '../testing/fake-studio'

it('compares both precisions and takes one; another setting makes the comparison about another run', async () => {
  const { precisionTrials, setup } = await readyStudio()
  await precisionTrials.start()
  const { trials, about, running } = precisionTrials.store.getState()
  expect(running).toBe(false)
  expect(trials!.map(({ precision, losses }) => [precision, losses.length])).toEqual([
    ['exact', 20],
    ['fast', 20],
  ])
  expect(priceOf(trials!)!.speed).toBe(1.5)

  precisionTrials.take('fast')
  expect(setup.store.getState().training.precision).toBe('fast')
  expect(precisionTrials.about()).toBe(about)
  setup.setTrainingValue('learningRate', 0.5)
  expect(precisionTrials.about()).not.toBe(about)
})

it('a stop leaves no half of a comparison and is no failure', async () => {
  const { precisionTrials, tasks } = await readyStudio()
  const stopped = precisionTrials.start()
  await precisionTrials.stop()
  await stopped
  expect(precisionTrials.store.getState()).toMatchObject({ running: false, trials: undefined })
  expect(tasks.store.getState().failed).toBeUndefined()
})
