// `npm run screenshots`: pictures of every place of the studio in docs/screenshots, light and dark, and a moving one of the demo. Both show a run
// of the demo on this machine's adapter. `npm run screenshots -- moving` makes the moving one alone, `-- places` the others.
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
const movingWidth = 900

/** @typedef {{ image: Buffer, frames: number }} Shot */

/** @param {Page} page @returns {Promise<Buffer>} */
const shot = async (page) =>
  sharp(await page.screenshot())
    .resize(movingWidth)
    .png()
    .toBuffer()

/** The page as it is, for `frames` frames. @param {Page} page @param {number} frames @returns {Promise<Shot[]>} */
const still = async (page, frames) => [{ image: await shot(page), frames }]

/** The page until `end` is on it, as at most `most` frames at equal distances. @param {Page} page @param {string} end a selector @param {number} most @returns {Promise<Shot[]>} */
async function until(page, end, most) {
  /** @type {Buffer[]} */
  const images = []
  const from = Date.now()
  while ((await page.locator(end).count()) === 0) {
    if (Date.now() - from > patienceMs) throw new Error(`the film waited in vain for ${end}`)
    const image = await shot(page)
    if (!images.at(-1)?.equals(image)) images.push(image)
    await page.waitForTimeout(frameMs)
  }
  const count = Math.min(most, images.length)
  return Array.from({ length: count }, (_, i) => ({ image: images[Math.floor((i * images.length) / count)], frames: 1 }))
}

/** A film of the demo, from the empty page to an answer. What takes longer is shown faster. @param {Page} page */
async function record(page) {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  // High enough for the curve, which is under the figures of the run.
  await page.setViewportSize({ ...size, height: 1080 })
  await page.getByTestId('demo-button').waitFor()
  const film = await still(page, 8)
  await page.getByTestId('demo-button').click()
  film.push(...(await until(page, '[data-testid="demo-example"]', 34)), ...(await still(page, 16)))
  await page.getByTestId('demo-chat').click()
  await page.getByTestId('generate-run').waitFor()
  film.push(...(await still(page, 4)))
  await page.getByTestId('generate-run').click()
  film.push(...(await until(page, '[data-testid="generate-output"][data-status="done"]', 8)), ...(await still(page, 10)))
  const path = join(folder, 'demo.webp')
  const images = film.map(({ image }) => image)
  await sharp(images, { join: { animated: true } })
    .webp({ quality: 60, effort: 5, delay: film.map(({ frames }) => frames * frameMs), loop: 0 })
    .toFile(path)
  told(path)
}

const wanted = process.argv.slice(2)
const server = await createServer({ root, logLevel: 'error', server: { port: 0 } })
await server.listen()
const { path: executablePath, args, env } = await findBrowser()
const browser = await chromium.launch({ executablePath, args, env: browserEnv(env) })

/** @param {(page: Page) => Promise<void>} work */
async function onPage(work) {
  const context = await browser.newContext({ viewport: size })
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  await page.goto(server.resolvedUrls?.local[0] ?? '')
  await work(page)
  await context.close()
}

try {
  if (wanted.length === 0) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  if (wanted.length === 0 || wanted.includes('places')) await onPage(places)
  if (wanted.length === 0 || wanted.includes('moving')) await onPage(record)
} finally {
  await browser.close()
  await server.close()
}
