// Numbers with separators as in the reader's language: they are read as meant, or the page asks; they are never read as another number.
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { root } from '../src/cli/node/cache.mjs'
import { drop, expect, faults, openDemo, test } from './studio'

const files = ['config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']

async function openModel(page: Page): Promise<void> {
  await expect(page.getByTestId('demo-button')).toBeEnabled()
  await drop(
    page,
    files.map((name) => join(root, 'public', 'demo', name)),
  )
  await expect(page.locator('input[name="steps"]')).toBeVisible({ timeout: 60_000 })
}

const field = (page: Page, name: string) => page.locator('.field', { has: page.locator(`input[name="${name}"]`) })

test('1,000 is a thousand in whole numbers, budgets and rates', async ({ studio }) => {
  await openModel(studio)
  const steps = studio.locator('input[name="steps"]')
  await steps.fill('1,000')
  await expect(field(studio, 'steps')).toContainText('1,000 is read as 1000.')
  await expect(studio).toHaveURL(/[?&]steps=1000(&|$)/)
  await steps.blur()
  await expect(steps).toHaveValue('1000')
  await steps.fill('1.000')
  await expect(field(studio, 'steps')).toContainText('1.000 could be 1000 or 1. Please write the one you mean.')
  await expect(steps).toHaveAttribute('aria-invalid', 'true')
  await expect(studio.getByTestId('train-start')).toBeDisabled()
  await expect(studio.getByTestId('train-start')).toHaveText('Choose a dataset')
  expect(await faults(studio)).toEqual([])
  await steps.fill('12.5')
  await expect(field(studio, 'steps')).toContainText('Please enter a whole number from 0 to 10000000.')
  await steps.fill('abc')
  await expect(field(studio, 'steps')).toContainText('“abc” is not a number. Please enter a whole number such as 100.')
  await steps.fill('20')

  await studio.getByText('Show advanced settings').click()
  await studio.locator('input[name="memoryBudget"]').fill('1,500')
  await expect(field(studio, 'memoryBudget')).toContainText('1,500 is read as 1500.')
  await studio.locator('input[name="learningRate"]').fill('1,000')
  await expect(field(studio, 'learningRate')).toContainText('1,000 is read as 1000.')
  await expect(field(studio, 'learningRate')).toContainText('Please enter a number from 0 to 10.')
  await studio.locator('input[name="learningRate"]').fill('0,002')
  await expect(studio).toHaveURL(/learningRate=0.002&.*memoryBudget=1500/)
})

test.describe('in a German browser', () => {
  test.use({ locale: 'de-DE' })
  test('1.000 is a thousand, and a rate has a comma', async ({ studio }) => {
    await openModel(studio)
    await expect(studio.locator('input[name="learningRate"]')).toHaveValue(/^0,0\d+$/)
    await studio.locator('input[name="steps"]').fill('1.000')
    await expect(field(studio, 'steps')).toContainText('1.000 is read as 1000.')
    await studio.locator('input[name="learningRate"]').fill('0,125')
    await expect(studio).toHaveURL(/learningRate=0.125&steps=1000/)
    await studio.locator('input[name="warmup"]').fill('1,000')
    await expect(field(studio, 'warmup')).toContainText('1,000 could be 1000 or 1.')
  })
})

test('the run bar names the setting that is wrong and goes there', async ({ studio }) => {
  await openDemo(studio, 4)
  await studio.getByText('Show advanced settings').click()
  await studio.locator('input[name="weightDecay"]').fill('11')
  await studio.getByText('Show advanced settings').click()
  await studio.evaluate(() => window.scrollTo({ top: 0 }))
  await expect(studio.getByTestId('train-start')).toHaveText('Correct Weight decay', { timeout: 60_000 })
  const bar = studio.locator('.run-bar')
  await expect(bar.getByTestId('error-message')).toHaveText('Weight decay: expected a number from 0 to 10.')
  await bar.getByTestId('go-to-weightDecay').click()
  await expect(studio.locator('input[name="weightDecay"]')).toBeFocused()
  await expect(studio.locator('input[name="weightDecay"]')).toBeInViewport()
  await studio.keyboard.press('Control+a')
  await studio.keyboard.type('0.1')

  // No run fits into this budget: the page shows the engine's sentence, links to the settings that it names, and the changes that help.
  await studio.locator('input[name="memoryBudget"]').fill('1')
  await expect(bar.getByTestId('error-message')).toContainText('This run takes at least', { timeout: 60_000 })
  expect(await faults(studio)).toEqual([])
  for (const name of ['batchSize', 'maxLength', 'memoryBudget']) {
    await bar.getByTestId(`go-to-${name}`).click()
    await expect(studio.locator(`input[name="${name}"]`)).toBeFocused()
  }
  await bar.getByRole('button', { name: /^A memory budget of \d+ MiB$/ }).click({ timeout: 60_000 })
  await expect(studio.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  await expect(bar.getByTestId('run-fitted')).toContainText('The result is the same up to rounding.')
})
