// Messages above a view: errors and notices look different, and neither appears in other views.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { madeZip } from '../src/testing/made-zip'
import { root } from '../src/cli/node/cache.mjs'
import { drop, expect, faults, test } from './studio'

async function open(page: Page, view: string): Promise<void> {
  await page.getByRole('navigation').locator(`a[href="#${view}"]`).click()
  await expect(page.locator(`a[href="#${view}"][aria-current="page"]`)).toBeVisible()
}

test('errors and notices look different and stay in their view', async ({ studio }) => {
  const stray = test.info().outputPath('holiday.ics')
  await writeFile(stray, 'no model, no data')
  await open(studio, 'compare')
  await drop(studio, [stray])
  const error = studio.getByTestId('error-message')
  await expect(error).toContainText('None of these files is a model')
  await expect(error).toHaveClass(/notice-error/)
  await open(studio, 'library')
  await expect(error).toHaveCount(0)
  await open(studio, 'compare')
  await expect(error).toHaveCount(0)

  await drop(studio, [stray, join(root, 'public', 'demo', 'train.jsonl')])
  const notice = studio.getByText('Ignored: holiday.ics.')
  await expect(studio.locator('a[href="#setup"][aria-current="page"]')).toBeVisible()
  await expect(notice).toBeVisible()
  await expect(studio.locator('.notice-error')).toHaveCount(0)
  expect(await faults(studio)).toEqual([])
  await open(studio, 'play')
  await expect(notice).toHaveCount(0)
  await open(studio, 'setup')
  await expect(notice).toHaveCount(0)
})

test('zips are read in a worker that ends with its answer, and hostile ones are refused', async ({ studio }) => {
  // The engine's worker is there. Without a model, the page starts no others but those that unzip.
  await expect.poll(() => studio.workers().length).toBe(1)
  let started = 0
  studio.on('worker', () => started++)
  const dropped = async (name: string, ...made: Parameters<typeof madeZip>) => {
    const zip = test.info().outputPath(name)
    await writeFile(zip, madeZip(...made))
    await drop(studio, [zip])
  }
  const file = (text: string) => ({ path: 'mine/adapter_config.json', bytes: new TextEncoder().encode(text), deflated: true })
  await dropped('bomb.zip', [file('{}'), { ...file('{}'), path: 'mine/more.json', shared: true }])
  const error = studio.getByTestId('error-message')
  await expect(error).toContainText('bomb.zip: expected a zip of plain files, got several files over the same bytes.')
  await dropped('flipped.zip', [{ ...file('{"r": 8}'), crc: 1 }])
  await expect(error).toContainText('got mine/adapter_config.json damaged (its checksum differs).')
  await dropped('good.zip', [file('{"r": 8}')])
  await expect(studio.getByText('mine will be read when the base model is loaded.')).toBeVisible()
  expect(started).toBe(3)
  await expect.poll(() => studio.workers().length).toBe(1)
})
