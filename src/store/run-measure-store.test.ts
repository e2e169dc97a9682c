// A run is measured before it starts, and takes a number of rows with one call.
import { expect, it } from 'vitest'
import { readyStudio } from '../testing/fake-studio'

it('measures the run as set, then several sizes, and takes one; a stop keeps what was measured', async () => {
  const { runMeasure, setup, tasks } = await readyStudio()
  setup.setTrainingValue('batchSize', 8)
  await runMeasure.start(false)
  expect(runMeasure.store.getState()).toMatchObject({ running: false, measure: { sizes: [{ rows: 8, accumulate: 1 }] } })

  await runMeasure.start(true)
  const { measure, about } = runMeasure.store.getState()
  expect(measure?.sizes.map(({ rows, accumulate }) => [rows, accumulate])).toEqual([
    [1, 8],
    [2, 4],
    [4, 2],
    [8, 1],
    [16, 1],
  ])
  runMeasure.take(measure!.sizes[1])
  expect(setup.store.getState().training).toMatchObject({ batchSize: 2, accumulate: 4 })
  expect(runMeasure.about()).toBe(about)
  runMeasure.take(measure!.sizes[4])
  expect(setup.store.getState().training).toMatchObject({ batchSize: 16, accumulate: 1 })
  expect(runMeasure.about()).not.toBe(about)

  const stopped = runMeasure.start(true)
  await runMeasure.stop()
  await stopped
  expect(runMeasure.store.getState()).toMatchObject({ running: false, measure: { sizes: [], now: undefined } })
  expect(tasks.store.getState().failed).toBeUndefined()
})
