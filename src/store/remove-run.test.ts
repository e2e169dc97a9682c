// A run goes everywhere at once.
import { describe, expect, it } from 'vitest'
import { readyStudio } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'

describe('a deleted run', () => {
  it('puts a kept adapter back before a chat with it, and deletes it everywhere', async () => {
    const keeping = memoryKeeping()
    const id = await readyStudio(keeping).then(async (studio) => {
      const started = studio.start() ?? ''
      await studio.queue.done(started)
      return started
    })
    const again = await readyStudio(keeping)
    await again.runs.load()
    again.play.show(id)
    again.play.set({ prompt: 'Say 3' })
    await again.play.run()
    expect(again.play.store.getState().turns[0].answers[id]).toMatchObject({ status: 'done', text: expect.stringContaining('inform(') })
    await again.remove(id)
    expect((await keeping.runs()).runs).toEqual([])
    expect(again.play.store.getState().columns).toEqual(['base'])
  })
})
