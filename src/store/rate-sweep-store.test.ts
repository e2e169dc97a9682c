// The sweep of the page: its suggestion is taken with one call, and it ends when the person stops it.
import { expect, it } from 'vitest'
import { readyStudio } from '../testing/fake-studio'

it('sweeps, suggests a rate, and sets it; a stop leaves no suggestion', async () => {
  const studio = await readyStudio()
  await studio.rateSweep.start()
  const { sweep, suggestion, running } = studio.rateSweep.store.getState()
  expect([sweep?.trials.length, suggestion?.rate, running]).toEqual([8, 0.01, false])
  studio.rateSweep.take()
  expect(studio.setup.store.getState().training.learningRate).toBe(0.01)

  const stopped = studio.rateSweep.start()
  await studio.rateSweep.stop()
  await stopped
  expect(studio.rateSweep.store.getState()).toMatchObject({ running: false, suggestion: undefined })
  expect(studio.tasks.store.getState().failed).toBeUndefined()
})
