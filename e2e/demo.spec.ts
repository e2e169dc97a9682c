// "Try the demo": after one click the adapter answers held-out rows that the base model cannot answer. Reading the data takes two seconds
// here, which is longer than the page waits after a change of the maximum length.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { root } from '../src/cli/node/cache.mjs'
import type { DemoPlan } from '../src/store/demo'
import { expect, slowData, test } from './studio'

const demo = join(root, 'public', 'demo')
const rows = 24

/** Fewer held-out rows and a single evaluation, since the software adapter would take a minute for them. The training stays as it is. */
async function fewerAnswers(page: Page): Promise<void> {
  const plan: DemoPlan = JSON.parse(readFileSync(join(demo, 'demo.json'), 'utf8'))
  const json = { ...plan, exactMatchRows: rows, training: { ...plan.training, evalEvery: 0 } }
  const body = readFileSync(join(demo, plan.heldout), 'utf8').split('\n').slice(0, rows).join('\n')
  await page.route('**/demo/demo.json', (route) => route.fulfill({ json }))
  await page.route(`**/demo/${plan.heldout}`, (route) => route.fulfill({ body }))
}

/** The percentage in a text such as `96.9%`. */
function percent(text: string): number {
  return Number(/([\d.]+)\s*%/.exec(text)?.[1] ?? NaN)
}

test('one click trains the demo: exact match rises from near 0 % to above 80 %', async ({ studio }) => {
  test.setTimeout(720_000)
  await fewerAnswers(studio)
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
