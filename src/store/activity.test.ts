// Who holds the engine is told while it does, and no longer.
import { describe, expect, it } from 'vitest'
import { createFakeEngine } from '../testing/fake-engine'
import { dataFile, makeStudio, modelFiles, readyStudio } from '../testing/fake-studio'
import { createStore } from 'zustand/vanilla'
import { createDerived } from './derived'
import { memoryKeeping } from './keeping'
import type { Studio } from './studio'

/** What was held and read while `act` went on, each change once. */
async function during(studio: Studio, act: () => unknown): Promise<string[]> {
  const told: string[] = []
  const stop = studio.activity.subscribe(({ holder, reading, training }) =>
    told.push([holder ?? 'free', ...(reading ? [reading] : []), ...(training ? ['training'] : [])].join(' ')),
  )
  await act()
  stop()
  return told
}

describe('the engine is held', () => {
  it('by nobody while model and data are read, which another choice replaces', async () => {
    const studio = makeStudio()
    await studio.device.check({ secure: true, hasWebGpu: true })
    expect(await during(studio, () => studio.openModel(modelFiles))).toEqual(['free model', 'free'])
    expect(await during(studio, () => studio.openData(dataFile()))).toEqual(['free data', 'free'])
    expect(await during(studio, () => studio.openModel(modelFiles))).toEqual(['free model', 'free', 'free data', 'free'])
  })

  it('by runs from the first to the last', async () => {
    const studio = await readyStudio()
    const ids: string[] = []
    expect(
      await during(studio, async () => {
        ids.push(studio.start() ?? '', studio.start() ?? '')
        expect(studio.activity.getState()).toMatchObject({ holder: 'run', runId: ids[0], training: true })
        await studio.queue.done(ids[0])
        expect(studio.activity.getState().runId).toBe(ids[1])
        await studio.queue.done(ids[1])
      }),
    ).toEqual(['run training', 'run training', 'free'])
  })

  it('by work on an adapter, under its name', async () => {
    const studio = await readyStudio()
    const id = studio.start() ?? ''
    await studio.queue.done(id)
    const acts = {
      evaluating: () => studio.evaluate(id),
      merging: () => studio.merge(id, 'f16', () => expect(studio.activity.getState().runId).toBe(id)),
      combining: () => studio.combine([{ runId: id, weight: 1 }], 'cat'),
      continuing: () => studio.goOn(id),
    }
    for (const [name, act] of Object.entries(acts)) expect(await during(studio, act)).toEqual([name, 'free'])
  })

  it('by answers, a benchmark and the demo', async () => {
    const studio = await readyStudio(memoryKeeping(), createFakeEngine({ beatMs: 0 }))
    expect(await during(studio, () => studio.answers.run())).toEqual(['answers', 'free'])
    studio.play.set({ prompt: 'Say 3' })
    expect(await during(studio, () => studio.play.run())).toEqual(['answering', 'free'])
    expect(await during(studio, () => studio.bench.start({ machine: 'm', only: '', extent: 'quick' }))).toEqual(['benchmark', 'free'])
    const told = await during(studio, () => studio.demo.start())
    expect(told[0]).toBe('demo')
    expect(told.at(-1)).toBe('free')
    expect(told.indexOf('free')).toBe(told.length - 1)
  })
})

describe('a derived store', () => {
  it('changes when its content changes, and stays the same object otherwise', () => {
    const source = createStore(() => ({ n: 1, other: 0 }))
    const derived = createDerived([source], () => ({ even: source.getState().n % 2 === 0, list: [1] }))
    let changes = 0
    derived.subscribe(() => changes++)
    const before = derived.getState()
    source.setState({ other: 5 })
    source.setState({ n: 3 })
    expect([changes, derived.getState() === before]).toEqual([0, true])
    source.setState({ n: 4 })
    expect([changes, derived.getState()]).toEqual([1, { even: true, list: [1] }])
  })
})
