import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { securityHeaders } from './node/headers.mjs'
import { staticServer } from './static-server'

let top: string
let close: () => void
let ask: (path: string, method?: string) => Promise<{ status: number | undefined; headers: IncomingMessage['headers']; body: string }>

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'tabtune-static-'))
  await mkdir(join(top, 'page', 'assets'), { recursive: true })
  await writeFile(join(top, 'secret.txt'), 'secret')
  await writeFile(join(top, 'page', 'index.html'), '<title>page</title>')
  await writeFile(join(top, 'page', 'assets', 'a b.js'), 'export {}')
  const server = staticServer(join(top, 'page'), securityHeaders(), '/some/path/')
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  close = () => server.close()
  ask = (path, method = 'GET') =>
    new Promise((resolve, reject) => {
      const sent = request({ port, path, method, agent: false }, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (piece) => (body += piece))
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }))
      })
      sent.on('error', reject).end()
    })
})

afterAll(async () => {
  close()
  await rm(top, { recursive: true })
})

it('a folder is served under its path, with types and all headers', async () => {
  const page = await ask('/some/path/?a=1')
  expect([page.status, page.body, page.headers['content-type']]).toEqual([200, '<title>page</title>', 'text/html; charset=utf-8'])
  const script = await ask('/some/path/assets/a%20b.js')
  expect([script.status, script.body, script.headers['content-type']]).toEqual([200, 'export {}', 'text/javascript; charset=utf-8'])
  expect([page.headers['cache-control'], script.headers['cache-control']]).toEqual(['no-cache', 'public, max-age=31536000, immutable'])
  for (const [name, value] of Object.entries(securityHeaders())) expect(page.headers[name.toLowerCase()]).toBe(value)
})

it.each([
  '/',
  '/some/path',
  '/some/path/assets',
  '/some/path/../secret.txt',
  '/some/path/..%2f..%2fsecret.txt',
  '/some/path/%',
  '//x/',
  '/some/path/assets/',
])('nothing is at %s, and the answer has all headers', async (path) => {
  const { status, body, headers } = await ask(path)
  expect([status, body]).toEqual([404, 'not found\n'])
  expect(headers['content-security-policy']).toBe(securityHeaders()['Content-Security-Policy'])
})

it('only reading is answered', async () => {
  expect((await ask('/some/path/', 'POST')).status).toBe(405)
  const head = await ask('/some/path/', 'HEAD')
  expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '19'])
})

it('docs/hosting.md lists the headers as they are sent', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/hosting.md'), 'utf8')
  const block = /```\n\/\*\n([^`]*)```/.exec(text)?.[1] ?? ''
  const lines = Object.entries(securityHeaders()).map(([name, value]) => `  ${name}: ${value}\n`)
  expect(block).toBe(lines.join(''))
})
