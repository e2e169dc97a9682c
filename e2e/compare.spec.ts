// Compares methods on the page: chooses them, runs them one after another, reads and copies the table, asks the adapters, and stops.
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright/test'
import { expect, faults, fill, openDemo, test } from './studio'

const few = { steps: 3, batchSize: 2, warmup: 1, maxLength: 64, evalEvery: 2, exactMatchRows: 1, maxTokens: 8 }

async function openComparison(page: Page): Promise<void> {
  await openDemo(page, 4)
  await page.locator('a[href="#compare"]').click()
}

declare global {
  interface Window {
    wakeCounts: { asked: number; released: number }
  }
}

/** Counts requests for the wake lock and its releases. */
async function watchWakeLock(page: Page): Promise<() => Promise<{ asked: number; released: number }>> {
  await page.evaluate(() => {
    const counts = { asked: 0, released: 0 }
    Object.assign(window, { wakeCounts: counts })
    navigator.wakeLock.request = async () => {
      counts.asked++
      return { release: async () => void counts.released++ } as WakeLockSentinel
    }
  })
  return () => page.evaluate(() => window.wakeCounts)
}

const cell = (page: Page, method: string, column: string) =>
  page.locator(`[data-testid="comparison-row"][data-method="${method}"] [data-column="${column}"]`)
const methodsShown = (page: Page) =>
  page.getByTestId('comparison-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-method')))

const variantsShown = (page: Page) => page.getByTestId('comparison-row').locator('th').allInnerTexts()

test('methods, ranks and seeds are compared, and the table, the curves and the adapters stay', async ({ studio, context }) => {
  test.setTimeout(600_000)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openComparison(studio)
  await expect(studio.getByTestId('compare-bitfit')).toBeDisabled()
  await expect(studio.getByText(/: expected a model with biases/)).toBeVisible()
  await expect(studio.getByTestId('compare-start')).toBeDisabled()
  for (const method of ['lora', 'ia3']) await studio.getByTestId(`compare-${method}`).check()
  await studio.getByTestId('vary-add').click()
  await studio.getByTestId('vary-add').click()
  await studio.getByTestId('vary-setting-1').selectOption('lora.r')
  await fill(studio, { ...few, 'rate-lora': 0.005, 'vary-0': '1, 2', 'vary-1': '2, 0', shots: '0, 4' })
  await expect(studio.getByText('vary lora.r: expected a whole number from 1')).toBeVisible()
  await fill(studio, { 'vary-1': '2, 4' })
  await expect(studio.getByTestId('compare-start')).toHaveText('Train 6 runs')
  expect(await faults(studio)).toEqual([])
  const wake = await watchWakeLock(studio)
  await studio.getByTestId('compare-start').click()
  await expect(studio.getByTestId('comparison-new')).toBeVisible({ timeout: 300_000 })
  await expect.poll(wake).toEqual({ asked: 1, released: 1 })

  expect(await variantsShown(studio)).toEqual([
    'Base without an adapter',
    'base, 4 solved examples',
    'LoRA r 2, seed 1',
    'LoRA r 2, seed 2',
    'LoRA r 2, mean of 2 seeds',
    'LoRA r 4, seed 1',
    'LoRA r 4, seed 2',
    'LoRA r 4, mean of 2 seeds',
    'IA3 seed 1',
    'IA3 seed 2',
    'IA3, mean of 2 seeds',
  ])
  const perplexity = async (method: string) => Number(await cell(studio, method, 'finalPerplexity').first().innerText())
  expect(await perplexity('lora')).toBeLessThan(await perplexity('base'))
  await expect(cell(studio, 'lora', 'finalPerplexity').nth(2)).toHaveText(/^[\d.]+ ± [\d.]+$/)
  await expect(cell(studio, 'base', 'score.functionalF1').nth(1)).toHaveText(/^\d.*% \(\d.*% to \d.*%\)$/)
  await expect(studio.getByTestId('comparison-bars')).toHaveAttribute('data-bars', '5')
  for (const column of [
    'trainableParameters',
    'trainableShare',
    'adapterBytes',
    'peakGpuBytes',
    'tokensPerSecond',
    'seconds',
    'exactMatch',
  ])
    await expect(cell(studio, 'ia3', column).first()).toHaveText(/^\d/)
  await studio.getByRole('button', { name: 'Final perplexity' }).click()
  expect((await methodsShown(studio)).slice(-2)).toEqual(['base', 'base'])
  await expect(studio.getByTestId('chart-loss')).toHaveAttribute('data-points', '3')
  // A part of the axis is drawn to zoom into it, and a double click shows all of it again.
  const plot = studio.getByTestId('chart-loss').locator('.plot')
  // A chart out of sight is not drawn.
  await studio.getByTestId('chart-loss').scrollIntoViewIfNeeded()
  await plot.scrollIntoViewIfNeeded()
  const { x, y, width, height } = (await plot.boundingBox())!
  await studio.mouse.move(x + 0.4 * width, y + 0.5 * height)
  await studio.mouse.down()
  await studio.mouse.move(x + 0.7 * width, y + 0.5 * height, { steps: 4 })
  await expect(plot.locator('.plot-selected')).toBeVisible()
  await studio.mouse.up()
  await expect(studio.getByTestId('zoom-reset')).toBeVisible()
  await studio.mouse.dblclick(x + 0.5 * width, y + 0.5 * height)
  await expect(studio.getByTestId('zoom-reset')).toBeHidden()
  for (const axis of ['Epoch', 'Tokens', 'Time']) {
    await studio.getByRole('group', { name: 'Horizontal axis' }).getByRole('button', { name: axis }).click()
    await studio.getByTestId('chart-evalPerplexity').scrollIntoViewIfNeeded()
    await expect(studio.getByTestId('chart-evalPerplexity').locator('canvas')).toHaveAttribute('data-lines', '6')
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await studio.emulateMedia({ colorScheme })
    expect(await faults(studio)).toEqual([])
  }

  const [download] = await Promise.all([studio.waitForEvent('download'), studio.getByTestId('comparison-csv').click()])
  const csv = await readFile(await download.path(), 'utf8')
  expect(csv.split('\r\n')[0]).toMatch(
    /^method,variant,base,trainable,share,adapter bytes,peak GPU,tokens\/s,tokens\/s spread,seconds,.*,field f1 low,field f1 high,.*seeds/,
  )
  expect(csv).toMatch(/^lora,"LoRA r 2, seed 1",native,17920,0\.021/m)
  expect(csv).toMatch(/^base,"base, 4 solved examples",native,/m)
  await studio.getByTestId('copy-md').click()
  await expect(studio.getByText('Copied as Markdown.')).toBeVisible()
  expect(await studio.evaluate(() => navigator.clipboard.readText())).toMatch(/^\| method \| variant \| base \| trainable \|/)

  await studio.getByRole('button', { name: 'Chat with LoRA r 2, seed 1' }).click()
  await expect(studio.getByTestId('chat-example')).toContainText(/Line \d+ of few\.jsonl\. Expected answer: \S+/)
  await expect(studio.getByTestId('generate-prompt')).not.toHaveValue('')
  await studio.getByTestId('generate-prompt').fill('I need a shop for books.')
  await expect(studio.getByTestId('prompt-lengths')).toHaveText(/^\d+ of 255 tokens$/)
  await studio.locator('input[name="maxTokens"]').fill('4')
  await studio.getByTestId('generate-run').click()
  for (const output of [0, 1])
    await expect(studio.getByTestId('generate-output').nth(output)).toHaveAttribute('data-status', 'done', { timeout: 60_000 })
  await expect(studio.getByTestId('first-difference')).toHaveText(/token \d+: .+ here, .+ there|The same tokens as/)
  await studio.getByRole('group', { name: 'Answer of LoRA r 2, seed 1' }).focus()
  await studio.keyboard.press('ArrowRight')
  await expect(studio.getByRole('list', { name: 'Other likely tokens in its place' }).getByRole('listitem')).toHaveCount(4)
  await expect(studio.locator('#as-prompt-help')).toContainText('gets the prompt followed by a line break')
  await expect(studio.getByText('Prompt format: the prompt followed by a line break.')).toHaveCount(2)

  await studio.locator('a[href="#answers"]').click()
  await studio.getByRole('group', { name: 'Models to ask' }).getByRole('button', { name: 'LoRA r 2, seed 1' }).click()
  await studio.locator('input[name="maxTokens"]').fill('12')
  await studio.getByTestId('answers-start').click()
  await expect(studio.getByTestId('answer-row')).toHaveCount(4, { timeout: 60_000 })
  const scores = studio.getByTestId('answers-scores')
  await expect(scores).toContainText('4 rows of few.jsonl')
  await expect(scores.locator('[data-figure="functionalF1"]')).toContainText(/may be chance|more than chance/)
  await studio.getByRole('group', { name: 'Answer of LoRA r 2, seed 1' }).first().focus()
  await studio.keyboard.press('ArrowRight')
  await expect(studio.getByTestId('answer-row').first().getByRole('status').filter({ hasText: '%' })).toHaveText(/^“.+” [\d.]+%$/)
  for (const colorScheme of ['light', 'dark'] as const) {
    await studio.emulateMedia({ colorScheme })
    expect(await faults(studio)).toEqual([])
  }
  // SQLite is loaded into the worker that judges.
  await scores.getByRole('button', { name: 'SQL result' }).click()
  await expect(scores.locator('[data-figure="sqlResult"]')).toContainText('0.0 %')
  await studio.getByRole('combobox', { name: 'Rows shown' }).selectOption('right')
  await expect(studio.getByTestId('answers-found')).toHaveText('0 of 4 rows')

  // The columns of all runs are what differs between them, beside a baseline; what a person notes is kept.
  await studio.locator('a[href="#train"]').click()
  const rowOf = (name: string) => studio.getByTestId('run-row').filter({ hasText: name })
  await studio.locator('select[name="baseline"]').selectOption({ label: 'LoRA r 2, seed 1' })
  const wide = rowOf('LoRA r 4, seed 1')
  await expect(wide.locator('[data-column="set.r"]')).toHaveText('4')
  await expect(wide.locator('[data-column="finalPerplexity"]').getByTestId('delta')).toHaveText(
    /^[+−][\d.]+ (better|worse) than the baseline$/,
  )
  await expect(studio.locator('[data-column="set.batchSize"]')).toHaveCount(0)
  await expect(studio.locator('.chip', { hasText: 'LoRA r 4, seed 1' })).toContainText('Rank 4')
  await wide.getByRole('button', { name: /^Name, tags and notes of / }).focus()
  await studio.keyboard.press('Enter')
  await studio.keyboard.type('Wide')
  await studio.keyboard.press('Tab')
  await studio.keyboard.type('good, to show')
  expect(await faults(studio)).toEqual([])
  await studio.keyboard.press('Enter')
  await rowOf('Wide').getByRole('button', { name: 'Star Wide' }).click()
  await studio.getByRole('searchbox', { name: 'Find runs' }).fill('show r=4')
  await expect(studio.getByTestId('run-row')).toHaveCount(1)
  expect(await faults(studio)).toEqual([])
  await studio.getByRole('button', { name: 'Use the settings of Wide' }).click()
  await expect(studio.locator('input[name="r"]')).toHaveValue('4')

  await studio.goto('./#compare')
  await studio.reload()
  await expect(studio.getByTestId('comparison-row')).toHaveCount(11)
  await expect(cell(studio, 'ia3', 'finalPerplexity').first()).toHaveText(/^\d/)
  await expect(studio.getByTestId('comparison-row').filter({ hasText: 'to show' })).toContainText('Wide')
  await expect(studio.getByRole('button', { name: 'Star Wide' })).toHaveAttribute('aria-pressed', 'true')
})

test('a comparison is stopped: the adapter so far is kept, the rest does not run', async ({ studio }) => {
  await openComparison(studio)
  for (const method of ['lora', 'ia3', 'prompt-tuning']) await studio.getByTestId(`compare-${method}`).check()
  await fill(studio, { ...few, steps: 5000, exactMatchRows: 0 })
  await studio.getByTestId('compare-start').click()
  await expect(studio.getByTestId('metric-step')).not.toHaveText('0', { timeout: 60_000 })
  await studio.getByTestId('comparison-stop').click()
  await expect(studio.getByTestId('comparison-new')).toBeVisible({ timeout: 60_000 })
  expect(await methodsShown(studio)).toEqual(['base', 'lora'])
  await expect(studio.getByTestId('comparison-row').last()).toHaveAttribute('data-status', 'stopped')
  await expect(studio.getByTestId('download-zip')).toBeVisible()
})
