// An adapter that storage has no room for stays in the engine until there is room.
import { expect, it } from 'vitest'
import { FormatError } from '../config/errors'
import { say, sentence } from '../config/phrase'
import { readyStudio, until } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'

/** Keeping that has no room for adapters while `full`. */
function fullKeeping() {
  const keeping = memoryKeeping()
  const state = { full: true, ...keeping }
  state.saveRun = async (kept, adapters = {}) => {
    if (state.full && adapters.last) throw new FormatError(say`storage: expected room, got none.`)
    return keeping.saveRun(kept, adapters)
  }
  return state
}

it('an adapter without room is said, can be downloaded, and is kept after a deletion', async () => {
  const keeping = fullKeeping()
  const studio = await readyStudio(keeping)
  const [first, second] = [studio.start()!, studio.start()!]
  await until(() => studio.runs.find(second)?.status === 'finished')
  expect(sentence(studio.runs.find(first)!.unkept!)).toBe('storage: expected room, got none.')
  // Nothing says that the adapter is kept.
  expect((await keeping.runs()).runs.map(({ run }) => run.unkept !== undefined)).toEqual([true, true])
  await expect(keeping.adapter(first)).rejects.toThrow(/not saved/)
  expect((await studio.adapters.of(first))?.files.length).toBeGreaterThan(2)
  expect(await studio.adapters.keepAgain()).toBe(false)
  keeping.full = false
  await studio.remove(second)
  expect(studio.runs.find(first)?.unkept).toBeUndefined()
  expect((await keeping.adapter(first)).files.length).toBeGreaterThan(2)
  expect((await keeping.runs()).runs.map(({ run }) => [run.status, run.unkept])).toEqual([['finished', undefined]])
})

it('the record of a run that ended comes with its adapter', async () => {
  const keeping = memoryKeeping()
  const saved: [string, string[]][] = []
  const studio = await readyStudio({
    ...keeping,
    saveRun: async (kept, adapters = {}) => {
      saved.push([kept.run.status, Object.keys(adapters)])
      return keeping.saveRun(kept, adapters)
    },
  })
  const id = studio.start()!
  await until(() => studio.runs.find(id)?.status === 'finished')
  expect(saved.findIndex(([status]) => status === 'finished')).toBe(saved.findIndex(([, kinds]) => kinds.includes('last')))
})
