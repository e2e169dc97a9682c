// A run in a browser's profile whose losses are recorded, and the run that it is compared with.
import type { BrowserContext, Page } from 'playwright'
import { expect, openDemo } from '../studio'
import { startDemoRun } from './demo-page'
import { type HeardEvent, hearTabs } from './heard'
import { LossRecord } from './loss-record'
import type { EndureFailure, EndureOptions } from './part'
import type { Profile } from './profile'

/** Far more than a part trains: a run that is compared has the same learning rates. */
const steps = 100_000
/** A snapshot every six seconds, the shortest time that the page allows. */
const preferences = { saveMinutes: 0.1, resumeBySelf: true }
const patienceMs = 120_000

/** What is heard of the run that is disturbed, and of the one that is not. */
export class RecordedRuns {
  readonly disturbed = new LossRecord()
  readonly whole = new LossRecord()
  private disturbedId: string | undefined

  /** The run that is heard first is the one that is disturbed. */
  readonly hear = (heard: HeardEvent): void => {
    this.disturbedId ??= heard.runId
    const record = heard.runId === this.disturbedId ? this.disturbed : this.whole
    record.hear(heard)
  }
}

/** What the page says of its runs. */
async function saidOfRuns(page: Page): Promise<string> {
  await page.evaluate(() => (location.hash = 'library'))
  await page.getByTestId('kept-section').waitFor()
  return (await page.locator('.notice, .pill, [role="alert"]').allInnerTexts()).join(' | ')
}

/** @throws Error with what the page says, if the condition does not come true within two minutes */
export async function until(page: Page, what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + patienceMs
  while (!condition()) {
    if (Date.now() > end)
      throw new Error(`waited ${patienceMs / 1000} s until ${what}. The page says: ${await saidOfRuns(page).catch(String)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Opens a tab, which resumes an interrupted run by itself. */
export async function openTab(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript((chosen) => localStorage.setItem('tabtune.preferences', JSON.stringify(chosen)), preferences)
  await page.goto(address)
  return page
}

/** Opens the browser of a profile with the demo in a tab. */
export async function openRecorded(
  profile: Profile,
  address: string,
  { hear }: RecordedRuns,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await profile.open()
  await hearTabs(context, address, hear)
  const page = await openTab(context, address)
  await openDemo(page, 4)
  return { context, page }
}

/** In a sample, evaluations give the first snapshot after some steps and not after ten seconds, so there are fewer steps to compare. */
export const startRecorded = (page: Page, { sample }: Pick<EndureOptions, 'sample'>): Promise<void> =>
  startDemoRun(page, steps, sample ? 15 : 0)

/** Stops the run, trains another one as far as it came, and says what differs. `alive` is called while it trains. */
export async function compared(
  page: Page,
  { disturbed, whole }: RecordedRuns,
  options: Pick<EndureOptions, 'sample'>,
  alive: () => void,
): Promise<{ differ: number; failures: EndureFailure[] }> {
  await page.getByRole('navigation').locator('a[href="#train"]').click()
  await page.getByTestId('stop').click()
  await expect(page.getByTestId('run-status')).toHaveAttribute('data-status', 'stopped', { timeout: patienceMs })
  const timer = setInterval(alive, 60_000)
  await page.getByRole('navigation').locator('a[href="#setup"]').click()
  await startRecorded(page, options)
  const end = Date.now() + 3_600_000
  while (whole.last < disturbed.last && Date.now() < end) await page.waitForTimeout(200)
  clearInterval(timer)
  const differ = disturbed.differences(whole)
  const problems = [
    ...(whole.last < disturbed.last ? [`the undisturbed run came to step ${whole.last} only, of ${disturbed.last} to compare`] : []),
    ...(differ.length > 0 ? [`the losses of steps ${differ.slice(0, 5).join(', ')} … differ from an undisturbed run`] : []),
  ]
  return { differ: differ.length, failures: problems.map((problem) => ({ case: 0, problem })) }
}
