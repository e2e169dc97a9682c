// Shared by the tests of the page: a page that must stay free of errors, dropping of real files, and the files to drop.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type FileChooser, type Page, test as base, expect } from 'playwright/test'
import type { DemoPlan } from '../src/store/demo'
import { root } from '../src/cli/node/cache.mjs'

/** Opens `page` and collects every error that it reports; a test fails at its end if there was one. */
export const test = base.extend<{ studio: Page }>({
  studio: async ({ page }, hand) => {
    const errors: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`console: ${message.text()} ${message.location().url}`)
    })
    page.on('pageerror', (error) => errors.push(`page: ${error.message}`))
    page.on('crash', () => errors.push('page: crashed'))
    page.on('requestfailed', (request) => {
      // A request that the page itself cancelled (by a reload, for example) is not an error.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') errors.push(`request: ${request.url()} ${request.failure()?.errorText}`)
    })
    await page.goto('./')
    await hand(page)
    expect(errors).toEqual([])
  },
})

export { expect } from 'playwright/test'

/** Drops files and folders onto the page with the browser's own drag events, as the system does. Paths are absolute. */
export async function drop(page: Page, paths: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const place = { x: 400, y: 300, data: { items: [], files: paths, dragOperationsMask: 1 } }
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') => session.send('Input.dispatchDragEvent', { type, ...place })
  // A page that has just opened may not listen yet, and the browser would then open the file itself. React attaches the
  // listeners after it has drawn.
  await page.getByRole('navigation').waitFor()
  await page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))))
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await send(type)
  await session.detach()
}

/** Heights of the points of the raw curve in the chart of `metric`, from first to last, as its SVG file has them. A larger number is lower on the screen. */
export async function curveHeights(page: Page, metric: string): Promise<number[]> {
  const chart = page.getByTestId(`chart-${metric}`)
  await chart.locator('canvas').waitFor()
  await chart.locator('summary').click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(`${metric}-svg`).click()])
  const [, d = ''] = /<path d="([^"]*)"[^>]*data-line/.exec(readFileSync(await download.path(), 'utf8')) ?? []
  return d
    .split(/[ML]/)
    .filter(Boolean)
    .map((point) => Number(point.split(',')[1]))
}

export const shared = join(root, '..', 'shared')
const demo = join(root, 'public', 'demo')

export interface Material {
  what: string
  /** The demo's model is used instead. */
  replaced: boolean
  /** Files or folders to drop, absolute. */
  model: string[]
  data: string
  /** Long enough for every row's prompt. */
  maxLength: number
}

function choose(what: string, model: string): Material {
  const data = join(shared, 'datasets', 'viggo.train.jsonl')
  if (existsSync(model) && existsSync(data)) return { what, replaced: false, model: [model], data, maxLength: 256 }
  const plan: DemoPlan = JSON.parse(readFileSync(join(demo, 'demo.json'), 'utf8'))
  return {
    what: `${what} is absent, the demo model takes its place`,
    replaced: true,
    model: plan.model.map((name) => join(demo, name)),
    data: join(demo, plan.train),
    maxLength: plan.training.maxLength,
  }
}

/** The models for the test of the whole workflow; without ../shared the demo is used instead. */
export const materials = {
  folder: choose('TinyStories-656K', join(shared, 'models', 'TinyStories-656K')),
  gguf: choose('TinyStories-656K q4_k_m.gguf', join(shared, 'models', 'TinyStories-656K-gguf', 'TinyStories-656K.q4_k_m.gguf')),
}

/** From now on the engine waits `ms` before it reads data, as with a slow device or a large file. Opens the page again. */
export async function slowData(page: Page, ms: number): Promise<void> {
  await page.addInitScript((wait) => {
    const post = Worker.prototype.postMessage
    Worker.prototype.postMessage = function (this: Worker, message: unknown, ...rest: unknown[]): void {
      const { path } = message as { path?: string[] }
      const send = () => Reflect.apply(post, this, [message, ...rest])
      if (path?.[0] === 'loadData') setTimeout(send, wait)
      else send()
    }
  }, ms)
  await page.reload()
}

/** Opens the demo's model and data on the page, with only `evalRows` evaluation rows, since the software adapter is slow. */
export async function openDemo(page: Page, evalRows: number): Promise<void> {
  const plan: DemoPlan = JSON.parse(readFileSync(join(demo, 'demo.json'), 'utf8'))
  await expect(page.getByTestId('model-drop')).toBeVisible()
  await drop(
    page,
    plan.model.map((name) => join(demo, name)),
  )
  await expect(page.getByTestId('model-summary')).toContainText(/llama/i, { timeout: 60_000 })
  await drop(page, [join(demo, plan.train)])
  await expect(page.getByTestId('data-summary')).toContainText(/\d/, { timeout: 60_000 })
  const rows = readFileSync(join(demo, plan.heldout), 'utf8').split('\n').slice(0, evalRows).join('\n')
  await page.getByTestId('eval-input').setInputFiles({ name: 'few.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(rows) })
  await expect(page.getByText('few.jsonl').first()).toBeVisible()
}

declare global {
  interface Window {
    tellClick?: () => void
  }
}

type Chosen = Parameters<FileChooser['setFiles']>[0]

/** Counts what a person does from now on: each click that the page sees, and each use of the system's file dialog. */
export async function countedPath(page: Page) {
  const from = Date.now()
  let [clicks, dialogs] = [0, 0]
  await page.exposeFunction('tellClick', () => void clicks++)
  // A picker clicks its input by itself; such a click is not trusted.
  await page.evaluate(() => document.addEventListener('click', (event) => event.isTrusted && window.tellClick?.(), true))
  return {
    /** Presses a button that opens the file dialog, and chooses files there. */
    async choose(testId: string, files: Chosen): Promise<void> {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByTestId(testId).click({ timeout: 60_000 })])
      dialogs++
      await chooser.setFiles(files)
    },
    /** Prints how many actions and how long it took, and expects at most `most` actions. */
    async ends(what: string, most: number): Promise<void> {
      const actions = clicks + dialogs
      process.stdout.write(`${what}: ${actions} actions, ${((Date.now() - from) / 1000).toFixed(1)} s\n`)
      expect(actions).toBeGreaterThan(0)
      expect(actions).toBeLessThanOrEqual(most)
    },
  }
}

/** Fills in inputs by their names. */
export async function fill(page: Page, values: Record<string, number | string>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await page.locator(`input[name="${name}"]`).fill(String(value))
  await page.keyboard.press('Tab')
}

/** The violations that axe finds in the page as it is now. */
export async function faults(page: Page): Promise<string[]> {
  // Waits for animations to end, since colours in transition may lack contrast.
  await page.evaluate(() => {
    // A looping animation never ends, and no animation ends while the browser draws no frames. One second is enough for all of ours.
    const ended = Promise.allSettled(document.getAnimations().map((animation) => animation.finished))
    return Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1000))]).then(() => undefined)
  })
  // In the page itself. Otherwise each of these opens another page to sum up the frames, and loads axe there too; ours has no frames.
  expect(page.frames()).toHaveLength(1)
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations.map((violation) => `${violation.id} ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

/** The losses of all runs with this status as IndexedDB has them, oldest first. Bit for bit: JSON keeps every number. */
export function recordedLosses(page: Page, status = 'finished'): Promise<number[][]> {
  return page.evaluate(
    (wanted) =>
      new Promise<number[][]>((done, fail) => {
        const opening = indexedDB.open('tabtune')
        opening.addEventListener('error', () => fail(opening.error))
        opening.addEventListener('success', () => {
          const reading = opening.result.transaction('runs').objectStore('runs').getAll(IDBKeyRange.bound('run/', 'run/\uffff'))
          reading.addEventListener('success', () => {
            opening.result.close()
            const records = reading.result as {
              run: { run: { createdAt: number; status: string }; series: { steps: { length: number; columns: { loss: Float64Array } } } }
            }[]
            const ended = records.map(({ run }) => run).filter(({ run }) => run.status === wanted)
            ended.sort((a, b) => a.run.createdAt - b.run.createdAt)
            done(ended.map(({ series: { steps } }) => [...steps.columns.loss.subarray(0, steps.length)]))
          })
        })
      }),
    status,
  )
}
