// "Try the demo": after one click the adapter answers held-out rows that the base model cannot answer. Reading the data takes two seconds
// here, which is longer than the page waits after a change of the maximum length.
import { expect, slowData, test } from './studio'

/** The percentage in a text such as `96.9%`. */
function percent(text: string): number {
  return Number(/([\d.]+)\s*%/.exec(text)?.[1] ?? NaN)
}

test('one click trains the demo: exact match rises from near 0 % to above 80 %', async ({ studio }) => {
  test.setTimeout(720_000)
  await slowData(studio, 2000)
  await studio.getByTestId('demo-button').click()
  await expect(studio.getByTestId('exact-after')).toContainText('%', { timeout: 700_000 })
  expect(percent(await studio.getByTestId('exact-before').innerText())).toBeLessThanOrEqual(5)
  expect(percent(await studio.getByTestId('exact-after').innerText())).toBeGreaterThan(80)
  await expect(studio.getByTestId('run-row')).toHaveAttribute('data-status', 'finished')
  await expect(studio.getByTestId('download-zip')).toBeVisible()
})

test('a demo whose data cannot be read says so', async ({ studio }) => {
  await studio.route('**/demo/train.jsonl', (route) => route.fulfill({ body: 'no rows' }))
  await studio.getByTestId('demo-button').click()
  await expect(studio.getByTestId('demo-panel')).toHaveAttribute('data-stage', 'failed', { timeout: 60_000 })
  await expect(studio.getByTestId('demo-panel').getByTestId('error-message')).toContainText(/train\.jsonl: expected at least one row/)
})
