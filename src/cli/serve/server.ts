// An OpenAI-style endpoint on this computer: GET /v1/models, POST /v1/chat/completions and /v1/completions, also as server-sent events.
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { messageOf } from '../../config/errors'
import type { Answered, Served } from './batches'
import { type AskedFor, Refused, parseRequest } from './request'

const mostBytes = 4 * 2 ** 20
const local = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

const paths = { '/v1/chat/completions': 'chat', '/v1/completions': 'text' } as const

interface Options {
  /** Requests must bring it as `Authorization: Bearer KEY`. */
  key?: string
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** A page of another site could reach this server under a name of its own, so only local names are answered. */
function checkAccess({ headers }: IncomingMessage, { key }: Options): void {
  if (!local.test(headers.host ?? '')) throw new Refused(403, `host: expected localhost, got ${headers.host ?? 'none'}.`)
  // Browsers say this of themselves (Fetch Metadata, W3C). Such a page could not read the answer, but it could keep the model busy.
  if (headers['sec-fetch-site'] === 'cross-site') throw new Refused(403, 'sec-fetch-site: expected no page of another site, got one.')
  if (key !== undefined && !timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${key}`)))
    throw new Refused(401, 'authorization: expected the key of this server, got none or another one.', 'invalid_api_key')
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) throw new Refused(413, `body: expected at most ${mostBytes} bytes, got more.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

const errorOf = (error: unknown) => {
  const { status, code } = error instanceof Refused ? error : { status: 500, code: null }
  return {
    status,
    body: { error: { message: messageOf(error), type: status < 500 ? 'invalid_request_error' : 'server_error', param: null, code } },
  }
}

const usageOf = ({ promptTokens, tokens }: Answered) => ({
  prompt_tokens: promptTokens,
  completion_tokens: tokens,
  total_tokens: promptTokens + tokens,
})

const reasonOf = ({ ended }: Answered) => (ended ? 'stop' : 'length')

async function answer(served: Served, asked: AskedFor, kind: 'chat' | 'text', response: ServerResponse): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const id = `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${randomUUID()}`
  const shared = { id, created: Math.floor(Date.now() / 1000), model: asked.model }
  if (!asked.stream) {
    const done = await served.ask(asked, () => {}, gone.signal)
    const said = kind === 'chat' ? { message: { role: 'assistant', content: done.text } } : { text: done.text }
    const choice = { index: 0, ...said, logprobs: null, finish_reason: reasonOf(done) }
    const object = kind === 'chat' ? 'chat.completion' : 'text_completion'
    return sendJson(response, 200, { ...shared, object, choices: [choice], usage: usageOf(done) })
  }
  const object = kind === 'chat' ? 'chat.completion.chunk' : 'text_completion'
  const send = (value: unknown) => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    response.write(`data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`)
  }
  const piece = (text: string, finish: string | null) => {
    const said =
      kind === 'chat' ? { delta: sent === 0 && !finish ? { role: 'assistant', content: text } : text ? { content: text } : {} } : { text }
    send({ ...shared, object, choices: [{ index: 0, ...said, logprobs: null, finish_reason: finish }] })
  }
  let sent = 0
  const grown = (text: string) => {
    if (text.length <= sent) return
    piece(text.slice(sent), null)
    sent = text.length
  }
  const done = await served.ask(asked, grown, gone.signal)
  grown(done.text)
  piece('', reasonOf(done))
  if (asked.usage) send({ ...shared, object, choices: [], usage: usageOf(done) })
  send('[DONE]')
  response.end()
}

async function handle(served: Served, options: Options, request: IncomingMessage, response: ServerResponse): Promise<void> {
  checkAccess(request, options)
  const path = (request.url ?? '').replace(/\?.*$/, '')
  const models = served.names.map((id) => ({ id, object: 'model', created: 0, owned_by: 'tabtune' }))
  if (request.method === 'GET' && path === '/v1/models') return sendJson(response, 200, { object: 'list', data: models })
  const kind = request.method === 'POST' ? paths[path as keyof typeof paths] : undefined
  if (!kind)
    throw new Refused(
      404,
      `expected GET /v1/models, POST /v1/chat/completions or /v1/completions, got ${request.method} ${path.slice(0, 80)}.`,
    )
  const asked = parseRequest(await bodyOf(request), kind)
  if (!served.names.includes(asked.model))
    throw new Refused(404, `model: expected ${served.names.join(', ')}, got ${asked.model.slice(0, 80)}.`, 'model_not_found')
  await answer(served, asked, kind, response)
}

/** The server; it does not listen yet. Its answers have no CORS headers, so pages of other sites cannot read them. */
export function openAiServer(served: Served, options: Options = {}): Server {
  return createServer((request, response) => {
    handle(served, options, request, response).catch((error: unknown) => {
      if (response.destroyed) return
      const { status, body } = errorOf(error)
      if (response.headersSent) response.write(`data: ${JSON.stringify(body)}\n\n`)
      else {
        response.setHeader('connection', 'close')
        return sendJson(response, status, body)
      }
      response.end()
    })
  })
}
