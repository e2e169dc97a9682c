// Several turns: each column continues with its own answers.
import { expect, it } from 'vitest'
import { asWritten } from '../config/phrase'
import { dataFile, makeStudio, modelFiles, until } from '../testing/fake-studio'
import type { EngineApi, GenerateReport, GenerateRequest } from '../worker/api'
import { baseColumn } from './play-state'

const report = (text: string): GenerateReport => ({
  text,
  tokens: 1,
  tokensPerSecond: 1,
  promptTokens: 1,
  cachedTokens: 0,
  complete: true,
  asked: { form: 'template' },
})

/** An engine that counts its answers, and says whom it was asked for. */
function counting() {
  const requests: GenerateRequest[] = []
  const engine: Partial<EngineApi> = {
    restoreAdapter: async () => ({ ok: true, value: { method: 'lora', settings: {} } }),
    promptLengths: async ({ prompt, runIds }) => {
      const problem = (runId?: string) => (prompt === 'long' && runId ? { problem: asWritten('too long') } : { tokens: 3, most: 9 })
      return { ok: true, value: runIds.map(problem) }
    },
    generate: async (request) => {
      requests.push(request)
      return { ok: true, value: request.runIds.map((runId) => report(`${runId ?? 'base'} ${requests.length}`)) }
    },
  }
  return { requests, engine }
}

async function chatting() {
  const { requests, engine } = counting()
  const studio = makeStudio(engine)
  await studio.openModel(modelFiles)
  const say = async (prompt: string) => {
    studio.play.set({ prompt })
    await studio.play.run()
  }
  const { play } = studio
  const said = () => play.store.getState().turns.map(({ prompt, answers }) => [prompt, answers[baseColumn]?.text, answers.other?.text])
  return { requests, play, say, said }
}

it('a model continues with its own answers, and one that is added later answers the earlier turns first', async () => {
  const { requests, play, say, said } = await chatting()
  await say('one')
  play.show('other')
  await say('two')
  expect(said()).toEqual([
    ['one', 'base 1', 'other 2'],
    ['two', 'base 3', 'other 3'],
  ])
  expect(requests[2]).toMatchObject({
    prompt: 'two',
    runIds: [undefined, 'other'],
    earlier: [[{ prompt: 'one', answer: 'base 1' }], [{ prompt: 'one', answer: 'other 2' }]],
  })
  play.setSetting('stops', 'END\n\n\\nQ:')
  play.setSetting('topK', 4)
  await play.retry()
  expect(requests[3]).toMatchObject({ prompt: 'two', seed: 0, topK: 4, stops: ['END', '\nQ:'], earlier: requests[2].earlier })
  play.setSetting('temperature', 0.5)
  await play.retry()
  expect(requests[4].seed).toBe(1)
})

it('an edited turn replaces those after it when it is sent, and not before', async () => {
  const { requests, play, say, said } = await chatting()
  await say('one')
  await say('two')
  play.edit(0)
  expect(play.store.getState().prompt).toBe('one')
  play.leaveEditing()
  expect(said().length).toBe(2)
  play.edit(0)
  await say('other one')
  expect(said()).toEqual([['other one', 'base 3', undefined]])
  expect(requests[2].earlier).toEqual([[]])
  play.begin()
  expect(said()).toEqual([])
})

it('a model that cannot take a prompt says why, the others answer, and it is asked what comes after without that prompt', async () => {
  const { requests, play, say, said } = await chatting()
  play.beside('other')
  await say('long')
  expect(play.store.getState().turns[0].answers.other).toMatchObject({ status: 'failed', error: asWritten('too long') })
  await say('next')
  expect(said()).toEqual([
    ['long', 'base 1', ''],
    ['next', 'base 2', 'other 2'],
  ])
  expect(requests.map(({ runIds }) => runIds)).toEqual([[undefined], [undefined, 'other']])
  expect(requests[1].earlier).toEqual([[{ prompt: 'long', answer: 'base 1' }], []])
})

it('what is typed is counted after a pause, for each shown model', async () => {
  const { play } = await chatting()
  play.set({ prompt: 'Hello' })
  await until(() => play.store.getState().lengths !== undefined)
  expect(play.store.getState().lengths).toEqual({ [baseColumn]: { tokens: 3, most: 9 } })
  play.set({ prompt: '' })
  expect(play.store.getState().lengths).toBeUndefined()
})

it('an example is filled in where the chat is empty, each click brings another row, and its words do not stay', async () => {
  const { engine } = counting()
  const rows = ['one', 'two', 'three'].map((prompt, at) => ({ at, line: at + 5, prompt, expected: `${prompt}!` }))
  const studio = makeStudio({
    ...engine,
    heldOutRow: async (at) => ({ ok: true, value: { ...rows[at % 3], ...(at === 1 && { systemWords: 'Be brief.' }) } }),
  })
  await studio.openModel(modelFiles)
  await studio.openData(dataFile())
  const { play, playExamples } = studio
  const now = () => play.store.getState()
  await playExamples.offer()
  expect(now()).toMatchObject({ prompt: 'one', expected: { answer: 'one!', line: 5 }, settings: { systemWords: '' } })
  play.set({ prompt: '' })
  await playExamples.offer()
  expect(now().prompt).toBe('')
  await playExamples.next()
  expect(now()).toMatchObject({ prompt: 'two', settings: { systemWords: 'Be brief.' } })
  await play.run()
  expect(now().turns[0]).toMatchObject({ prompt: 'two', expected: 'two!' })
  await playExamples.next()
  expect(now()).toMatchObject({ prompt: 'three', settings: { systemWords: '' } })
  play.set({ prompt: 'another' })
  await play.run()
  expect(now().turns[1].expected).toBeUndefined()
})
