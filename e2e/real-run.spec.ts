// A real model all the way on the page: the first steps of PEFT's run on SmolLM2, whose adapter is then saved, found again after a reload,
// downloaded, and asked beside its base. 20 steps take half an hour or more on a software adapter, so this runs only if it is asked for:
//   TABTUNE_REAL_STEPS=20 npx playwright test --config e2e/playwright.config.ts real-run
// TABTUNE_REAL_LOSSES=FILE also compares the losses with the lines that `tabtune train` printed for the same run (docs/real-model.md).
// TABTUNE_REAL_PICTURES=DIR writes pictures of what a person sees.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright/test'
import { drop, expect, fill, recordedLosses, shared, test } from './studio'

const { TABTUNE_REAL_STEPS: asked, TABTUNE_REAL_LOSSES: losses, TABTUNE_REAL_PICTURES: pictures } = process.env
const steps = Number(asked ?? 0)
const folder = join(shared, 'models', 'SmolLM2-135M-Instruct')
/** Two minutes for a step, and as much for all that is around them. */
const waitMs = (steps + 10) * 120_000

async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

/** Prints how long it took since `from`, a time in ms since the epoch. */
const say = (what: string, from: number) => process.stdout.write(`${what} ${((Date.now() - from) / 1000).toFixed(1)} s\n`)

const furthest = (got: readonly number[], want: readonly number[]) => Math.max(...got.map((loss, i) => Math.abs(loss - want[i]!)))

/** Opens the model, keeps a copy of it, and opens PEFT's rows and start. */
async function open(page: Page): Promise<void> {
  const dropped = Date.now()
  await drop(page, [join(folder, 'SmolLM2-135M-Instruct.Q4_1.gguf')])
  await expect(page.getByTestId('model-summary')).toContainText(/llama/i, { timeout: 300_000 })
  say('model opens in', dropped)
  await page.getByRole('button', { name: 'Keep a copy', exact: true }).click({ timeout: 300_000 })
  await expect(page.getByTestId('copy-model')).toHaveText(/^A copy is kept/, { timeout: 300_000 })
  const given = Date.now()
  await drop(page, [join(folder, 'train_rows.jsonl')])
  await expect(page.getByTestId('data-summary')).toContainText(/\d/, { timeout: 300_000 })
  say('rows read in', given)
  // With held-out rows of their own, all rows of the file are trained on, in their order. One is enough, because they take time too.
  const buffer = Buffer.from(readFileSync(join(folder, 'test_rows.jsonl'), 'utf8').split('\n')[0]!)
  await page.getByTestId('eval-input').setInputFiles({ name: 'held-out.jsonl', mimeType: 'application/jsonl', buffer })
  await expect(page.getByText('held-out.jsonl').first()).toBeVisible({ timeout: 300_000 })
  await expect(page.getByTestId('train-start')).toBeEnabled({ timeout: 300_000 })
  await picture(page, 'opened')
  await drop(page, [join(folder, 'start')])
  await expect(page.getByTestId('import-notice')).toContainText('start', { timeout: 300_000 })
}

/** The settings of PEFT's 200 steps (../shared/tools/real.py, `curve`). */
async function setUp(page: Page): Promise<void> {
  await page.goto('./#library')
  await page.getByTestId('library-card').first().getByRole('button', { name: 'Train further' }).click()
  await expect(page.getByTestId('going-on')).toContainText('start')
  await page.getByText('Show advanced settings').click()
  const numbers = { learningRate: 0.0005, steps: 200, batchSize: 2, accumulate: 4, maxLength: 192, warmup: 10, clip: 1, weightDecay: 0.01 }
  await fill(page, { ...numbers, evalEvery: 0, seed: 0 })
  await page.locator('select[name="schedule"]').selectOption('linear')
  await page.locator('input[name="decayAll"]').check()
  await page.locator('input[name="shuffle"]').uncheck()
}

test('SmolLM2 trains as in Node and PEFT, and its adapter outlives a reload and answers beside its base', async ({ studio }) => {
  test.skip(!asked, 'TABTUNE_REAL_STEPS says how many steps; 20 take half an hour')
  test.skip(!existsSync(folder), `${folder} is not on this machine`)
  test.setTimeout(waitMs)
  await studio.setViewportSize({ width: 1120, height: 760 })
  await open(studio)
  await setUp(studio)
  await expect(studio.getByTestId('train-start')).toBeEnabled({ timeout: 300_000 })
  await studio.locator('input[name="learningRate"]').scrollIntoViewIfNeeded()
  await picture(studio, 'settings')
  const started = Date.now()
  await studio.getByTestId('train-start').click()
  const shownStep = async () => Number(await studio.getByTestId('metric-step').innerText())
  await expect.poll(shownStep, { timeout: waitMs, intervals: [200] }).toBeGreaterThan(0)
  say('first step after', started)
  await expect.poll(shownStep, { timeout: waitMs, intervals: [1000] }).toBeGreaterThanOrEqual(steps)
  await picture(studio, 'training')
  await studio.getByTestId('stop').click()
  await expect(studio.getByTestId('run-status')).toHaveAttribute('data-status', 'stopped', { timeout: 300_000 })

  const [all] = await recordedLosses(studio, 'stopped')
  const got = all!.slice(0, steps)
  const { losses: peft } = JSON.parse(readFileSync(join(folder, 'curve.json'), 'utf8')) as { losses: number[] }
  const said = got.map((loss) => loss.toFixed(6)).join(' ')
  process.stdout.write(`${got.length} steps, losses ${said}; furthest from PEFT ${furthest(got, peft)}\n`)
  expect(got).toHaveLength(steps)
  expect(Math.abs(got[0]! - peft[0]!)).toBeLessThan(2e-5)
  expect(furthest(got, peft)).toBeLessThan(2e-3)
  if (losses) {
    const lines = readFileSync(losses, 'utf8').split('\n')
    const node = lines.filter((line) => line.startsWith('{"step"')).map((line) => (JSON.parse(line) as { loss: number }).loss)
    process.stdout.write(`furthest from Node ${furthest(got, node)}\n`)
    expect(furthest(got, node)).toBeLessThan(2e-5)
  }

  await studio.reload()
  await studio.goto('./#library')
  await studio
    .locator('[data-testid="kept-item"][data-kind="model"]')
    .getByRole('button', { name: /^Open / })
    .click()
  await expect(studio.getByTestId('model-summary')).toContainText(/llama/i, { timeout: 300_000 })
  await studio.goto('./#library')
  const card = studio.locator('[data-testid="library-card"][data-status="stopped"]')
  await card.scrollIntoViewIfNeeded()
  await picture(studio, 'library')
  const [download] = await Promise.all([studio.waitForEvent('download'), card.getByTestId('download-zip').click()])
  const files = Object.keys(unzipSync(await readFile(await download.path()))).map((path) => path.replace(/^.*\//, ''))
  for (const name of ['adapter_config.json', 'adapter_model.safetensors', 'adapter.gguf']) expect(files).toContain(name)

  const { instruction, input } = JSON.parse(readFileSync(join(folder, 'test.jsonl'), 'utf8').split('\n')[0]!) as Record<string, string>
  await card.getByRole('button', { name: 'Chat with it' }).click()
  await studio.getByTestId('generate-prompt').fill(`${instruction}\n${input}`)
  await studio.locator('input[name="maxTokens"]').fill('40')
  await studio.getByTestId('generate-run').click()
  const answers = studio.getByTestId('generate-output')
  await expect(answers).toHaveCount(2)
  for (const column of [0, 1]) {
    await expect(answers.nth(column)).toHaveAttribute('data-status', 'done', { timeout: 600_000 })
    expect((await answers.nth(column).innerText()).length).toBeGreaterThan(10)
  }
  await answers.first().scrollIntoViewIfNeeded()
  await picture(studio, 'chat')
})
