// The endpoint by OpenAI's own client, over an engine that only repeats; serve.gpu.test.ts has the real one.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { request } from 'node:http'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { samplingWith } from '../../config/sampling-fields'
import type { Served } from './batches'
import { type AskedFor, Refused } from './request'
import { openAiServer } from './server'

const asked: AskedFor[] = []
let hanging: AbortSignal | undefined
const served: Served = {
  names: ['base', 'one'],
  async ask(given, onText, signal) {
    asked.push(given)
    const said = typeof given.prompt === 'string' ? given.prompt : given.prompt.map(({ content }) => content).join('|')
    if (said === 'too long') throw new Refused(400, 'The prompt has 90 tokens; this model takes at most 63. Shorten it.')
    if (said === 'hang') {
      hanging = signal
      onText('…')
      await once(signal, 'abort')
    }
    for (let n = 1; n <= said.length; n++) onText(said.slice(0, n))
    return { text: said, promptTokens: 3, tokens: said.length, ended: given.maxTokens === undefined }
  },
}
const server = openAiServer(served, { key: 'k1' })
let url = ''
let client: OpenAI

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  client = new OpenAI({ baseURL: url, apiKey: 'k1', maxRetries: 0 })
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const user = (content: string) => ({ model: 'one', messages: [{ role: 'user' as const, content }] })
const post = (body: string, headers: Record<string, string> = {}, path = '/chat/completions') =>
  fetch(`${url}${path}`, { method: 'POST', body, headers: { authorization: 'Bearer k1', ...headers } })

test('lists the models', async () => {
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['base', 'one'])
})

test('chats', async () => {
  const messages = [
    { role: 'system', content: 'S' },
    { role: 'user', content: [{ type: 'text', text: 'U' }] },
  ] as const
  const done = await client.chat.completions.create({
    model: 'one',
    messages: [...messages] as never,
    max_completion_tokens: 7,
    stop: 'x',
    seed: 4,
  })
  expect(done).toMatchObject({
    object: 'chat.completion',
    model: 'one',
    usage: { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 },
  })
  expect(done.choices).toMatchObject([{ index: 0, message: { role: 'assistant', content: 'S|U' }, finish_reason: 'length' }])
  expect(asked.at(-1)).toEqual({
    model: 'one',
    prompt: [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'U' },
    ],
    maxTokens: 7,
    sampling: samplingWith({}),
    seed: 4,
    stops: ['x'],
    stream: false,
    usage: false,
  })
})

test('streams, with the numbers of tokens if they are asked for', async () => {
  const stream = await client.chat.completions.create({ ...user('abc'), stream: true, stream_options: { include_usage: true } })
  const pieces: string[] = []
  const ends: unknown[] = []
  for await (const { choices, usage } of stream) {
    if (choices[0]?.delta.content) pieces.push(choices[0].delta.content)
    ends.push(choices[0]?.finish_reason ?? usage?.total_tokens)
  }
  expect(pieces).toEqual(['a', 'b', 'c'])
  expect(ends.slice(-2)).toEqual(['stop', 6])
})

test('completes texts, streamed or not', async () => {
  expect((await client.completions.create({ model: 'base', prompt: 'Once' })).choices[0]).toMatchObject({
    text: 'Once',
    finish_reason: 'stop',
  })
  let text = ''
  for await (const { choices } of await client.completions.create({ model: 'base', prompt: 'Once', stream: true }))
    text += choices[0]?.text ?? ''
  expect(text).toBe('Once')
})

test('a closed connection ends its answer', async () => {
  const gone = new AbortController()
  const stream = await client.chat.completions.create({ ...user('hang'), stream: true }, { signal: gone.signal })
  for await (const _ of stream) break
  gone.abort()
  await expect.poll(() => hanging?.aborted).toBe(true)
})

test('an unknown model is 404 with the names', async () => {
  await expect(client.chat.completions.create({ ...user('x'), model: 'two' })).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
    message: expect.stringContaining('expected base, one, got two'),
  })
})

test.each([
  ['bad JSON', '{', 400, 'expected JSON, got'],
  ['no object', '[]', 400, 'expected a JSON object'],
  ['no model', '{}', 400, 'model: expected a name'],
  ['no messages', '{"model":"one","messages":[]}', 400, 'messages: expected a list of turns'],
  ['an image', '{"model":"one","messages":[{"role":"user","content":[{"type":"image_url"}]}]}', 400, 'messages[0].content: expected text'],
  ['two answers', '{"model":"one","messages":[{"role":"user","content":"x"}],"n":2}', 400, 'n: expected 1, got 2'],
  ['tools', '{"model":"one","messages":[{"role":"user","content":"x"}],"tools":[{}]}', 400, 'tools: expected nothing'],
  [
    'JSON mode',
    '{"model":"one","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_object"}}',
    400,
    'response_format',
  ],
  ['JSON mode as text', '{"model":"one","messages":[{"role":"user","content":"x"}],"response_format":"json"}', 400, 'response_format'],
  ['a format list', '{"model":"one","messages":[{"role":"user","content":"x"}],"response_format":["json"]}', 400, 'response_format'],
  ['a stream by word', '{"model":"one","messages":[{"role":"user","content":"x"}],"stream":"true"}', 400, 'stream: expected true or false'],
  [
    'an option',
    '{"model":"one","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":1}}',
    400,
    'include_usage: exp',
  ],
  ['a top_k that would do nothing', '{"model":"one","messages":[{"role":"user","content":"x"}],"top_k":1}', 400, 'number beside top_k'],
  [
    'a share',
    '{"model":"one","messages":[{"role":"user","content":"x"}],"top_p":1.1}',
    400,
    'top_p: expected a number from 0 to 1, got 1.1',
  ],
  ['half a token', '{"model":"one","messages":[{"role":"user","content":"x"}],"top_k":1.5}', 400, 'top_k: expected a whole number'],
  ['an unknown one', '{"model":"one","messages":[{"role":"user","content":"x"}],"min_tokens":9}', 400, 'min_tokens: this server does not'],
  [
    'a hot answer',
    '{"model":"one","messages":[{"role":"user","content":"x"}],"temperature":3}',
    400,
    'temperature: expected a number from 0 to 2',
  ],
  ['a long prompt', '{"model":"one","messages":[{"role":"user","content":"too long"}]}', 400, 'takes at most 63'],
  ['too many bytes', JSON.stringify({ model: 'x'.repeat(2 ** 22) }), 413, 'expected at most 4194304 bytes'],
])('%s is refused', async (_what, body, status, message) => {
  const answer = await post(body)
  expect(answer.status).toBe(status)
  expect(((await answer.json()) as { error: { message: string } }).error.message).toContain(message)
})

test('takes what changes nothing, and null as nothing', async () => {
  const more = {
    user: 'me',
    metadata: { a: 'b' },
    top_p: 1,
    top_k: 0,
    stop: null,
    stream: null,
    response_format: { type: 'text' },
    other: null,
  }
  expect((await post(JSON.stringify({ ...user('x'), ...more }))).status).toBe(200)
})

test('chooses tokens as it is asked to', async () => {
  const how = { temperature: 0.5, top_p: 0.9, top_k: 40, min_p: 0.05, repetition_penalty: 1.1 }
  expect((await post(JSON.stringify({ ...user('x'), ...how }))).status).toBe(200)
  expect(asked.at(-1)?.sampling).toEqual({ temperature: 0.5, topP: 0.9, topK: 40, minP: 0.05, repetitionPenalty: 1.1 })
  expect((await post(JSON.stringify({ ...user('x'), temperature: 1, top_k: -1 }))).status).toBe(200)
  expect(asked.at(-1)?.sampling).toEqual(samplingWith({ temperature: 1 }))
})

test('completions have no max_completion_tokens', async () => {
  const answer = await post('{"model":"base","prompt":"x","max_completion_tokens":3}', {}, '/completions')
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('max_completion_tokens')])
})

test('wants its key, a local name and a path that it has', async () => {
  expect((await post('{}', { authorization: 'Bearer k2' })).status).toBe(401)
  expect((await post('{}', {}, '/embeddings')).status).toBe(404)
  const { hostname, port } = new URL(url)
  const status = await new Promise((done) => {
    request({ hostname, port, path: '/v1/models', headers: { host: 'evil.example', authorization: 'Bearer k1' } }, (r) => {
      r.resume()
      done(r.statusCode)
    }).end()
  })
  expect(status).toBe(403)
  expect((await post('{}', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await post('{}', { origin: 'https://evil.example' })).headers.get('access-control-allow-origin')).toBeNull()
})
