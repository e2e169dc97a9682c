// Two tabs with the same storage, and runs in it that are of an older version or damaged.
import type { Page } from 'playwright/test'
import { checksumOf } from '../src/storage/checksum'
import { expect, faults, fill, openDemo, test } from './studio'

test('a second tab does not touch a run of the first, and shows it when it ends', async ({ studio, context }) => {
  await openDemo(studio, 4)
  await fill(studio, { steps: 2000, batchSize: 2, warmup: 1, maxLength: 64, evalEvery: 0 })
  await expect(studio.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  await studio.getByTestId('train-start').click()
  await expect(studio.getByTestId('metric-step')).toHaveText(/[1-9]/, { timeout: 90_000 })

  const other = await context.newPage()
  await other.goto('./#train')
  const row = other.getByTestId('run-row')
  await expect(row).toHaveAttribute('data-status', 'elsewhere')
  await expect(row.getByRole('button', { name: 'Delete LoRA 1' })).toBeDisabled()
  await expect(other.getByText('This run is training in another tab')).toBeVisible()
  await studio.getByTestId('stop').click()
  await expect(studio.getByTestId('run-status')).toHaveAttribute('data-status', 'stopped')
  await expect(row).toHaveAttribute('data-status', 'stopped')
  await expect(row.getByTestId('download-zip')).toBeVisible()

  await studio.getByRole('navigation').locator('a[href="#setup"]').click()
  await studio.getByTestId('train-start').click()
  await expect(studio.getByTestId('metric-step')).toHaveText(/[1-9]/, { timeout: 90_000 })
  await other.reload()
  await expect(row.first()).toHaveAttribute('data-status', 'elsewhere')
  await studio.close()
  await expect(row.first()).toHaveAttribute('data-status', 'interrupted')
})

test('a second tab takes a run over with the copies of its model and data, and the queue of the first waits', async ({
  studio,
  context,
}) => {
  await openDemo(studio, 4)
  await fill(studio, { steps: 2000, batchSize: 1, warmup: 1, maxLength: 32, evalEvery: 0 })
  for (const _ of ['LoRA 1', 'LoRA 2']) {
    await studio.getByRole('navigation').locator('a[href="#setup"]').click()
    await expect(studio.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
    await studio.getByTestId('train-start').click()
  }
  await studio.getByRole('navigation').locator('a[href="#train"]').click()
  await expect(studio.getByTestId('run-row')).toHaveCount(2)
  await expect(studio.getByTestId('metric-step')).toHaveText(/[1-9]/, { timeout: 90_000 })

  const other = await context.newPage()
  await other.goto('./#train')
  const rowOf = (page: Page, name: string) =>
    page.getByTestId('run-row').filter({ has: page.getByRole('button', { name: `Delete ${name}` }) })
  await expect(rowOf(other, 'LoRA 1')).toHaveAttribute('data-status', 'elsewhere')
  await expect(other.getByText('This run is training in another tab')).toBeVisible()
  await other.getByTestId('take-over').click()
  await expect(rowOf(other, 'LoRA 1')).toHaveAttribute('data-status', 'training', { timeout: 120_000 })
  await expect(rowOf(studio, 'LoRA 1')).toHaveAttribute('data-status', 'elsewhere')
  await expect(rowOf(studio, 'LoRA 2')).toHaveAttribute('data-status', 'queued')
  await expect(rowOf(other, 'LoRA 2')).toHaveAttribute('data-status', 'elsewhere')

  await rowOf(studio, 'LoRA 2').getByRole('button', { name: 'Delete LoRA 2' }).click()
  await studio.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(rowOf(other, 'LoRA 2')).toHaveCount(0)
  await other.getByTestId('stop').click()
  for (const page of [studio, other]) await expect(rowOf(page, 'LoRA 1')).toHaveAttribute('data-status', 'stopped', { timeout: 60_000 })
})

test('a run of an older version is shown, a damaged one is named and stays', async ({ studio }) => {
  const old = { run: { id: 'old', name: 'An old run', status: 'finished', config: { method: 'lora' }, model: { name: 'tiny' } } }
  const records = {
    'run/old': { version: 1, checksum: await checksumOf(old), run: old },
    'run/torn': { version: 1, checksum: 'another', run: old },
    'run/odd': 'no record at all',
  }
  await studio.evaluate(
    (records) =>
      new Promise<void>((done, fail) => {
        const opening = indexedDB.open('tabtune')
        opening.addEventListener('error', () => fail(opening.error))
        opening.addEventListener('success', () => {
          const writing = opening.result.transaction('runs', 'readwrite')
          for (const [key, value] of Object.entries(records)) writing.objectStore('runs').put(value, key)
          writing.addEventListener('complete', () => (opening.result.close(), done()))
        })
      }),
    records,
  )
  for (const view of ['train', 'library']) {
    await studio.goto(`./#${view}`)
    await studio.reload()
    await expect(studio.getByText('An old run').first()).toBeVisible()
  }
  await expect(studio.getByTestId('library-card')).toHaveCount(1)
  const unreadable = studio.getByTestId('unreadable-run')
  await expect(unreadable).toContainText([/^run odd: expected the bytes that were kept/, /^run torn: expected the bytes that were kept/])
  expect(await faults(studio)).toEqual([])
  await unreadable.last().getByRole('button', { name: 'Delete what is left' }).click()
  await studio.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  // The row disappears from the page when the deletion is written. If the page is reloaded earlier, the run is still there.
  await expect(unreadable).toHaveCount(1)
  await studio.reload()
  await expect(unreadable).toHaveCount(1)
})
