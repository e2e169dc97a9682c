// Two tabs list the same copies, and a run is taken over with copies that were made after the tab was opened.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { drop, expect, fill, openDemo, shared, test } from './studio'

const otherModel = join(shared, 'models', 'TinyStories-656K')

test('a tab takes a run over with copies that another tab has made, and asks before it replaces a model that is not kept', async ({
  studio,
  context,
}) => {
  test.skip(!existsSync(otherModel), `${otherModel} is absent`)
  await studio.goto('./#library')
  await studio.getByRole('checkbox', { name: /without asking/ }).uncheck()
  await drop(studio, [otherModel])
  await studio.goto('./#setup')
  await expect(studio.getByTestId('model-summary')).toContainText(/\d/, { timeout: 60_000 })

  const other = await context.newPage()
  await other.goto('./#library')
  await other.getByRole('checkbox', { name: /without asking/ }).check()
  await other.goto('./#setup')
  await openDemo(other, 4)
  await fill(other, { steps: 2000, batchSize: 1, warmup: 1, maxLength: 32, evalEvery: 0 })
  await expect(other.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  await other.getByTestId('train-start').click()
  await expect(other.getByTestId('metric-step')).toHaveText(/[1-9]/, { timeout: 90_000 })

  await studio.goto('./#library')
  await expect(studio.getByTestId('kept-item')).toHaveCount(3)
  await studio.goto('./#train')
  await studio.getByTestId('take-over').click()
  const question = studio.getByRole('dialog')
  await expect(question).toContainText('Close the model TinyStories-656K?')
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(other.getByTestId('run-row')).toHaveAttribute('data-status', 'training')
  await studio.getByTestId('take-over').click()
  await question.getByRole('button', { name: /^Open / }).click()
  await expect(studio.getByTestId('run-row')).toHaveAttribute('data-status', 'training', { timeout: 120_000 })

  await other.goto('./#library')
  const data = (page: typeof studio) => page.locator('[data-testid="kept-item"][data-kind="data"]')
  await data(other)
    .first()
    .getByRole('button', { name: /^Delete the copy/ })
    .click()
  await other.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await studio.goto('./#library')
  await expect(data(studio)).toHaveCount(1)

  await studio.close()
  await other.goto('./#train')
  const row = other.getByTestId('run-row')
  await expect(row).toHaveAttribute('data-status', 'interrupted')
  await expect(row.getByTestId('resume-run')).toBeVisible()
  await row.getByTestId('resume-run').click()
  await expect(row).toHaveAttribute('data-status', 'training', { timeout: 120_000 })
  await other.getByTestId('stop').click()
  await expect(row).toHaveAttribute('data-status', 'stopped', { timeout: 60_000 })
})
