// Tests the page in a real browser with real WebGPU, as `npm start` serves it.
import { createServer } from 'node:net'
import { join } from 'node:path'
import { defineConfig } from 'playwright/test'
import { browserEnv, findBrowser } from '../src/cli/node/browser.mjs'
import { checkoutCache, root } from '../src/cli/node/cache.mjs'

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, 'localhost', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

const browser = await findBrowser()
// Playwright loads this file again in each of its processes, so they inherit the port from the first one.
process.env.TABTUNE_PORT ??= String(await freePort())
const address = `http://localhost:${process.env.TABTUNE_PORT}`

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: join(checkoutCache, 'e2e'),
  // A page leaves a core idle about half of the time, so two browsers take little more than half of the time of one.
  workers: 2,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: process.env.TABTUNE_REPORT ? [['list'], ['json', { outputFile: process.env.TABTUNE_REPORT }]] : 'list',
  use: {
    baseURL: address,
    acceptDownloads: true,
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: browser.path, args: browser.args, env: browserEnv(browser.env) },
  },
  webServer: {
    // `npm test` has built the page already.
    command: `${process.env.TABTUNE_BUILT_PAGE ? 'npx vite preview' : 'npm start --'} --port ${process.env.TABTUNE_PORT} --strictPort`,
    cwd: root,
    url: address,
    timeout: 120_000,
    env: { ...browserEnv({}), TABTUNE_NO_OPEN: '1' },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
  },
})
