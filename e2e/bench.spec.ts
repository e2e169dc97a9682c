// Measures the device on the page and copies the tables.
import type { BenchReport } from '../src/config/bench-report'
import { expect, faults, test } from './studio'

test('the device is measured, and the tables can be copied', async ({ studio, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await studio.goto('./#bench')
  await studio.getByTestId('bench-extent').selectOption('quick')
  await studio.getByTestId('bench-only').fill('RMS norm')
  await studio.getByTestId('bench-start').click()
  await expect(studio.getByTestId('bench-progress')).toBeVisible()
  await expect(studio.getByTestId('bench-json')).toBeVisible({ timeout: 120_000 })
  await expect(studio.getByTestId('bench-table')).toHaveCount(2)

  const copied = async (button: string): Promise<string> => {
    await studio.getByTestId(button).click()
    await expect(studio.getByText('Copied.')).toBeVisible()
    return studio.evaluate(() => navigator.clipboard.readText())
  }
  const report = JSON.parse(await copied('bench-json')) as BenchReport
  expect(report.ceilings!.multiplyAddGflops).toBeGreaterThan(0)
  expect(report.kernels.map((k) => k.kernel)).toEqual(['RMS norm', 'RMS norm backward'])
  for (const kernel of report.kernels) expect(kernel.gbps).toBeGreaterThan(0)
  const markdown = await copied('bench-markdown')
  expect(markdown).toContain(report.adapter)
  expect(markdown).toMatch(/^\| RMS norm backward \| 512 × 512 \|/m)
  expect(await faults(studio)).toEqual([])
})

test('measuring can be stopped and started again; the cost of a token by size has one chart per axis', async ({ studio }) => {
  const stop = async () => {
    await studio.getByTestId('bench-stop').click()
    await expect(studio.getByText('Stopped.')).toBeVisible({ timeout: 60_000 })
    await expect(studio.getByTestId('bench-start')).toBeEnabled()
  }
  await studio.goto('./#bench')
  await studio.getByTestId('bench-extent').selectOption('quick')
  await studio.getByTestId('bench-only').fill('product')
  await studio.getByTestId('bench-start').click()
  await expect(studio.getByTestId('bench-progress')).toContainText('product', { timeout: 60_000 })
  await stop()

  await studio.getByTestId('bench-extent').selectOption('size')
  await expect(studio.getByTestId('bench-only')).toBeHidden()
  await studio.getByTestId('bench-start').click()
  const chart = studio.getByTestId('sweep-chart').first()
  await expect(chart).toContainText('Cost of a token with layers', { timeout: 120_000 })
  await chart.scrollIntoViewIfNeeded()
  await expect(chart.locator('canvas')).toHaveAttribute('data-lines', '2')
  await stop()
})
