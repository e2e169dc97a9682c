// A run outlives its page: the tab is closed or crashes while it trains, and another page continues it with the same losses.
import type { Page } from 'playwright/test'
import { expect, fill, openDemo, recordedLosses, test } from './studio'

const steps = 30
const settings = { steps, batchSize: 1, warmup: 1, maxLength: 64, evalEvery: 8 }

/** Starts a run on the demo. */
async function start(page: Page): Promise<void> {
  await openDemo(page, 2)
  await fill(page, settings)
  await expect(page.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  await page.getByTestId('train-start').click()
}

/** Waits until the run has taken `step` steps. The page looks frame by frame, since a test that asks could be too late on a fast device. */
function untilStep(page: Page, step: number): Promise<void> {
  return page.evaluate(
    (wanted) =>
      new Promise<void>((done) => {
        const look = (): void => {
          const shown = Number(document.querySelector('[data-testid="metric-step"]')?.textContent)
          if (shown >= wanted) done()
          else requestAnimationFrame(look)
        }
        look()
      }),
    step,
  )
}

async function finished(page: Page): Promise<void> {
  await expect(page.getByTestId('run-status')).toHaveAttribute('data-status', 'finished', { timeout: 200_000 })
  await expect(page.getByTestId('metric-step')).toHaveText(String(steps))
  await expect(page.getByTestId('run-row').first().getByTestId('download-zip')).toBeVisible()
}

test('a run continues after its tab was closed, with the losses of a run that was not', async ({ studio, context }) => {
  await start(studio)
  await untilStep(studio, 9)
  await studio.close()

  const page = await context.newPage()
  await page.goto('./#train')
  await expect(page.getByTestId('interrupted')).toContainText(/from step \d+ of 30\./)
  await page.getByTestId('resume-run').first().click()
  await finished(page)
  await expect(page.getByTestId('interrupted')).toHaveCount(0)

  // The same again, undisturbed.
  await page.getByRole('navigation').locator('a[href="#setup"]').click()
  await fill(page, settings)
  await expect(page.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  await page.getByTestId('train-start').click()
  await expect(page.getByTestId('run-row')).toHaveCount(2)
  await finished(page)
  const [resumed, whole] = await recordedLosses(page)
  expect(resumed).toHaveLength(steps)
  expect(resumed).toEqual(whole)
})

test('a run continues by itself after its page has crashed, if the person chose that', async ({ context }) => {
  const page = await context.newPage()
  await page.goto('./#library')
  await page.locator('input[name="resumeBySelf"]').check()
  await page.getByRole('navigation').locator('a[href="#setup"]').click()
  await start(page)
  await untilStep(page, 9)
  const session = await context.newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  // The answer to this never comes.
  void session.send('Page.crash').catch(() => undefined)
  await crashed
  const again = await context.newPage()
  await again.goto('./#train')
  await finished(again)
})
