// A run whose memory the device refused when it started is set up again with a change that makes it fit.
import { expect, it } from 'vitest'
import { readyStudio } from '../testing/fake-studio'
import { memoryRefused } from './run-ways'

it('finds ways for a refused run, and takes one with the settings of that run', async () => {
  const studio = await readyStudio()
  const id = studio.start() ?? ''
  await expect.poll(() => studio.runs.find(id)?.status).toBe('finished')
  const run = { ...studio.runs.find(id)!, status: 'failed' as const, errorSettings: ['memoryBudget'] }
  expect([memoryRefused(run), memoryRefused({ ...run, errorSettings: [] })]).toEqual([true, false])
  studio.setup.setTrainingValue('batchSize', 1)
  await studio.runWays.find(run)
  const { runId, ways } = studio.runWays.store.getState()
  expect([runId, ways?.length]).toEqual([id, 2])
  await studio.runWays.take(run, ways![0])
  expect(studio.setup.store.getState().training).toMatchObject({ batchSize: run.config.training.batchSize, ...ways![0].change.training })
})
