// `npm run screenshots`: pictures of every place of the studio in docs/screenshots, light and dark, and a moving one of the demo, all from the
// page on the fake engine. `npm run screenshots -- moving` makes the moving one alone, `-- places` the others.
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import sharp from 'sharp'
import { createServer } from 'vite'
import { browserEnv, findBrowser } from '../src/cli/node/browser.mjs'
import { root } from '../src/cli/node/cache.mjs'

/** @typedef {import('playwright').Page} Page */

const folder = join(root, 'docs', 'screenshots')
const size = { width: 1120, height: 780 }
/** Milliseconds for each step of the fake engine. */
const beatMs = 12
const patienceMs = 900_000

/** @param {string} path */
const told = (path) => process.stdout.write(`${path} ${Math.ceil(statSync(path).size / 1024)} KiB\n`)

/** @param {Page} page @param {string} name @param {number} [height] */
async function takeBoth(page, name, height = size.height) {
  await page.setViewportSize({ ...size, height })
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.evaluate(() => scrollTo(0, 0))
    // Charts draw themselves anew in the other colours.
    await page.waitForTimeout(600)
    const path = join(folder, `${name}-${colorScheme}.png`)
    await sharp(await page.screenshot())
      .png({ palette: true, quality: 90, effort: 10 })
      .toFile(path)
    told(path)
  }
}

/** @param {Page} page @param {string} place */
async function go(page, place) {
  await page.getByRole('navigation').locator(`a[href="#${place}"]`).click()
  await page.locator(`a[href="#${place}"][aria-current="page"]`).waitFor()
}

/** @param {Page} page */
async function places(page) {
  await page.getByTestId('demo-button').waitFor()
  await takeBoth(page, 'welcome')
  await page.getByTestId('guide-begin').click()
  await takeBoth(page, 'guide')
  await page.getByTestId('guide-leave').click()
  await page.getByTestId('demo-button').click()
  await page.getByTestId('demo-example').first().waitFor()
  await takeBoth(page, 'demo')
  await page.getByTestId('demo-chat').click()
  await page.getByTestId('generate-run').click()
  await page.locator('[data-testid="generate-output"][data-status="done"]').last().waitFor()
  await takeBoth(page, 'chat')
  await go(page, 'train')
  await page.getByTestId('demo-panel').getByRole('button', { name: 'Dismiss' }).click()
  await takeBoth(page, 'train', 1240)
  await go(page, 'setup')
  await takeBoth(page, 'setup')
  await go(page, 'data')
  await page.getByRole('button', { name: 'Try it with messy rows' }).click()
  await page.getByRole('heading', { name: 'Rows', exact: true }).waitFor()
  await takeBoth(page, 'data')
  await go(page, 'compare')
  await takeBoth(page, 'compare')
  await go(page, 'answers')
  await page.locator('input[name="rows"]').fill('8')
  await page.getByRole('button', { name: 'Answer the rows' }).click()
  await page.getByTestId('answer-row').nth(7).waitFor()
  await takeBoth(page, 'answers', 1240)
  await go(page, 'library')
  await takeBoth(page, 'library')
  await page.locator('body').press('?')
  await takeBoth(page, 'help')
}

const frameMs = 250
const frames = 80
const movingWidth = 900
/** Milliseconds for each step of the fake engine in the moving picture, so that a person can follow the curve. */
const movingBeatMs = 60

/**
 * What a person does, from the empty page to an answer. Each begins `waitMs` after `seen` is on the page.
 * @type {readonly { seen: string, waitMs: number, press: string }[]}
 */
const acts = [
  { seen: 'demo-button', waitMs: 2000, press: 'demo-button' },
  { seen: 'demo-example', waitMs: 4000, press: 'demo-chat' },
  { seen: 'generate-run', waitMs: 1000, press: 'generate-run' },
]

/** A film of `acts`. The page's clock goes on by one frame at a time, so the film does not depend on the speed of the machine. @param {Page} page */
async function record(page) {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  // High enough for the curve, which is under the figures of the run.
  await page.setViewportSize({ ...size, height: 1080 })
  await page.getByTestId(acts[0].seen).waitFor()
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 1000)
  /** @type {{ image: Buffer, frames: number }[]} */
  const shown = []
  let [act, waitedMs] = [0, 0]
  for (let i = 0; i < frames; i++) {
    await page.clock.runFor(frameMs)
    const next = acts[act]
    if (next && (await page.getByTestId(next.seen).count()) > 0) waitedMs += frameMs
    if (next && waitedMs >= next.waitMs) {
      await page.getByTestId(next.press).click()
      ;[act, waitedMs] = [act + 1, 0]
    }
    const image = await sharp(await page.screenshot())
      .resize(movingWidth)
      .png()
      .toBuffer()
    const last = shown.at(-1)
    if (last?.image.equals(image)) last.frames++
    else shown.push({ image, frames: 1 })
  }
  if (act < acts.length) throw new Error(`the film ended before ${acts[act].press}`)
  const path = join(folder, 'demo.webp')
  await sharp(
    shown.map(({ image }) => image),
    { join: { animated: true } },
  )
    .webp({ quality: 60, effort: 5, delay: shown.map((one) => one.frames * frameMs), loop: 0 })
    .toFile(path)
  told(path)
}

const wanted = process.argv.slice(2)
const server = await createServer({ root, logLevel: 'error', server: { port: 0 } })
await server.listen()
const { path: executablePath, args, env } = await findBrowser()
const browser = await chromium.launch({ executablePath, args, env: browserEnv(env) })

/** @param {number} beat @param {(page: Page) => Promise<void>} work */
async function onPage(beat, work) {
  const context = await browser.newContext({ viewport: size })
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  await page.goto(`${server.resolvedUrls?.local[0]}src/testing/fake.html?beat=${beat}`)
  await work(page)
  await context.close()
}

try {
  if (wanted.length === 0) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  if (wanted.length === 0 || wanted.includes('places')) await onPage(beatMs, places)
  if (wanted.length === 0 || wanted.includes('moving')) await onPage(movingBeatMs, record)
} finally {
  await browser.close()
  await server.close()
}
