// `npm run screenshots`: takes the pictures of the studio in docs/pictures, light and dark, from the page with the fake engine.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { createServer } from 'vite'
import { browserEnv, findBrowser } from '../src/cli/node/browser.mjs'
import { root } from '../src/cli/node/cache.mjs'

const folder = join(root, 'docs', 'pictures')
const size = { width: 1120, height: 780 }
/** Time per step of the demo's run on the fake engine. */
const beatMs = 12

/** @param {import('playwright').Page} page @param {string} name */
async function takeBoth(page, name) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.waitForTimeout(300)
    const path = join(folder, `${name}-${colorScheme}.png`)
    await page.screenshot({ path })
    process.stdout.write(`${path}\n`)
  }
}

mkdirSync(folder, { recursive: true })
const server = await createServer({ root, logLevel: 'error', server: { port: 0 } })
await server.listen()
const { path: executablePath, args, env } = await findBrowser()
const browser = await chromium.launch({ executablePath, args, env: browserEnv(env) })
try {
  const page = await browser.newPage({ viewport: size })
  await page.goto(`${server.resolvedUrls?.local[0]}src/testing/fake.html?beat=${beatMs}`)
  await page.getByTestId('demo-button').click()
  await page.locator('[data-testid="run-row"][data-status="finished"]').waitFor({ timeout: 180_000 })
  await takeBoth(page, 'train')
  await page.locator('a[href="#setup"]').last().click()
  await page.setViewportSize({ ...size, height: 620 })
  await takeBoth(page, 'setup')
} finally {
  await browser.close()
  await server.close()
}
