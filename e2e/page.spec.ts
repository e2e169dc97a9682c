import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Response } from 'playwright/test'
import { expect, test } from './studio'

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; img-src 'self' data: blob:; style-src 'self'; " +
  "font-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types studio-worker"

const headers: Record<string, string> = {
  'content-security-policy': policy,
  'connection-allowlist': '(response-origin); webrtc=block',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), payment=()',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

test('the page opens without errors and the engine names its adapter', async ({ studio }) => {
  await expect(studio).toHaveTitle(/TabTune/)
  await expect(studio.getByTestId('model-drop')).toBeVisible()
  const adapter = await studio.evaluate(async () => {
    const found = await navigator.gpu?.requestAdapter()
    return found?.info.vendor
  })
  expect(adapter).toBeTruthy()
  await expect(studio.getByTestId('gpu-chip')).toContainText(adapter!, { ignoreCase: true })
  expect(await studio.evaluate(() => crossOriginIsolated)).toBe(true)
})

test('every response has the security headers, and none comes from another origin', async ({ page, baseURL }) => {
  const responses: Response[] = []
  page.context().on('response', (response) => responses.push(response))
  const warnings: string[] = []
  page.on('console', (message) => warnings.push(message.text()))
  await page.goto('./')
  await expect(page.getByTestId('model-drop')).toBeVisible()
  await expect.poll(() => responses.some((response) => /engine\.worker.*\.js/.test(response.url()))).toBe(true)
  await page.waitForLoadState('networkidle')
  // A worker begins as a blob, which has the page's policy and no headers.
  for (const response of responses.filter((one) => !one.url().startsWith('blob:'))) {
    expect(new URL(response.url()).origin, response.url()).toBe(baseURL)
    expect(await response.allHeaders(), response.url()).toMatchObject(headers)
  }
  expect(warnings).toEqual([])
  const missing = await page.request.get('./nothing-here')
  expect(missing.status()).toBe(404)
  expect(missing.headers()).toMatchObject(headers)
})

test('the page itself forbids what the headers forbid, for hosts that send no headers', async ({ request }) => {
  const html = await (await request.get('./')).text()
  const inPage = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]?.replaceAll('&#39;', "'")
  expect(inPage).toBe(policy.replace(" frame-ancestors 'none';", ''))
})

test('nothing leaves: neither the page nor its worker reaches another origin, and no markup is written unchecked', async ({ page }) => {
  let hits = 0
  const elsewhere = createServer((_request, response) => {
    hits += 1
    response.setHeader('Access-Control-Allow-Origin', '*').setHeader('Cross-Origin-Resource-Policy', 'cross-origin').end('here')
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
  try {
    expect(await (await fetch(url)).text()).toBe('here')
    await page.goto('./')
    await expect.poll(() => page.workers().length).toBeGreaterThan(0)
    const ask = (address: string) =>
      fetch(address).then(
        () => 'sent',
        () => 'refused',
      )
    expect(await page.evaluate(ask, url)).toBe('refused')
    for (const worker of page.workers()) expect(await worker.evaluate(ask, url)).toBe('refused')
    const loaded = await page.evaluate(async (address) => {
      const image = new Image()
      const done = new Promise((resolve) => Object.assign(image, { onload: () => resolve('loaded'), onerror: () => resolve('refused') }))
      image.src = address
      return done
    }, url)
    expect(loaded).toBe('refused')
    expect(hits).toBe(1)
  } finally {
    elsewhere.close()
  }
  await expect(page.evaluate(() => (document.createElement('div').innerHTML = '<b>x</b>'))).rejects.toThrow(/TrustedHTML/)
})
