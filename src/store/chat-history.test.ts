// Conversations outlive the page, stay apart from those of other tabs and models, and are gone once they are deleted.
import { expect, it } from 'vitest'
import { chatFields } from '../config/chat-fields'
import { defaults } from '../config/field'
import { type ChatRecords, chatRecords } from '../storage/chat-records'
import { makeStudio, modelFiles, until } from '../testing/fake-studio'
import { memoryStore } from '../testing/memory-store'
import type { EngineApi, GenerateReport, PickedFile } from '../worker/api'
import { memoryKeeping } from './keeping'
import { type ChatNote, type KeptChat, beyondBounds, mostChats, newestFirst, noteOf, parseKeptChat, writtenChat } from './kept-chat'
import { memoryLiving } from './living'
import { chats as en } from '../ui/text/en-chats'
import { chats as zh } from '../ui/text/zh-chats'
import { baseColumn } from './play-state'
import type { Studio } from './studio'

const otherModel: PickedFile[] = modelFiles.map(({ path }) => ({ path: path.replace('tiny', 'other'), file: new File(['{"a":1}'], path) }))

/** What IndexedDB has, and tabs over it. */
function browser() {
  const map = new Map<string, unknown>()
  const reads: string[] = []
  const stored = chatRecords(memoryStore(map))
  const records: ChatRecords = { ...stored, get: (id) => (reads.push(id), stored.get(id)) }
  const whole = (id: string): KeptChat => parseKeptChat(map.get(id))!
  const kept = (studio: Studio): KeptChat[] => listOf(studio).map(({ id }) => whole(id))
  return {
    map,
    /** Ids of the whole conversations that were read. */
    reads,
    whole,
    /** The conversations that a tab lists, as they are in IndexedDB. */
    kept,
    prompts: (studio: Studio): string[][] => kept(studio).map(({ turns }) => turns.map(({ prompt }) => prompt)),
    async tab(files = modelFiles, change: Partial<EngineApi> = {}): Promise<Studio> {
      const studio = makeStudio(change, memoryKeeping(), memoryLiving(), { chatRecords: records })
      mapOf.set(studio, map)
      await studio.chats.load()
      await studio.openModel(files)
      return studio
    },
  }
}

async function ask(studio: Studio, prompt: string): Promise<void> {
  studio.play.set({ prompt })
  await studio.play.run()
}

/** Until the prompt is in IndexedDB with its answer. */
async function say(studio: Studio, prompt: string): Promise<void> {
  const before = listOf(studio)
  await ask(studio, prompt)
  const isNew = ({ id, revision }: ChatNote): boolean => !before.some((each) => each.id === id && each.revision === revision)
  await until(() =>
    listOf(studio).some((note) => {
      const last = parseKeptChat(mapOf.get(studio)!.get(note.id))!.turns.at(-1)!
      return isNew(note) && last.prompt === prompt && last.answers[baseColumn] !== undefined
    }),
  )
}

const mapOf = new WeakMap<Studio, Map<string, unknown>>()
const listOf = (studio: Studio): readonly ChatNote[] => studio.chats.store.getState().all
const shown = (studio: Studio): string[] => studio.play.store.getState().turns.map(({ prompt }) => prompt)

it('a conversation is found after a reload, with its answers and settings, and continues in its own record', async () => {
  const { tab, map, kept, prompts } = browser()
  const first = await tab()
  first.play.setSetting('systemWords', 'Be short.')
  await say(first, 'one')
  await say(first, 'two')
  first.play.begin()
  await say(first, 'three')
  expect(prompts(first)).toEqual([['three'], ['one', 'two']])

  const second = await tab()
  expect(prompts(second)).toEqual([['three'], ['one', 'two']])
  const { id, changedAt, turns } = kept(second)[1]
  await second.chats.open(id)
  expect(second.play.store.getState()).toMatchObject({ turns, columns: [baseColumn], settings: { systemWords: 'Be short.' } })
  expect(turns[0].answers[baseColumn]).toMatchObject({ status: 'done', report: { asked: { form: 'template' } } })
  expect(kept(second)[1].changedAt).toBe(changedAt)
  await say(second, 'four')
  expect(prompts(second)).toEqual([['one', 'two', 'four'], ['three']])
  expect([...map.keys()].filter((key) => !key.startsWith('note/')).length).toBe(2)
})

it('with another model it is only shown, until its own model is open', async () => {
  const { tab, kept } = browser()
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
  const { tab, kept, prompts } = browser()
  const studio = await tab()
  await say(studio, 'one')
  studio.play.set({ prompt: 'two' })
  await studio.play.run()
  await studio.openModel(otherModel)
  await studio.chats.load()
  expect(prompts(studio)).toEqual([['one', 'two']])
  expect(kept(studio)[0].model.name).toBe('tiny')
  await say(studio, 'three')
  expect(kept(studio).map(({ model, turns }) => [model.name, turns.length])).toEqual([
    ['other', 1],
    ['tiny', 2],
  ])
})

it('two tabs that continue the same conversation both keep theirs', async () => {
  const { tab, prompts } = browser()
  const first = await tab()
  await say(first, 'one')
  const second = await tab()
  await second.chats.open(listOf(second)[0].id)
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
  // The first tab continues the conversation of the second.
  await first.chats.open(listOf(first)[0].id)
  await say(first, 'both')
  expect(prompts(first)).toEqual([
    ['one', 'here', 'on', 'both'],
    ['one', 'there', 'further'],
  ])
})

it('a conversation that is opened while the chat begins to answer is left alone', async () => {
  const { tab, whole, prompts } = browser()
  const studio = await tab()
  await say(studio, 'one')
  const [{ id }] = listOf(studio)
  const before = whole(id)
  studio.play.begin()
  await ask(studio, 'two')
  const opening = studio.chats.open(id)
  await Promise.all([opening, say(studio, 'three')])
  await until(() => prompts(studio)[0].length === 2)
  expect([shown(studio), whole(id)]).toEqual([['two', 'three'], before])
  expect(prompts(studio)).toEqual([['two', 'three'], ['one']])
})

it('what another tab has deleted does not come back with what is said after it', async () => {
  const { tab, map, prompts } = browser()
  const first = await tab()
  await say(first, 'one')
  await say(first, 'two')
  const second = await tab()
  await second.chats.removeAll()
  await first.play.retry()
  await ask(first, 'three')
  await until(() => map.size > 0)
  await first.chats.load()
  expect([shown(first), prompts(first)]).toEqual([['one', 'two', 'three'], [['three']]])
  await say(first, 'four')
  expect(prompts(first)).toEqual([['three', 'four']])
  expect(first.chats.store.getState().current).toBe(listOf(first)[0].id)
  await second.chats.open('gone')
  expect(second.chats.store.getState().problem).toBeDefined()
})

it('the list is read from notes, and a whole conversation when it is opened, or where it has no note', async () => {
  const { tab, map, reads } = browser()
  const first = await tab()
  await say(first, ` ${'a long  prompt '.repeat(20)}`)
  const [note] = listOf(first)
  const second = await tab()
  await second.chats.load()
  expect([listOf(second), reads]).toEqual([[note], []])
  expect(note).toMatchObject({ model: 'tiny', turns: 1, prompt: expect.stringMatching(/^a long prompt a.{105}…$/) })
  await second.chats.open(note.id)
  expect([shown(second).length, reads]).toEqual([1, [note.id]])
  map.delete(`note/${note.id}`)
  await second.chats.load()
  await second.chats.load()
  expect([listOf(second), reads.length]).toEqual([[note], 2])
})

it('a run that is deleted keeps its name and its answers in the conversation, but not those that it was writing', async () => {
  const { tab, kept } = browser()
  const going: ((text: string) => void)[] = []
  let waits = false
  const report = (text: string): GenerateReport => ({
    text,
    tokens: 1,
    tokensPerSecond: 1,
    promptTokens: 1,
    cachedTokens: 0,
    complete: true,
    asked: { form: 'template' },
  })
  const studio = await tab(modelFiles, {
    restoreAdapter: async () => ({ ok: true, value: { method: 'lora', settings: {} } }),
    promptLengths: async ({ runIds }) => ({ ok: true, value: runIds.map(() => ({ tokens: 3, most: 9 })) }),
    generate: async ({ runIds }) => {
      const text = waits ? await new Promise<string>((resolve) => going.push(resolve)) : 'first'
      return { ok: true, value: runIds.map(() => report(text)) }
    },
  })
  const find = studio.runs.find
  studio.runs.find = (id) => (id === 'other' ? ({ id, name: 'The other', files: [] } as unknown as ReturnType<typeof find>) : find(id))
  studio.play.beside('other')
  await say(studio, 'one')
  studio.runs.find = find
  waits = true
  const done = say(studio, 'two')
  await until(() => going.length > 0)
  studio.play.forget('other')
  going[0]('second')
  await done
  const [{ columns, turns }] = kept(studio)
  expect(columns).toEqual([
    { column: baseColumn, name: 'tiny' },
    { column: 'other', name: 'The other' },
  ])
  expect(turns.map(({ answers }) => [answers[baseColumn]?.text, answers.other?.text])).toEqual([
    ['first', 'first'],
    ['second', undefined],
  ])
  studio.play.begin()
  waits = false
  await studio.chats.open(listOf(studio)[0].id)
  expect(studio.play.store.getState().columns).toEqual([baseColumn])
  await say(studio, 'three')
  expect(kept(studio)[0].columns[1].name).toBe('The other')
  expect(kept(studio)[0].turns[0].answers.other.text).toBe('first')
})

it('a conversation that is only read is left for the chat when a run is chosen', async () => {
  const { tab } = browser()
  await say(await tab(), 'one')
  const other = await tab(otherModel)
  await other.chats.open(listOf(other)[0].id)
  other.play.show('run')
  expect(other.chats.store.getState().reading).toBeDefined()
  other.play.beside('run')
  expect(other.chats.store.getState().reading).toBeUndefined()
  await other.chats.open(listOf(other)[0].id)
  other.play.beside('run')
  expect(other.chats.store.getState().reading).toBeUndefined()
})

it('probabilities that are no numbers are kept, and weigh in the note', () => {
  const kept: KeptChat = {
    id: 'x',
    revision: 'r',
    createdAt: 1,
    changedAt: 2,
    model: { name: 'é' },
    asPrompt: true,
    settings: defaults(chatFields),
    columns: [{ column: baseColumn, name: 'é' }],
    turns: [{ prompt: 'é', answers: {} }],
  }
  const bytes = noteOf(kept).bytes
  expect(bytes).toBe(JSON.stringify(kept).length + 3)
  const pieces = { lengths: [1], probabilities: [NaN], alternatives: [[{ text: 'a', probability: NaN }]] }
  const report = { text: 'a', pieces, tokens: 1, tokensPerSecond: Infinity, promptTokens: 1, cachedTokens: 0, complete: true }
  const answer = { status: 'done' as const, text: 'a', report: { ...report, asked: { form: 'raw' as const } } }
  const uncertain: KeptChat = { ...kept, turns: [{ prompt: 'é', answers: { [baseColumn]: answer } }] }
  expect(parseKeptChat(writtenChat(uncertain).whole)).toEqual(uncertain)
  const note = noteOf(uncertain)
  expect(note.bytes - note.bareBytes).toBe(JSON.stringify(pieces).length + '"pieces":,'.length)
})

it('one or all can be deleted, also those that cannot be read and the one in the chat', async () => {
  const { tab, map, prompts } = browser()
  const studio = await tab()
  await say(studio, 'one')
  studio.play.begin()
  await say(studio, 'two')
  map.set('odd', { revision: 'x', version: 9 })
  await studio.chats.load()
  expect(studio.chats.store.getState().unreadable).toEqual(['odd'])
  await studio.chats.remove(listOf(studio)[0].id)
  expect([shown(studio), prompts(studio)]).toEqual([[], [['one']]])
  await say(studio, 'three')
  await say(await tab(), 'elsewhere')
  await studio.chats.removeAll()
  expect([shown(studio), prompts(studio), map.size]).toEqual([[], [], 0])
})

it('the number that is deleted with all has the one in the chat in it, once, whether it is written or not', async () => {
  const { tab } = browser()
  const studio = await tab()
  const { chats, play } = studio
  const said = () => [en, zh].map((text) => text.removeAllBody(`${chats.countAll()}`, chats.store.getState().current !== undefined))
  const asked = ask(studio, 'one')
  expect([listOf(studio).length, chats.countAll()]).toEqual([0, 1])
  const withCurrent = said()
  expect(withCurrent[0]).toBe('Number of conversations that are deleted from this browser: 1. One of them is in the chat now.')
  expect(withCurrent[1]).toBe('将从此浏览器中删除 1 段对话，包括当前对话。')
  await until(() => listOf(studio).length === 1)
  expect(said()).toEqual(withCurrent)
  await asked
  play.begin()
  expect(said()).toEqual(['Number of conversations that are deleted from this browser: 1.', '将从此浏览器中删除 1 段对话。'])
})

it('the oldest are deleted when there are too many, or too much, and probabilities before conversations', () => {
  const notes = (count: number, bytes: number, bareBytes = bytes) =>
    newestFirst(Array.from({ length: count }, (_, i) => ({ id: `${i}`, changedAt: i, bytes, bareBytes }) as ChatNote))
  expect(beyondBounds(notes(mostChats + 2, 1))).toEqual({ bare: [], gone: ['1', '0'] })
  expect(beyondBounds(notes(10, 2 ** 21))).toEqual({ bare: [], gone: ['0', '1'] })
  expect(beyondBounds(notes(10, 2 ** 21, 2 ** 20))).toEqual({ bare: ['0', '1', '2', '3'], gone: [] })
  expect(beyondBounds(notes(10, 2 ** 21, 2 ** 20), '1')).toEqual({ bare: ['0', '2', '3', '4'], gone: [] })
  expect(beyondBounds(notes(20, 2 ** 21, 2 ** 20)).gone).toEqual(['0', '1', '2', '3'])
})

it('probabilities of the oldest conversations are taken out of their records, and the rest stays', async () => {
  const { tab, map, whole, kept } = browser()
  const studio = await tab()
  await say(studio, 'one')
  const [chat] = kept(studio)
  const answer = chat.turns[0].answers[baseColumn]
  const pieces = { lengths: [1], probabilities: [0.5] }
  const large = { ...chat, turns: [{ prompt: 'one', answers: { [baseColumn]: { ...answer, report: { ...answer.report!, pieces } } } }] }
  for (let i = 0; i < 9; i++) {
    const { whole: record, note } = writtenChat({ ...large, id: `${i}`, changedAt: i })
    map.set(`${i}`, record).set(`note/${i}`, { ...note, bytes: 2 ** 21 })
  }
  await studio.chats.load()
  expect(listOf(studio).map(({ id, bytes, bareBytes }) => [id, bytes > bareBytes])).toEqual([
    [chat.id, false],
    ...[8, 7, 6, 5, 4, 3, 2, 1, 0].map((i) => [`${i}`, i > 1]),
  ])
  expect(whole('0')).toMatchObject({ revision: chat.revision, turns: [{ answers: { [baseColumn]: { text: answer.text } } }] })
  expect(whole('0').turns[0].answers[baseColumn].report!.pieces).toBeUndefined()
  expect(whole('2').turns[0].answers[baseColumn].report!.pieces).toEqual(pieces)
})

it('a failure of storage is shown, and the chat still works', async () => {
  const records = chatRecords(() => Promise.reject(new DOMException('full', 'QuotaExceededError')))
  const studio = makeStudio({}, memoryKeeping(), memoryLiving(), { chatRecords: records })
  await studio.openModel(modelFiles)
  studio.play.set({ prompt: 'one' })
  await studio.play.run()
  await until(() => studio.chats.store.getState().problem !== undefined)
  expect(studio.play.store.getState().turns[0].answers[baseColumn]?.status).toBe('done')
})
