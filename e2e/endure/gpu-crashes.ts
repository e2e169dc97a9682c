// The browser's GPU process crashes while a run trains, while the page is idle, loads or generates. Nobody clicks, and no bit changes.
import { readFile } from 'node:fs/promises'
import { unzipSync } from 'fflate'
import type { CDPSession, Page } from 'playwright'
import { seededRandom } from '../../src/data/random'
import { expect } from '../studio'
import { type DemoPage, openDemoPage, shownStep, startDemoRun } from './demo-page'
import type { EndureOptions, EndurePart, EndureResult } from './part'

/** Chromium refuses an adapter after repeated crashes; with these it does not. */
const tolerant = ['--disable-domain-blocking-for-3d-apis', '--disable-gpu-process-crash-limit']
const stepsPerCrash = 30
const waitMs = 240_000
/** In addition to reading the model back and to preparing kernels, of which a new GPU process has none. SwiftShader takes seconds for them. */
const mostRecoveryMs = 2000
const mostWithheldMs = 150_000

/** What the page showed, and when (milliseconds since 1970). */
interface Shown {
  at: number
  status: string
  /** The device is being opened and the model put back. */
  reading: boolean
  /** The run prepares its kernels. */
  preparing: boolean
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

/** From now on, every change of the run's status and of the device is noted in the page. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shown: Shown[] = []
    Reflect.set(globalThis, 'shown', shown)
    const look = (): void => {
      const find = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`)
      const now = {
        status: find('run-status')?.dataset.status ?? '',
        reading: find('gpu-chip')?.dataset.recovering === 'true',
        preparing: find('run-detail')?.textContent?.includes('Preparing kernels') === true,
      }
      const last = shown.at(-1)
      const changed = last?.status !== now.status || last.reading !== now.reading || last.preparing !== now.preparing
      if (changed) shown.push({ at: Date.now(), ...now })
    }
    look()
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
  })
}

const shownBy = (page: Page): Promise<Shown[]> => page.evaluate(() => Reflect.get(globalThis, 'shown') as Shown[])

/** Waits until the page has shown a recovery since `since`, and the device is back. */
async function recovered(page: Page, since: number): Promise<Shown[]> {
  const deadline = Date.now() + waitMs
  for (;;) {
    const later = (await shownBy(page)).filter(({ at }) => at >= since)
    if (later.some(({ reading }) => reading) && later.at(-1)?.reading === false) return later
    if (Date.now() > deadline) throw new Error(`the device was not recovered within ${waitMs / 1000} s of a crash`)
    await page.waitForTimeout(20)
  }
}

/** How long a recovery took, from the crash until training continued. */
interface Recovery {
  readingMs: number
  kernelsMs: number
  otherMs: number
}

function recoveryOf(later: readonly Shown[], since: number): Recovery {
  const first = later.findIndex(({ status }) => status === 'recovering')
  const end = later.findIndex(({ status }, i) => i > first && status !== 'recovering')
  const during = later.slice(0, end + 1)
  const spent = (what: 'reading' | 'preparing') =>
    during.reduce((sum, shown, i) => sum + (shown[what] && i + 1 < during.length ? during[i + 1].at - shown.at : 0), 0)
  const [readingMs, kernelsMs] = [spent('reading'), spent('preparing')]
  return { readingMs, kernelsMs, otherMs: during[during.length - 1].at - since - readingMs - kernelsMs }
}

const crash = (session: CDPSession): Promise<unknown> => session.send('Browser.crashGpuProcess')

async function ended(page: Page): Promise<void> {
  const status = page.getByTestId('run-status')
  await expect(status).toHaveAttribute('data-status', /finished|failed|stopped/, { timeout: waitMs })
  if ((await status.getAttribute('data-status')) === 'finished') return
  throw new Error(`the run ended as ${await status.innerText()}: ${await page.getByTestId('error-message').first().innerText()}`)
}

/** The losses of a run by step, and its weights, from its download at place `at`. */
async function resultOf(page: Page, at: number): Promise<{ losses: string[]; weights: Uint8Array }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('download-zip').nth(at).click()])
  const files = unzipSync(await readFile(await download.path()))
  const file = (name: string): Uint8Array => files[Object.keys(files).find((path) => path.endsWith(name)) ?? name]
  const lines = Buffer.from(file('metrics.jsonl')).toString('utf8').trim().split('\n')
  const losses = lines.map((line) => {
    const { step, loss, evalLoss } = JSON.parse(line) as { step: number; loss?: number; evalLoss?: number }
    return JSON.stringify([step, loss, evalLoss])
  })
  return { losses, weights: file('adapter_model.safetensors') }
}

/** Crashes a run `count` times at random steps and compares it with one that was left alone. */
async function duringRun({ page }: DemoPage, session: CDPSession, { count, seed, report }: EndureOptions): Promise<EndureResult> {
  const steps = stepsPerCrash * (count + 1)
  const random = seededRandom(seed)
  await startDemoRun(page, steps)
  await ended(page)
  await page.evaluate(() => (location.hash = 'setup'))
  await page.getByTestId('train-start').click()
  const recoveries: Recovery[] = []
  for (let i = 0; i < count; i++) {
    const wanted = Math.round((i + 0.2 + 0.6 * random()) * stepsPerCrash) + 1
    while ((await shownStep(page)) < wanted) await page.waitForTimeout(10)
    const since = Date.now()
    await crash(session)
    await recovered(page, since)
    await expect(page.getByTestId('run-status')).not.toHaveAttribute('data-status', 'recovering', { timeout: waitMs })
    recoveries.push(
      recoveryOf(
        (await shownBy(page)).filter(({ at }) => at >= since),
        since,
      ),
    )
    report(i + 1)
  }
  await ended(page)
  await expect(page.getByTestId('recovered')).toBeVisible()
  const [lost, whole] = [await resultOf(page, 0), await resultOf(page, 1)]
  const differing = whole.losses.filter((loss, i) => loss !== lost.losses[i]).length + Math.abs(whole.losses.length - lost.losses.length)
  const same = Buffer.compare(whole.weights, lost.weights) === 0
  const part = (key: keyof Recovery): number => Math.round(median(recoveries.map((one) => one[key])))
  return {
    figures: [
      `${differing} of ${whole.losses.length} losses differ, ${same ? 'same' : 'other'} adapter bytes`,
      `median recovery ${part('otherMs')} ms, plus ${part('readingMs')} ms for reading the model back and ${part('kernelsMs')} ms for kernels`,
    ],
    failures: [
      ...(differing || !same ? [{ case: 0, problem: `${differing} losses differ from those of an undisturbed run` }] : []),
      // A sample of one crash says nothing about the median, and a slow machine must not fail it.
      ...(count > 1 && part('otherMs') > mostRecoveryMs ? [{ case: 0, problem: `the median recovery took ${part('otherMs')} ms` }] : []),
    ],
  }
}

/** Asks the base, which has heard nothing before; `meanwhile` happens when the answer has begun. */
async function answer(page: Page, meanwhile?: () => Promise<unknown>): Promise<string> {
  await page.evaluate(() => (location.hash = 'play'))
  const text = page.locator('[data-testid="generate-output"][data-column="base"]')
  // Each question is the first of its conversation, so that the answers can be compared.
  const begin = page.getByTestId('chat-begin')
  if (await begin.isEnabled()) await begin.click()
  await page.getByTestId('generate-prompt').fill('Where is the lighthouse?')
  await page.getByLabel('Max new tokens').fill('24')
  await page.getByTestId('generate-run').click()
  await meanwhile?.()
  await expect(text).toHaveAttribute('data-status', /done|failed/, { timeout: waitMs })
  return text.innerText()
}

/** Crashes while the page is idle, generates and loads. Afterwards the page shows a model exactly if the engine answers with it. */
async function outsideRun({ page }: DemoPage, session: CDPSession, all: boolean): Promise<EndureResult> {
  const problems: string[] = []
  const before = await answer(page)
  const agree = async (when: string, crashed: () => Promise<string>): Promise<void> => {
    const since = Date.now()
    const text = await crashed()
    await recovered(page, since)
    if (text !== before) problems.push(`after a crash while ${when}, the answer was "${text}" instead of "${before}"`)
  }
  await agree('idle', async () => {
    const since = Date.now()
    await crash(session)
    await recovered(page, since)
    return answer(page)
  })
  if (all) await agree('generating', () => answer(page, () => crash(session)))
  if (all)
    await agree('loading', async () => {
      await page.evaluate(() => (location.hash = 'setup'))
      await page.locator('#base-format').selectOption('f32')
      await crash(session)
      await expect(page.getByTestId('model-summary')).toBeVisible()
      await expect(page.locator('#base-format')).toHaveValue('f32', { timeout: waitMs })
      // The data are read again, and the prompt's format comes from them.
      await expect(page.getByTestId('train-start')).toBeEnabled({ timeout: waitMs })
      return answer(page)
    })
  return {
    figures: [`${problems.length} of ${all ? 3 : 1} crashes outside a run changed an answer`],
    failures: problems.map((problem) => ({ case: 0, problem })),
  }
}

/** Without special switches, the second crash makes Chromium withhold the adapter. */
async function withheld(address: string): Promise<EndureResult> {
  const opened = await openDemoPage(address)
  const { page, browser } = opened
  try {
    await watch(page)
    const session = await browser.newBrowserCDPSession()
    await startDemoRun(page, 2000)
    let ms = 0
    for (const time of [1, 2]) {
      const since = Date.now()
      await crash(session)
      await recovered(page, since)
      await expect(page.getByTestId('run-status')).toHaveAttribute('data-status', 'training', { timeout: waitMs })
      ms = Date.now() - since
      if (time === 1) await page.waitForTimeout(1000)
    }
    const seconds = Math.round(ms / 1000)
    return {
      figures: [`without special switches, a run continued ${seconds} s after its second crash`],
      failures: ms > mostWithheldMs ? [{ case: 0, problem: `after two crashes, the run continued only after ${seconds} s` }] : [],
    }
  } finally {
    await browser.close()
  }
}

/** What `phase` finds. Where it cannot end, that is a failure, and the other phases are still done. */
async function phaseOf(name: string, phase: () => Promise<EndureResult>): Promise<EndureResult> {
  try {
    return await phase()
  } catch (error) {
    return { figures: [], failures: [{ case: 0, problem: `${name}: ${error instanceof Error ? error.message : String(error)}` }] }
  }
}

export const part: EndurePart = {
  name: 'gpu-crashes',
  shows: 'a run continues by itself with the same bits; page and engine agree',
  unit: 'crashes in one run',
  counts: { sample: 1, usual: 5, long: 20 },
  needs: 'page',
  async run(options) {
    const all = !options.sample
    const opened = await openDemoPage(options.address, tolerant)
    const results: EndureResult[] = []
    try {
      await watch(opened.page)
      const session = await opened.browser.newBrowserCDPSession()
      results.push(await phaseOf('during a run', () => duringRun(opened, session, options)))
      results.push(await phaseOf('outside a run', () => outsideRun(opened, session, all)))
    } finally {
      await opened.browser.close()
    }
    if (all) results.push(await phaseOf('withheld', () => withheld(options.address)))
    return { figures: results.flatMap(({ figures }) => figures), failures: results.flatMap(({ failures }) => failures) }
  },
}
