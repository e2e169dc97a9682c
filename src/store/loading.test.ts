// Model and data are read one after another, and what was there stays until the new is.
import { describe, expect, it } from 'vitest'
import { saying } from '../testing/saying'
import { readyStudio } from '../testing/fake-studio'

describe('a model', () => {
  it('keeps the model that is there when another one cannot be loaded', async () => {
    const studio = await readyStudio()
    const before = studio.model.store.getState().report
    expect(await studio.openModel([{ path: 'config.json', file: new File([], 'config.json') }])).toBe(false)
    expect(studio.model.store.getState().report).toBe(before)
    expect(studio.model.store.getState().error).toEqual(saying('expected a .gguf file'))
  })

  it('has defaults that it can be trained with, also if it takes less than the usual length', async () => {
    const studio = await readyStudio()
    expect(studio.setup.store.getState().context).toBe(512)
    studio.setup.setContext(64)
    studio.setup.reset()
    expect(studio.setup.store.getState().training.maxLength).toBe(64)
  })

  it('uses the base precision of a preset and reloads it before the run', async () => {
    const studio = await readyStudio()
    studio.setup.choose('qlora')
    studio.setup.setTrainingValue('steps', 3)
    expect(studio.readiness.getState().base).toBe('nf4-dq')
    const id = studio.start()
    const run = await studio.queue.done(id ?? '')
    expect(run?.status).toBe('finished')
    expect(studio.model.store.getState().report?.base).toBe('nf4-dq')
  })
})
