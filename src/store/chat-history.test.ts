// Conversations outlive the page, stay apart from those of other tabs and models, and are gone once they are deleted.
import { expect, it } from 'vitest'
import { chatRecords } from '../storage/chat-records'
import { makeStudio, modelFiles, until } from '../testing/fake-studio'
import { memoryStore } from '../testing/memory-store'
import type { PickedFile } from '../worker/api'
import { memoryKeeping } from './keeping'
import { type KeptChat, beyondBounds, mostChats, newestFirst } from './kept-chat'
import { memoryLiving } from './living'
import { baseColumn } from './play-state'
import type { Studio } from './studio'

const otherModel: PickedFile[] = modelFiles.map(({ path }) => ({ path: path.replace('tiny', 'other'), file: new File(['{"a":1}'], path) }))

/** What IndexedDB has, and tabs over it. */
function browser() {
  const map = new Map<string, unknown>()
  const records = chatRecords(memoryStore(map))
  return {
    map,
    async tab(files = modelFiles): Promise<Studio> {
      const studio = makeStudio({}, memoryKeeping(), memoryLiving(), { chatRecords: records })
      await studio.chats.load()
      await studio.openModel(files)
      return studio
    },
  }
}

async function say(studio: Studio, prompt: string): Promise<void> {
  studio.play.set({ prompt })
  await studio.play.run()
  await until(() => kept(studio).some(({ turns }) => turns.at(-1)!.prompt === prompt && turns.at(-1)!.answers[baseColumn] !== undefined))
}

const kept = (studio: Studio): readonly KeptChat[] => studio.chats.store.getState().all
const prompts = (studio: Studio): string[][] => kept(studio).map(({ turns }) => turns.map(({ prompt }) => prompt))
const shown = (studio: Studio): string[] => studio.play.store.getState().turns.map(({ prompt }) => prompt)

it('a conversation is found after a reload, with its answers and settings, and goes on in its own record', async () => {
  const { tab, map } = browser()
  const first = await tab()
  first.play.setSetting('systemWords', 'Be short.')
  await say(first, 'one')
  await say(first, 'two')
  first.play.begin()
  await say(first, 'three')
  expect(prompts(first)).toEqual([['three'], ['one', 'two']])

  const second = await tab()
  expect(prompts(second)).toEqual([['three'], ['one', 'two']])
  const { id, changedAt, turns } = kept(second)[1]!
  await second.chats.open(id)
  expect(second.play.store.getState()).toMatchObject({ turns, columns: [baseColumn], settings: { systemWords: 'Be short.' } })
  expect(turns[0].answers[baseColumn]).toMatchObject({ status: 'done', report: { asked: { form: 'template' } } })
  expect(kept(second)[1]!.changedAt).toBe(changedAt)
  await say(second, 'four')
  expect(prompts(second)).toEqual([['one', 'two', 'four'], ['three']])
  expect(map.size).toBe(2)
})

it('with another model it is only shown, until its own model is open', async () => {
  const { tab } = browser()
  await say(await tab(), 'one')
  const other = await tab(otherModel)
  const [{ id, model }] = kept(other)
  await other.chats.open(id)
  expect(other.chats.store.getState().reading).toMatchObject({ id, model: { name: 'tiny' } })
  expect(model.fingerprint).not.toBe(other.model.store.getState().report?.fingerprint)
  expect(shown(other)).toEqual([])
  await other.openModel(modelFiles)
  await other.chats.open(id)
  expect(other.chats.store.getState().reading).toBeUndefined()
  expect(shown(other)).toEqual(['one'])
})

it('a conversation that is left because another model is opened is kept with its own model', async () => {
  const { tab } = browser()
  const studio = await tab()
  await say(studio, 'one')
  studio.play.set({ prompt: 'two' })
  await studio.play.run()
  await studio.openModel(otherModel)
  await studio.chats.load()
  expect(prompts(studio)).toEqual([['one', 'two']])
  expect(kept(studio)[0]!.model.name).toBe('tiny')
  await say(studio, 'three')
  expect(kept(studio).map(({ model, turns }) => [model.name, turns.length])).toEqual([
    ['other', 1],
    ['tiny', 2],
  ])
})

it('two tabs that continue the same conversation both keep theirs', async () => {
  const { tab } = browser()
  const first = await tab()
  await say(first, 'one')
  const second = await tab()
  await second.chats.open(kept(second)[0]!.id)
  await say(second, 'here')
  await say(first, 'there')
  await first.chats.load()
  await say(first, 'further')
  await second.chats.load()
  expect(prompts(second)).toEqual([
    ['one', 'there', 'further'],
    ['one', 'here'],
  ])
  await say(second, 'on')
  await first.chats.load()
  expect(prompts(first)).toEqual([
    ['one', 'here', 'on'],
    ['one', 'there', 'further'],
  ])
})

it('one or all can be deleted, also those that cannot be read and the one in the chat', async () => {
  const { tab, map } = browser()
  const studio = await tab()
  await say(studio, 'one')
  studio.play.begin()
  await say(studio, 'two')
  map.set('odd', { revision: 'x', version: 9 })
  await studio.chats.load()
  expect(studio.chats.store.getState().unreadable).toEqual(['odd'])
  await studio.chats.remove(kept(studio)[0]!.id)
  expect([shown(studio), prompts(studio)]).toEqual([[], [['one']]])
  await say(studio, 'three')
  await say(await tab(), 'elsewhere')
  await studio.chats.removeAll()
  expect([shown(studio), prompts(studio), map.size]).toEqual([[], [], 0])
})

it('the oldest go when there are too many, or too much', () => {
  const many = Array.from({ length: mostChats + 2 }, (_, i) => ({ id: `${i}`, changedAt: i, chars: 1 }) as KeptChat)
  expect(beyondBounds(newestFirst(many)).map(({ id }) => id)).toEqual(['1', '0'])
  const large = Array.from({ length: 10 }, (_, i) => ({ id: `${i}`, changedAt: i, chars: 2 ** 21 }) as KeptChat)
  expect(beyondBounds(newestFirst(large)).map(({ id }) => id)).toEqual(['1', '0'])
})

it('storage that fails is said, and the chat goes on', async () => {
  const records = chatRecords(() => Promise.reject(new DOMException('full', 'QuotaExceededError')))
  const studio = makeStudio({}, memoryKeeping(), memoryLiving(), { chatRecords: records })
  await studio.openModel(modelFiles)
  studio.play.set({ prompt: 'one' })
  await studio.play.run()
  await until(() => studio.chats.store.getState().problem !== undefined)
  expect(studio.play.store.getState().turns[0].answers[baseColumn]?.status).toBe('done')
})
