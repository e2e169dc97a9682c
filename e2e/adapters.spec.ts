// Adapters on the page: downloaded and dropped again (also as PEFT writes them), exported and brought home, evaluated, combined, merged,
// trained further. Also settings in the address.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright/test'
import { comeHome, sendOut } from './elsewhere'
import { drop, expect, faults, fill, openDemo, test } from './studio'

const few = { steps: 3, batchSize: 2, warmup: 1, maxLength: 64, learningRate: 0.005 }

async function train(page: Page, runs: number): Promise<number> {
  await expect(page.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  await page.getByTestId('train-start').click()
  await expect(page.getByTestId('run-row')).toHaveCount(runs)
  await expect(page.getByTestId('run-status')).toHaveAttribute('data-status', 'finished', { timeout: 120_000 })
  return Number(await page.getByTestId('metric-evalPerplexity').innerText())
}

/** A folder as PEFT writes it, with only its two files. */
async function peftFolder(name: string, files: Record<string, Uint8Array>, change: (config: string) => string = (c) => c): Promise<string> {
  const folder = test.info().outputPath(name)
  await mkdir(folder, { recursive: true })
  const find = (file: string) => files[Object.keys(files).find((path) => path.endsWith(`/${file}`))!]
  await writeFile(join(folder, 'adapter_config.json'), change(new TextDecoder().decode(find('adapter_config.json'))))
  await writeFile(join(folder, 'adapter_model.safetensors'), find('adapter_model.safetensors'))
  return folder
}

async function evaluated(page: Page, card: number): Promise<number> {
  const shown = page.getByTestId('library-card').nth(card)
  await shown.getByRole('button', { name: 'Evaluate' }).click()
  const value = shown.getByText(/ on few\.jsonl$/)
  await expect(value).toBeVisible({ timeout: 60_000 })
  return parseFloat(await value.innerText())
}

test('an adapter is downloaded and dropped again, combined, merged and trained further', async ({ studio }) => {
  await openDemo(studio, 4)
  await fill(studio, few)
  const perplexity = await train(studio, 1)
  const [download] = await Promise.all([studio.waitForEvent('download'), studio.getByTestId('download-zip').click()])
  const zip = test.info().outputPath('mine.zip')
  await download.saveAs(zip)
  const files = unzipSync(await readFile(zip))

  await comeHome(studio, await sendOut(studio), files)
  await drop(studio, [zip])
  await expect(studio.getByTestId('import-notice')).toBeVisible()
  // The adapter is back with its run, and can be renamed.
  const back = studio.getByTestId('library-card').first()
  await expect(back.locator('.sparkline')).toBeVisible()
  await back.getByRole('button', { name: /^Name, tags and notes of / }).click()
  await studio.getByLabel(/^Name of /).fill('back again')
  await studio.keyboard.press('Enter')
  await expect(back.getByRole('heading')).toContainText('back again')
  await drop(studio, [await peftFolder('from-peft', files)])
  await expect(studio.getByTestId('import-notice')).toContainText('from-peft')
  await expect(studio.getByTestId('library-card')).toHaveCount(5)
  expect(await evaluated(studio, 0)).toBe(perplexity)

  // Half of the adapter plus half of the same adapter is the adapter again.
  await studio.getByTestId('combine').locator('summary').click()
  await studio.getByTestId('combine-run').click()
  await expect(studio.getByTestId('library-card')).toHaveCount(6)
  await expect(studio.getByTestId('library-card').first()).toHaveAttribute('data-status', 'combined')
  expect(await evaluated(studio, 0)).toBeCloseTo(perplexity, 0)

  await drop(studio, [await peftFolder('misfit', files, (config) => config.replace('"r": 8', '"r": 4'))])
  await expect(studio.getByTestId('error-message')).toContainText(/adapter: expected .* should be \[4, 128\] and is \[8, 128\]/)
  await expect(studio.getByTestId('library-card')).toHaveCount(6)
  await studio.getByTestId('error-message').getByRole('button').click()

  const card = studio.getByTestId('library-card').nth(1)
  await card.getByTestId('merge-open').click()
  await card.getByTestId('merge-form').selectOption('f32')
  expect(await faults(studio)).toEqual([])
  const [merged] = await Promise.all([studio.waitForEvent('download'), card.getByTestId('merge-run').click()])
  const whole = test.info().outputPath('merged.zip')
  await merged.saveAs(whole)
  expect(Object.keys(unzipSync(await readFile(whole))).map((path) => path.split('/').pop())).toContain('model.safetensors')

  await card.getByRole('button', { name: 'Train further' }).click()
  await expect(studio.getByTestId('going-on')).toContainText('from-peft')
  await expect(studio.locator('input[name="r"]')).toBeDisabled()
  await expect(studio.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  expect(await faults(studio)).toEqual([])
  await fill(studio, { ...few, steps: 2 })
  expect(await train(studio, 5)).toBeLessThan(perplexity)

  // The merged model contains the adapter, so before any training it is as good as the adapter was.
  await drop(studio, [whole])
  await expect(studio.getByTestId('model-summary')).toContainText('F32', { timeout: 60_000 })
  await studio.getByRole('button', { name: 'Start from scratch instead' }).click()
  await fill(studio, { steps: 1, learningRate: 0 })
  expect(await train(studio, 6)).toBeCloseTo(perplexity, 0)
})

test('settings are read from the address and copied into it', async ({ studio, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await studio.goto('./#setup?method=ia3&seed=7&steps=12&batchSize=none')
  await studio.reload()
  await expect(studio.getByTestId('link-notice')).toContainText('filled in when you load a model')
  await openDemo(studio, 4)
  await expect(studio.getByTestId('method-select')).toHaveValue('ia3')
  await expect(studio.locator('input[name="seed"]')).toHaveValue('7')
  await expect(studio.getByTestId('link-notice')).toContainText('batchSize')
  await fill(studio, { batchSize: 3 })
  await expect(studio).toHaveURL(/#setup\?method=ia3&steps=12&batchSize=3&.*seed=7$/)
  await studio.getByTestId('copy-link').click()
  await expect(studio.getByText('Link copied.')).toBeVisible()
  expect(await studio.evaluate(() => navigator.clipboard.readText())).toBe(studio.url())
})
