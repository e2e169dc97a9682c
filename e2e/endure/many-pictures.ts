// A folder of pictures as cameras make them, of 12 million pixels, on the page: all are looked at, shown and trained on. Memory must not grow
// with their number.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type Locator, type Page, chromium } from 'playwright'
import { browserEnv, findBrowser } from '../../src/cli/node/browser.mjs'
import { root } from '../../src/cli/node/cache.mjs'
import { drop, expect, fill } from '../studio'
import { heapMeter, pageProcessPeak } from './heaps'
import { madeJpeg } from './made-jpeg'
import type { EndureFailure, EndureOptions, EndurePart, EndureResult } from './part'

const [width, height] = [4000, 3000]
const classes = ['blue', 'green', 'red', 'yellow']
const model = ['config.json', 'model.safetensors', 'preprocessor_config.json'].map((name) => join(root, 'public', 'demo', 'pictures', name))
const mostHeapBytes = 512 * 2 ** 20
const mostProcessBytes = 2 ** 30
/** Beside the pictures that are being read just then, which are not interrupted. */
const mostWaitMs = 5000
const batchSize = 8
const evalRows = 40
/** Fewer are looked at before anyone could cancel it. */
const fewestToCancel = 40
/** Pages of each class that are shown. */
const mostPages = 10
/** The longer side of a picture that is shown. */
const thumbnailSide = 144
/** For anything that does not depend on the number of pictures. */
const timeout = 120_000

async function makeFolder(folder: string, { count, seed, report }: EndureOptions): Promise<number> {
  let bytes = 0
  for (const name of classes) await mkdir(join(folder, name), { recursive: true })
  for (let i = 0; i < count; i++) {
    const label = i % classes.length
    const file = Buffer.concat(madeJpeg(width, height, seed + i, label / classes.length))
    await writeFile(join(folder, classes[label], `${i}.jpg`), file)
    bytes += file.length
    report(0)
  }
  return bytes
}

/** Calls `look` every half second until `work` ends, and once more then. */
async function watched<T>(look: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  let over = false
  const watching = (async () => {
    while (!over) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  })()
  try {
    return await work()
  } finally {
    over = true
    await watching
    await look()
  }
}

/** Waits until `count` is reached, and tells how far it is. */
async function reach(count: number, at: () => Promise<number>, report: (done: number) => void): Promise<void> {
  for (let done = 0, since = performance.now(); done < count;) {
    const now = await at()
    if (now > done) [done, since] = [now, performance.now()]
    if (performance.now() - since > timeout) throw new Error(`stood still at ${done} of ${count} for ${timeout / 1000} s.`)
    report(done)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

async function msUntilOver(click: () => Promise<void>, over: () => Promise<void>): Promise<number> {
  const startMs = performance.now()
  await click()
  await over()
  return performance.now() - startMs
}

interface Walk {
  lookSeconds: number
  trainSeconds: number
  /** Absent with too few pictures. */
  cancelMs?: number
  stopMs: number
}

/** Turns the pages of a class, and waits for the last picture of each. */
async function shown(card: Locator): Promise<void> {
  const later = card.getByRole('button', { name: 'Later' })
  for (let at = 1; at <= mostPages; at++) {
    const last = card.getByTestId('thumb').last()
    await last.scrollIntoViewIfNeeded()
    await expect(last.locator('canvas')).toHaveAttribute('width', String(thumbnailSide), { timeout })
    if (!(await later.count()) || (await later.isDisabled())) return
    await later.click()
  }
}

/** All pictures are looked at, after a cancellation, and shown. */
async function looked(page: Page, count: number, report: (done: number) => void): Promise<Pick<Walk, 'lookSeconds' | 'cancelMs'>> {
  const startMs = performance.now()
  await page.getByRole('link', { name: 'Look at the pictures' }).click()
  await expect(page.getByTestId('class-card')).toHaveCount(classes.length, { timeout })
  const looking = page.getByTestId('looking')
  const bar = looking.locator('progress')
  let cancelMs: number | undefined
  if (count >= fewestToCancel) {
    await expect.poll(async () => Number(await bar.getAttribute('value')), { timeout }).toBeGreaterThan(0)
    cancelMs = await msUntilOver(
      () => looking.getByRole('button').click(),
      () => looking.waitFor({ state: 'hidden', timeout }),
    )
    await page.getByRole('button', { name: 'Look at the rest' }).click()
    await looking.waitFor({ timeout })
  }
  // The bar disappears with the last picture.
  await reach(
    count,
    async () => ((await bar.count()) ? Number(await bar.getAttribute('value', { timeout }).catch(() => count)) : count),
    report,
  )
  const lookSeconds = (performance.now() - startMs) / 1000
  await expect(page.getByTestId('findings').or(page.getByText('No picture is broken')).first()).toBeVisible({ timeout })
  for (let label = 0; label < classes.length; label++) await shown(page.getByTestId('class-card').nth(label))
  return { lookSeconds, cancelMs }
}

/** Trains until each picture was read, and stops the run, which would go on. */
async function trained(page: Page, count: number, report: (done: number) => void): Promise<Pick<Walk, 'trainSeconds' | 'stopMs'>> {
  const steps = Math.ceil(count / batchSize)
  await page.evaluate(() => (location.hash = 'setup'))
  await page.getByTestId('method-select').selectOption('linear-probe')
  // Otherwise all held-out pictures are read before the first step.
  await fill(page, { steps: 1000 + steps, batchSize, learningRate: 0.01, evalEvery: 0, evalRows })
  await expect(page.getByTestId('train-start')).toBeEnabled({ timeout })
  const startMs = performance.now()
  await page.getByTestId('train-start').click()
  const step = page.getByTestId('metric-step')
  await reach(
    steps,
    async () => ((await step.count()) ? Number((await step.innerText()).replaceAll(/\D/g, '')) : 0),
    (done) => report(done * batchSize),
  )
  const trainSeconds = (performance.now() - startMs) / 1000
  const stopMs = await msUntilOver(
    () => page.getByTestId('stop').click(),
    () => expect(page.getByTestId('run-status')).toHaveAttribute('data-status', 'stopped', { timeout }),
  )
  return { trainSeconds, stopMs }
}

async function walk(page: Page, folder: string, count: number, report: (done: number) => void): Promise<Walk> {
  await drop(page, model)
  await expect(page.getByTestId('model-summary')).toContainText('32 × 32', { timeout })
  await drop(page, [folder])
  await expect(page.getByTestId('data-summary')).toContainText(`${count.toLocaleString('en')} pictures in ${classes.length} classes`, {
    timeout,
  })
  return { ...(await looked(page, count, report)), ...(await trained(page, count, report)) }
}

async function measured(browser: Browser, folder: string, { address, count, report }: EndureOptions) {
  const page = await browser.newPage()
  await page.goto(address)
  const heap = await heapMeter(page)
  let [heapBytes, processBytes] = [0, 0]
  const walked = await watched(
    async () => {
      heapBytes = Math.max(heapBytes, await heap())
      processBytes = await pageProcessPeak(browser)
    },
    () => walk(page, folder, count, report),
  )
  return { ...walked, heapBytes, processBytes }
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`

async function run(options: EndureOptions): Promise<EndureResult> {
  const { count, sample } = options
  if (!existsSync('/proc/self/status'))
    return { figures: [], failures: [], skipped: 'the memory of a process is read from /proc, which is absent' }
  const folder = await mkdtemp(join(tmpdir(), 'tabtune-pictures-'))
  const found = await findBrowser()
  const browser = await chromium.launch({ executablePath: found.path, args: found.args, env: browserEnv(found.env) })
  try {
    const bytes = await makeFolder(folder, options)
    const { lookSeconds, trainSeconds, cancelMs, stopMs, heapBytes, processBytes } = await measured(browser, folder, options)
    const waits = `${cancelMs === undefined ? '' : `Cancel ${cancelMs.toFixed(0)} ms, `}Stop ${stopMs.toFixed(0)} ms`
    // Looking has a picture in each of three workers. A step reads one micro-batch, and the next one ahead.
    const mostMs = (pictures: number) => mostWaitMs + (pictures * lookSeconds * 1000) / count
    const late = (cancelMs ?? 0) > mostMs(3) || stopMs > mostMs(2 * batchSize)
    const problems = [
      heapBytes > mostHeapBytes && `JavaScript used ${megabytes(heapBytes)}, at most ${megabytes(mostHeapBytes)} expected`,
      processBytes > mostProcessBytes &&
        `the page's process took ${megabytes(processBytes)}, at most ${megabytes(mostProcessBytes)} expected`,
      late && waits,
    ]
    return {
      figures: [
        `${megabytes(bytes)} of JPEG with ${width} × ${height} pixels each`,
        `JavaScript ${megabytes(heapBytes)}, the page's process ${megabytes(processBytes)} at most`,
        `looked at in ${lookSeconds.toFixed(1)} s, trained on in ${trainSeconds.toFixed(1)} s`,
        waits,
        ...(sample ? ['few, since each takes half a second of a core and more'] : []),
      ],
      failures: problems.filter((problem) => problem !== false).map((problem): EndureFailure => ({ case: 0, problem })),
    }
  } finally {
    await browser.close()
    await rm(folder, { recursive: true })
  }
}

export const part: EndurePart = {
  name: 'many-pictures',
  shows: 'pictures of 12 million pixels are read, shown and trained on in 512 MB of JavaScript memory and 1 GB of the page’s process',
  unit: 'pictures',
  counts: { sample: 8, usual: 200, long: 5000 },
  needs: 'page',
  run,
}
