// The whole workflow: drops a model and data, trains, checks that the loss falls, reloads, finds the run, downloads it and opens the files.
import { readFile, writeFile } from 'node:fs/promises'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright/test'
import { type Material, curveHeights, drop, expect, materials, test } from './studio'

const steps = 20

async function chooseLora(page: Page, maxLength: number): Promise<void> {
  await page.getByTestId('method-select').selectOption('lora')
  const settings = { steps, warmup: 2, learningRate: 0.005, maxLength }
  for (const [name, value] of Object.entries(settings)) await page.locator(`input[name="${name}"]`).fill(String(value))
  await page.keyboard.press('Tab')
}

/** The names, dtypes and shapes in a safetensors file. Checks that the tensors fill the file exactly. */
function safetensorsHeader(bytes: Uint8Array): Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const { __metadata__: _, ...tensors } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))
  const end = Math.max(...Object.values<{ data_offsets: number[] }>(tensors).map((tensor) => tensor.data_offsets[1]))
  expect(8 + length + end).toBe(bytes.length)
  return tensors
}

function checkAdapter(files: Record<string, Uint8Array>): void {
  const find = (name: string): Uint8Array => {
    const path = Object.keys(files).find((path) => path === name || path.endsWith(`/${name}`))
    expect(path, `${name} among ${Object.keys(files).join(', ')}`).toBeDefined()
    return files[path!]
  }
  const config = JSON.parse(new TextDecoder().decode(find('adapter_config.json')))
  expect(config).toMatchObject({ peft_type: 'LORA', task_type: 'CAUSAL_LM' })
  expect(new TextDecoder().decode(find('README.md')).length).toBeGreaterThan(100)
  const tensors = safetensorsHeader(find('adapter_model.safetensors'))
  const names = Object.keys(tensors)
  expect(names.length).toBeGreaterThan(0)
  for (const name of names) {
    expect(name).toMatch(/^base_model\.model\.model\.layers\.\d+\.\w+\.\w+\.lora_[AB]\.weight$/)
    const { shape } = tensors[name]
    expect(shape[name.includes('lora_A') ? 0 : 1]).toBe(config.r)
  }
  expect(names.filter((name) => name.includes('lora_A'))).toHaveLength(names.length / 2)
}

/** Chooses a separate evaluation file of a few rows, since the software adapter would take minutes for the rows held out by default. */
async function evaluateOnFew(page: Page, data: string): Promise<void> {
  const path = test.info().outputPath('few.jsonl')
  await writeFile(path, (await readFile(data, 'utf8')).split('\n').slice(0, 16).join('\n'))
  await page.getByTestId('eval-input').setInputFiles(path)
  await expect(page.getByText('few.jsonl').first()).toBeVisible()
}

async function walk(page: Page, { model, data, maxLength }: Material): Promise<void> {
  await drop(page, model)
  await expect(page.getByTestId('model-summary')).toContainText(/llama/i, { timeout: 60_000 })
  await drop(page, [data])
  await expect(page.getByTestId('data-summary')).toContainText(/\d/, { timeout: 60_000 })
  await evaluateOnFew(page, data)
  await chooseLora(page, maxLength)
  // The tokenizer of TinyStories has no token for brackets, so the page asks whether to continue without them.
  await expect(page.getByTestId('train-start')).toHaveText(/Start training|unknown characters/, { timeout: 60_000 })
  const consent = page.getByTestId('accept-unknown')
  if (await consent.isVisible()) await consent.click()
  await expect(page.getByTestId('train-start')).toBeEnabled({ timeout: 60_000 })
  await page.getByTestId('train-start').click()

  await expect(page.getByTestId('run-status')).toHaveAttribute('data-status', 'finished', { timeout: 200_000 })
  await expect(page.getByTestId('metric-step')).toHaveText(String(steps))
  await expect(page.getByTestId('metric-evalPerplexity')).toHaveText(/^\d/)
  await expect(page.getByTestId('chart-loss')).toHaveAttribute('data-points', String(steps))
  const heights = await curveHeights(page, 'loss')
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(heights.length).toBe(steps)
  expect(mean(heights.slice(-5)), 'the end of the loss curve lies below its start').toBeGreaterThan(mean(heights.slice(0, 5)) + 20)

  const id = await page.getByTestId('run-row').first().getAttribute('data-run')
  await page.reload()
  await page.getByRole('navigation').locator('a[href="#train"]').click()
  const row = page.locator(`[data-testid="run-row"][data-run="${id}"]`)
  await expect(row).toHaveAttribute('data-status', 'finished')
  await expect(page.getByTestId('chart-loss')).toHaveAttribute('data-points', String(steps))
  const [download] = await Promise.all([page.waitForEvent('download'), row.getByTestId('download-zip').click()])
  expect(download.suggestedFilename()).toMatch(/\.zip$/)
  checkAdapter(unzipSync(await readFile(await download.path())))
}

test(`a Hugging Face folder: ${materials.folder.what}`, async ({ studio }) => {
  await walk(studio, materials.folder)
})

test(`a GGUF file: ${materials.gguf.what}`, async ({ studio }) => {
  test.skip(materials.gguf.replaced, `${materials.gguf.what}, and the test of a folder has trained it`)
  await walk(studio, materials.gguf)
})
