// Pauses and stops a run during an evaluation, and keeps a run without its closing evaluation.
import type { Page } from 'playwright/test'
import { expect, fill, openDemo, test } from './studio'

/**
 * Clicks a button as soon as it is enabled and the run's detail matches `detail`. The page itself does it, frame by frame, since on a fast
 * device a click from the test would be too late.
 */
function clickWhile(page: Page, button: string, detail: string): Promise<void> {
  return page.evaluate(
    ([button, detail]) =>
      new Promise<void>((done) => {
        const find = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]:not(:disabled)`)
        const look = (): void => {
          const found = find(button)
          if (!found || !new RegExp(detail).test(find('run-detail')?.innerText ?? '')) return void requestAnimationFrame(look)
          found.click()
          done()
        }
        look()
      }),
    [button, detail],
  )
}

test('an evaluation shows its rows, pauses, and ends when the run is stopped or the evaluation skipped', async ({ studio }) => {
  await openDemo(studio, 64)
  await fill(studio, { steps: 500, batchSize: 1, warmup: 1, maxLength: 64, evalEvery: 0 })
  await expect(studio.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  const detail = studio.getByTestId('run-detail')
  const status = studio.getByTestId('run-status')

  await studio.getByTestId('train-start').click()
  await clickWhile(studio, 'pause', '^Evaluating · [1-9]\\d* of 64 rows')
  await expect(status).toHaveAttribute('data-status', 'paused')
  const rows = await detail.innerText()
  await studio.waitForTimeout(500)
  expect(await detail.innerText()).toBe(rows)
  await studio.getByTestId('stop').click()
  await expect(status).toHaveAttribute('data-status', 'stopped')
  await expect(studio.getByTestId('metric-step')).toHaveText('0')
  await expect(studio.getByTestId('metric-evalPerplexity')).toHaveText('not measured')
  await expect(studio.getByTestId('download-zip')).toBeVisible()

  await studio.getByRole('navigation').locator('a[href="#setup"]').click()
  await studio.getByTestId('train-start').click()
  // The rows are evaluated before the first step.
  await expect(studio.getByTestId('metric-step')).toHaveText(/[1-9]/, { timeout: 120_000 })
  const skipped = clickWhile(studio, 'skip-evaluation', 'of 64 rows')
  await studio.getByTestId('stop').click()
  await skipped
  await expect(status).toHaveAttribute('data-status', 'stopped')
  await expect(studio.getByTestId('metric-evalPerplexity')).toHaveText('not measured')
  await studio.getByText('The same for all runs').click()
  await expect(studio.getByTestId('runs-same').getByText('not measured')).toHaveCount(2)
  await expect(studio.getByTestId('download-zip')).toHaveCount(2)
})
