// The built page in a browser of its own, for parts that train on the demo's model.
import { type Browser, type Page, chromium } from 'playwright'
import { browserEnv, findBrowser } from '../../src/cli/node/browser.mjs'
import { expect, fill, openDemo } from '../studio'

export interface DemoPage {
  browser: Browser
  page: Page
}

/** Opens the page with the demo's model and rows. `args` are more switches of the browser. */
export async function openDemoPage(address: string, args: readonly string[] = []): Promise<DemoPage> {
  const found = await findBrowser()
  const browser = await chromium.launch({ executablePath: found.path, args: [...found.args, ...args], env: browserEnv(found.env) })
  const page = await (await browser.newContext()).newPage()
  await page.goto(address)
  await openDemo(page, 4)
  return { browser, page }
}

/** Starts a run of `steps` short steps and waits until it trains. After each evaluation, a snapshot is taken. */
export async function startDemoRun(page: Page, steps: number, evalEvery = 0): Promise<void> {
  await fill(page, { steps, batchSize: 1, warmup: 1, maxLength: 32, evalEvery })
  await expect(page.getByTestId('train-start')).toBeEnabled({ timeout: 120_000 })
  await page.getByTestId('train-start').click()
  await expect(page.getByTestId('metric-step')).toHaveText(/[1-9]/, { timeout: 120_000 })
}

/** The step that the page shows. */
export async function shownStep(page: Page): Promise<number> {
  return Number((await page.getByTestId('metric-step').innerText()).replaceAll(/\D/g, ''))
}
