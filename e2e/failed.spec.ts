// A run whose loss becomes NaN: the adapter of its last good step is kept, downloaded and used. Also the link to a method's paper.
import { readFile } from 'node:fs/promises'
import { unzipSync } from 'fflate'
import { expect, fill, openDemo, test } from './studio'

/** Every value of an F32 safetensors file. */
function values(file: Uint8Array): Float32Array {
  const header = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  return new Float32Array(file.slice(8 + header).buffer)
}

test('a run that ends in NaN keeps its last good adapter', async ({ studio }) => {
  await openDemo(studio, 4)
  await fill(studio, { steps: 200, batchSize: 2, warmup: 0, maxLength: 64, learningRate: 10, clip: 0, evalEvery: 0 })
  await expect(studio.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  await studio.getByTestId('train-start').click()
  await expect(studio.getByTestId('run-status')).toHaveAttribute('data-status', 'failed', { timeout: 120_000 })
  await expect(studio.getByTestId('error-message')).toContainText(
    /Training stopped at step \d+: the .+ is .+ The weights are as they were before/,
  )
  await studio.getByRole('navigation').locator('a[href="#play"]').click()
  await studio.getByRole('textbox', { name: 'Prompt' }).fill('Where is the lighthouse?')
  await studio.getByLabel('Max new tokens').fill('8')
  await studio.getByRole('button', { name: 'Generate' }).click()
  await expect(studio.getByText(/^\d+ tokens, .* tokens\/s/)).toHaveCount(2, { timeout: 120_000 })
  await studio.reload()
  await studio.getByRole('navigation').locator('a[href="#library"]').click()
  const card = studio.getByTestId('library-card')
  await expect(card).toHaveAttribute('data-status', 'failed')
  const [download] = await Promise.all([studio.waitForEvent('download'), card.getByTestId('download-zip').click()])
  const files = unzipSync(await readFile(await download.path()))
  const weights = values(files[Object.keys(files).find((path) => path.endsWith('adapter_model.safetensors'))!]!)
  expect(weights.length).toBeGreaterThan(1000)
  expect(weights.every(Number.isFinite)).toBe(true)
})

test("a method's paper opens in its own tab", async ({ studio, context }) => {
  await context.route('https://arxiv.org/**', (route) => route.fulfill({ body: 'an abstract' }))
  await openDemo(studio, 4)
  const [paper] = await Promise.all([context.waitForEvent('page'), studio.getByRole('link', { name: 'Paper' }).click()])
  await expect(paper).toHaveURL('https://arxiv.org/abs/2106.09685')
  await expect(paper.getByText('an abstract')).toBeVisible()
})
